package screen

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"smtpgateway/data"
)

// keptReport is a sender check as it is kept for the next time, beside what this person chose about the window. It holds
// what everybody may read in DNS.
type keptReport struct {
	Data   string            `json:"data"` // folder it is of
	Report data.SenderReport `json:"report"`
}

func (d *Desk) reportFile() string {
	if d.o.Preferences == "" {
		return ""
	}
	return filepath.Join(filepath.Dir(d.o.Preferences), "sender-check.json")
}

// largestReport is more than any check comes to.
const largestReport = 1 << 20

// readReport reads the check that was kept; nil: none was, or it is of another data folder.
func (d *Desk) readReport() (*data.SenderReport, error) {
	path := d.reportFile()
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, largestReport))
	if err != nil {
		return nil, err
	}
	var kept keptReport
	if err := json.Unmarshal(text, &kept); err != nil || kept.Data != d.o.Place.Data || kept.Report.At.IsZero() {
		return nil, err
	}
	return &kept.Report, nil
}

// keepReport keeps a check for the next time.
func (d *Desk) keepReport(r *data.SenderReport) error {
	path := d.reportFile()
	if path == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return writeWhole(path, func(out io.Writer) error {
		return json.NewEncoder(out).Encode(keptReport{Data: d.o.Place.Data, Report: *r})
	})
}
