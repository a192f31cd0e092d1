package screen

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// exporting is an export of the log under way or at its end.
type exporting struct {
	running bool
	stop    context.CancelFunc
	said    string // how it ended
	failed  bool
}

// ExportPath is a file name to offer for an export.
func (l *Log) ExportPath() string {
	home, err := os.UserHomeDir()
	if err != nil {
		home = l.desk.Place().Data
	}
	return filepath.Join(home, "smtp-gateway-log-"+l.desk.Now().Format(time.DateOnly)+".csv")
}

// ExportIn is the same file name in another folder.
func (l *Log) ExportIn(folder string) string {
	return filepath.Join(folder, filepath.Base(l.ExportPath()))
}

// Exporting reports whether an export is under way.
func (l *Log) Exporting() bool { return l.export.running }

// Exported is how the last export ended, one sentence; empty: there was none.
func (l *Log) Exported() (said string, failed bool) { return l.export.said, l.export.failed }

// StopExport ends an export under way; no half file stays behind.
func (l *Log) StopExport() {
	if l.export.stop != nil {
		l.export.stop()
	}
}

// Export writes everything that fits the day, kind and words chosen into a file of comma-separated values, which
// spreadsheets read (RFC 4180, UTF-8 with its mark). exists is called instead when there is such a file and replace is
// false.
func (l *Log) Export(path string, replace bool, exists func()) {
	if l.export.running {
		return
	}
	d, q := l.desk, l.query
	path = strings.TrimSpace(path)
	if path == "" || !filepath.IsAbs(path) {
		l.export = exporting{said: d.Say("Write the whole path of the file, such as {{.Path}}.", With("Path", l.ExportPath())), failed: true}
		l.changed()
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	l.export = exporting{running: true, stop: stop}
	GoStore(d, func(desk context.Context, s *store.Store) (int, error) {
		defer context.AfterFunc(desk, stop)()
		if _, err := os.Stat(path); err == nil && !replace {
			return 0, fs.ErrExist
		}
		return exportLog(ctx, s, q, path)
	}, func(n int, err error) {
		stop()
		l.export = exporting{}
		switch {
		case errors.Is(err, fs.ErrExist) && !replace:
			if exists != nil {
				exists()
			}
		case errors.Is(err, context.Canceled):
			l.export.said = d.Say("The export was stopped. No file was written.")
		case err != nil:
			l.export.said, l.export.failed = exportProblem(d, path, err), true
		default:
			l.export.said = d.Say("{{.N}} lines are in {{.Path}}.", With("N", n, "Path", path))
		}
		l.changed()
	})
	l.changed()
}

func exportProblem(d *Desk, path string, err error) string {
	if e := data.AsError(err); e != nil {
		return e.Error()
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return d.Say("There is no folder {{.Path}}. Choose another.", With("Path", filepath.Dir(path)))
	case errors.Is(err, fs.ErrPermission):
		return d.Say("You may not write into {{.Path}}. Choose another folder.", With("Path", filepath.Dir(path)))
	}
	return d.Say("The file {{.Path}} could not be written; the disk may be full. Choose another folder.", With("Path", path))
}

// exportLog writes all lines that match.
func exportLog(ctx context.Context, s *store.Store, q data.LogQuery, path string) (n int, err error) {
	err = writeWhole(path, func(out io.Writer) error {
		n, err = writeLog(ctx, s, q, out)
		return err
	})
	return n, err
}

func writeLog(ctx context.Context, s *store.Store, q data.LogQuery, out io.Writer) (n int, err error) {
	if _, err := io.WriteString(out, "\ufeff"); err != nil {
		return 0, err
	}
	w := csv.NewWriter(out)
	w.UseCRLF = true
	if err := w.Write([]string{"number", "time", "kind", "event", "message", "text"}); err != nil {
		return 0, err
	}
	q.Limit = 1000
	for {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		lines, err := s.Log(ctx, q)
		if err != nil {
			return n, err
		}
		for i := range lines {
			if err := w.Write(logRecord(&lines[i])); err != nil {
				return n, err
			}
		}
		n += len(lines)
		if len(lines) < q.Limit {
			break
		}
		q.Before = lines[len(lines)-1].ID
	}
	w.Flush()
	return n, w.Error()
}

func logRecord(l *data.JournalLine) []string {
	number := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	return []string{
		strconv.FormatInt(l.ID, 10), l.At.Format(time.RFC3339), string(l.Kind), number(int64(l.Event)), number(l.Message), harmless(l.Text),
	}
}

// harmless keeps a spreadsheet from computing what a mail server or a file name said: a cell that begins with one of
// these signs is a formula there.
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
