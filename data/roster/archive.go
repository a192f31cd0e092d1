package roster

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Limits of a zip file, against those that are small and become huge.
const (
	maxEntries  = 10_000
	maxUnzipped = 1 << 30
	maxRatio    = 200
	smallEnough = 32 << 20 // up to here any ratio will do
)

// member is one file of several that belong together.
type member struct {
	name string // without its folder
	size int64
	open func() (io.ReadCloser, error)
}

// never are files of such sets that hold what no notice needs. They are not opened.
var never = []string{"demographics.csv"}

// openZip opens a workbook, which is a zip file, or a zip file of lists.
func (f *File) openZip(ctx context.Context) error {
	z, err := zip.OpenReader(f.path)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission) {
			return unreadable(err)
		}
		return refuse("The zip file is damaged.", "Export it or copy it again.")
	}
	defer func() { _ = z.Close() }()
	if err := checkZip(z.File); err != nil {
		return err
	}
	has := func(name string) bool {
		return slices.ContainsFunc(z.File, func(e *zip.File) bool { return strings.EqualFold(e.Name, name) })
	}
	switch {
	case has("xl/workbook.bin"):
		return refuse("This is a binary workbook (.xlsb).", "Open it in Excel and save it as Excel workbook (.xlsx).")
	case has("xl/workbook.xml") || has("[Content_Types].xml"):
		return f.openWorkbook(ctx)
	case has("mimetype"):
		return refuse("This is an OpenDocument file.", "Open it in LibreOffice and save it as Excel workbook (.xlsx) or CSV.")
	}
	var members []member
	for _, e := range z.File {
		name := path.Base(strings.ReplaceAll(e.Name, `\`, "/"))
		if e.FileInfo().IsDir() || !wanted(name) || strings.Contains(e.Name, "__MACOSX") {
			continue
		}
		members = append(members, member{name: name, size: int64(e.UncompressedSize64), open: f.unzip(e.Name)}) //nolint:gosec // checkZip
	}
	return f.openMembers(ctx, members, "Zip file")
}

// checkZip refuses what would fill the memory, cannot be opened, or names files elsewhere. The sizes can be relied on:
// archive/zip reads no more of a file than its entry says.
func checkZip(entries []*zip.File) error {
	if len(entries) > maxEntries {
		return refuse(fmt.Sprintf("The zip file holds %d files.", len(entries)), "Choose one that holds the lists only.")
	}
	var packed, unpacked uint64
	for _, e := range entries {
		if e.Flags&1 != 0 {
			return refuse("The zip file is protected with a password.", "Unpack it and choose the folder, or make one without a password.")
		}
		name := strings.ReplaceAll(e.Name, `\`, "/")
		if path.IsAbs(name) || slices.Contains(strings.Split(name, "/"), "..") || strings.Contains(name, ":") {
			return refuse("The zip file holds files that point outside of it.", "It was not made by a library system; do not use it.")
		}
		packed += e.CompressedSize64
		unpacked += e.UncompressedSize64
		if unpacked > maxUnzipped || e.UncompressedSize64 > maxUnzipped {
			return refuse(fmt.Sprintf("Unpacked, the file would be larger than %d MB.", maxUnzipped>>20), "Export only people or loans, without pictures and history.")
		}
	}
	if unpacked > smallEnough && unpacked/maxRatio > packed {
		return refuse("The file is packed so tightly that it cannot be a list.", "Unpack it and choose the list itself.")
	}
	return nil
}

func wanted(name string) bool {
	lower := strings.ToLower(name)
	if strings.HasPrefix(lower, ".") || slices.Contains(never, lower) {
		return false
	}
	switch path.Ext(lower) {
	case ".csv", ".tsv", ".txt", ".tab":
		return true
	}
	return false
}

// unzip opens one file of the zip file, which is opened with it: no file stays open between walks.
func (f *File) unzip(name string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) {
		z, err := zip.OpenReader(f.path)
		if err != nil {
			return nil, err
		}
		for _, e := range z.File {
			if e.Name == name {
				r, err := e.Open()
				if err != nil {
					_ = z.Close()
					return nil, refuse("The zip file is damaged.", "Export it or copy it again.")
				}
				return &inside{ReadCloser: r, z: z}, nil
			}
		}
		_ = z.Close()
		return nil, os.ErrNotExist
	}
}

// inside is a file in a zip file; both are closed at once.
type inside struct {
	io.ReadCloser
	z *zip.ReadCloser
}

func (i *inside) Read(p []byte) (int, error) {
	n, err := i.ReadCloser.Read(p)
	if errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrFormat) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = refuse("The zip file is damaged.", "Export it or copy it again.")
	}
	return n, err
}

func (i *inside) Close() error { return errors.Join(i.ReadCloser.Close(), i.z.Close()) }

// openFolder opens a folder of lists that belong together.
func (f *File) openFolder(ctx context.Context) error {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return unreadable(err)
	}
	var members []member
	var total int64
	f.stamps = nil
	for _, e := range entries {
		if !e.Type().IsRegular() || !wanted(e.Name()) {
			continue
		}
		s, err := stampOf(filepath.Join(f.path, e.Name()))
		if err != nil {
			return err
		}
		total += s.size
		f.stamps = append(f.stamps, s)
		members = append(members, member{name: e.Name(), size: s.size, open: func() (io.ReadCloser, error) { return os.Open(s.path) }})
		if len(members) > maxEntries {
			return refuse("The folder holds too many files.", "Choose one that holds the lists only.")
		}
	}
	if err := f.tooLarge(total); err != nil {
		return err
	}
	return f.openMembers(ctx, members, "Folder")
}

// openMembers makes a table of files that belong together; of files that do not, the one with the most columns known here.
func (f *File) openMembers(ctx context.Context, members []member, form string) error {
	if len(members) == 0 {
		return refuse(form+" without lists: there is no CSV file in it.", "Choose the list itself.")
	}
	for _, m := range members {
		if m.size > f.limit {
			return f.tooLarge(m.size)
		}
		f.sheets = append(f.sheets, m.name)
	}
	f.form = form
	if f.options.Sheet == "" {
		if done, err := f.openSet(ctx, members); done || err != nil {
			return err
		}
	}
	best, bestKnown := -1, -1
	var table *textTable
	for i, m := range members {
		if f.options.Sheet != "" && m.name != f.options.Sheet {
			continue
		}
		t, err := newText(ctx, m.open, m.size, f.options)
		if err != nil {
			if len(members) == 1 || f.options.Sheet != "" {
				return err
			}
			continue
		}
		n := 0
		err = t.walk(ctx, nil, func(row int, cells []string) error {
			if n = max(n, known(cells)); row >= headerRows {
				return errEnough
			}
			return nil
		})
		if (err == nil || errors.Is(err, errEnough)) && n > bestKnown {
			best, bestKnown, table = i, n, t
		}
	}
	if best < 0 {
		return refuse("None of the files can be read as a list.", "Choose the list itself.")
	}
	table.moved = f.options.Progress
	f.sheet, f.rows, f.text = members[best].name, table, table.text
	return f.alonePeople(ctx, members[best], table)
}
