package roster

import (
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// mostFormats is how many formats of cells are looked at.
const mostFormats = 2000

// showsStored reports whether a workbook shows its numbers as they are stored, because no cell of it has a format for
// numbers or days. Then its rows need to be read once only, which is most of the work. Library systems write such workbooks.
func showsStored(book *excelize.File) (plain bool) {
	defer func() {
		if recover() != nil { // a damaged format; the cells may be fine
			plain = false
		}
	}()
	for i := range mostFormats {
		s, err := book.GetStyle(i)
		if err != nil {
			return i > 0 // that was the last
		}
		const general, text = 0, 49
		if own := s.CustomNumFmt; s.NumFmt != general && s.NumFmt != text || own != nil && !strings.EqualFold(*own, "General") && *own != "@" {
			return false
		}
	}
	return false
}

// otherwise reports whether a cell may be stored otherwise than it is shown without having a format: a number of more than
// 15 digits, or yes and no.
func otherwise(shown string) bool { return shown == "TRUE" || shown == "FALSE" || shortened(shown) }

// storedRows are the rows of a sheet as they are stored, beside how they are shown.
type storedRows struct {
	book  *excelize.File
	sheet string
	rows  *excelize.Rows // nil: none was wanted yet
	row   int
}

// at is a row, from 1; those after it may be asked for next.
func (s *storedRows) at(row int) (cells []string, err error) {
	if s.rows == nil {
		if s.rows, err = s.book.Rows(s.sheet); err != nil {
			return nil, err
		}
	}
	for ; s.row < row; s.row++ {
		if !s.rows.Next() {
			return nil, io.ErrUnexpectedEOF
		}
	}
	return s.rows.Columns(excelize.Options{RawCellValue: true})
}

func (s *storedRows) close() {
	if s.rows != nil {
		_ = s.rows.Close()
	}
}
