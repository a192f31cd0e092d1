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
)

// ProblemsPath is a file name to offer for the problems.
func (im *Import) ProblemsPath() string {
	return im.desk.homeFile("list-problems-" + im.desk.Now().Format(time.DateOnly) + ".csv")
}

// ProblemsIn is the same file name in another folder.
func (im *Import) ProblemsIn(folder string) string {
	return filepath.Join(folder, filepath.Base(im.ProblemsPath()))
}

// Exporting reports whether a file is being written.
func (im *Import) Exporting() bool { return im.export.running }

// Exported is how the last export ended, one sentence; empty: there was none.
func (im *Import) Exported() (said string, failed bool) { return im.export.said, im.export.failed }

// StopExport ends an export under way; no half file stays behind.
func (im *Import) StopExport() { im.export.end() }

// ExportProblems writes the problems of the plan into a file of comma-separated values (RFC 4180, UTF-8 with its mark).
// exists is called instead when there is such a file and replace is false.
func (im *Import) ExportProblems(path string, replace bool, exists func()) {
	if im.plan == nil {
		return
	}
	all := im.plan.set.Problems
	im.export.write(im.desk, im.changed, im.ProblemsPath(), path, replace, exists, func(_ context.Context, w io.Writer) error {
		return writeProblems(w, all)
	})
}

func writeProblems(w io.Writer, all []data.RowProblem) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	if err := c.Write([]string{"row", "column", "value", "problem", "what to do", "row left out"}); err != nil {
		return err
	}
	for i := range all {
		p := &all[i]
		out := "no"
		if p.Dropped {
			out = "yes"
		}
		row := []string{strconv.Itoa(p.Row), p.Column, p.Value, p.Sentence, p.Remedy, out}
		for j := range row {
			row[j] = noFormula(row[j])
		}
		if err := c.Write(row); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// noFormula keeps a spreadsheet from taking a value for a formula.
func noFormula(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// end stops an export under way.
func (e *exporting) end() {
	if e.stop != nil {
		e.stop()
	}
}

// write writes a file off the window's goroutine and keeps how that ended. offered is a path to tell a person who typed
// none that could be used.
func (e *exporting) write(d *Desk, changed func(), offered, path string, replace bool, exists func(), content func(ctx context.Context, w io.Writer) error) {
	if e.running {
		return
	}
	path = strings.TrimSpace(path)
	if path == "" || !filepath.IsAbs(path) {
		*e = exporting{said: d.Say("Write the whole path of the file, such as {{.Path}}.", With("Path", offered)), failed: true}
		changed()
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	*e = exporting{running: true, stop: stop}
	Go(d, func(desk context.Context) (struct{}, error) {
		defer context.AfterFunc(desk, stop)()
		if _, err := os.Stat(path); err == nil && !replace {
			return struct{}{}, fs.ErrExist
		}
		return struct{}{}, writeWhole(path, func(out io.Writer) error { return errors.Join(content(ctx, out), ctx.Err()) })
	}, func(_ struct{}, err error) {
		stop()
		*e = exporting{}
		switch {
		case errors.Is(err, fs.ErrExist) && !replace:
			if exists != nil {
				exists()
			}
		case errors.Is(err, context.Canceled):
			e.said = d.Say("The export was stopped. No file was written.")
		case err != nil:
			e.said, e.failed = exportProblem(d, path, err), true
		default:
			e.said = d.Say("The file {{.Path}} is written.", With("Path", path))
		}
		changed()
	})
	changed()
}
