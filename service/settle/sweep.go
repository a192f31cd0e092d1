package settle

import (
	"context"
	"time"

	"smtpgateway/data"
)

// Sweep removes .BAD files and their reasons when their time is over: as long as the bytes of a failed message are kept
// (keep.bodies_days), its file is. Files that we did not set aside stay. It gives the number of files.
func (s *Settler) Sweep(ctx context.Context, settings data.Settings) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.begin()
	defer h.end()
	if h.open() == nil || settings.KeepBodiesDays <= 0 {
		return 0, h.Folder
	}
	n, err := h.folder.DropOld(ctx, s.o.Now().Add(-time.Duration(settings.KeepBodiesDays)*24*time.Hour))
	if n > 0 {
		h.linef(data.JournalIntake, 0, 0, "%d .BAD files older than %d days were removed.", n, settings.KeepBodiesDays)
		if noteErr := s.o.Store.Note(ctx, h.lines...); err == nil {
			err = noteErr
		}
	}
	return n, err
}
