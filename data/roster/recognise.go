package roster

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
)

// recognise tells by its first octets what the file is, and makes it a table.
func (f *File) recognise(ctx context.Context) error {
	info, err := os.Stat(f.path)
	if err != nil {
		return unreadable(err)
	}
	if info.IsDir() {
		return f.openFolder(ctx)
	}
	if !info.Mode().IsRegular() {
		return refuse("This is not a file.", "Choose the list itself.")
	}
	if err := f.tooLarge(info.Size()); err != nil {
		return err
	}
	head, err := firstOctets(f.path)
	if err != nil {
		return unreadable(err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return f.openZip(ctx)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return refuse("This workbook is protected with a password, or is of an old kind (.xls).", "Open it, save it as Excel workbook (.xlsx) without a password, and choose that file.")
	case bytes.HasPrefix(head, []byte("%PDF")):
		return refuse("This is a PDF: it can be read by people only.", "Export the list as CSV or as an Excel workbook (.xlsx).")
	case looksLikeHTML(head):
		return refuse("This is a web page, whatever its name says.", "Open it in Excel or LibreOffice and save it as Excel workbook (.xlsx).")
	}
	size := info.Size()
	return f.openText(ctx, func() (io.ReadCloser, error) { return os.Open(f.path) }, size)
}

func firstOctets(path string) ([]byte, error) {
	r, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	head := make([]byte, 512)
	n, _ := io.ReadFull(r, head)
	return head[:n], nil
}

func looksLikeHTML(head []byte) bool {
	s := strings.ToLower(string(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")))
	return strings.HasPrefix(s, "<!doctype html") || strings.HasPrefix(s, "<html") || strings.HasPrefix(s, "<?xml") || strings.HasPrefix(s, "<table")
}

// openText makes a text the table of the file; a OneRoster list of users that stands alone becomes a set of one.
func (f *File) openText(ctx context.Context, open func() (io.ReadCloser, error), size int64) error {
	t, err := newText(ctx, open, size, f.options)
	if err != nil {
		return err
	}
	t.moved = f.options.Progress
	f.rows, f.text = t, t.text
	f.form = "CSV file"
	if t.text.comma == '\t' {
		f.form = "Text file with tabs"
	}
	return f.alonePeople(ctx, member{name: f.Name(), size: size, open: open}, t)
}

// newText finds out how a text is written.
func newText(ctx context.Context, open func() (io.ReadCloser, error), size int64, o Options) (*textTable, error) {
	r, err := open()
	if err != nil {
		return nil, err
	}
	text, err := sniff(ctx, r)
	_ = r.Close()
	if err != nil {
		return nil, err
	}
	if o.Encoding != "" && o.Encoding != text.encoding {
		text.encoding, text.plain = o.Encoding, false
	}
	t := &textTable{open: open, text: text, size: size}
	if r, err = open(); err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	b, err := t.text.decode(r)
	if err != nil {
		return nil, err
	}
	if t.text.comma, t.text.told, err = findSeparator(b); err != nil {
		return nil, err
	}
	if o.Separator != "" {
		if len(o.Separator) != 1 || strings.ContainsAny(o.Separator, "\"\r\n") {
			return nil, refuse("The separator must be one character.", "Use , or ; or | or a tab.")
		}
		t.text.comma = o.Separator[0]
	}
	return t, nil
}
