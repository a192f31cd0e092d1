package roster

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// workbook is one sheet of an Excel workbook. It is opened anew for each walk: a workbook that is open keeps temporary files.
type workbook struct {
	path  string
	sheet string
	moved func(read, size int64)
}

// openBook opens a workbook. A damaged one may make the library fail in ways of its own; all of them mean the same.
func openBook(path string) (book *excelize.File, err error) {
	defer func() {
		if recover() != nil {
			book, err = nil, errNoBook
		}
	}()
	book, err = excelize.OpenFile(path, excelize.Options{UnzipSizeLimit: maxUnzipped})
	switch {
	case errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission):
		return nil, unreadable(err)
	case err != nil:
		return nil, errNoBook
	}
	return book, nil
}

var errNoBook = refuse("The workbook is damaged, or protected with a password.", "Open it in Excel or LibreOffice, save it anew without a password, and choose that file.")

// openWorkbook takes the sheet with the most columns known here, or the one that was asked for.
func (f *File) openWorkbook(ctx context.Context) error {
	book, err := openBook(f.path)
	if err != nil {
		return err
	}
	f.sheets = book.GetSheetList()
	_ = book.Close()
	f.form = "Excel workbook"
	best, bestKnown, bestRows := "", -1, 0
	for _, sheet := range f.sheets {
		if f.options.Sheet != "" && sheet != f.options.Sheet {
			continue
		}
		n, rows := 0, 0
		err := (&workbook{path: f.path, sheet: sheet}).walk(ctx, nil, func(row int, cells []string) error {
			n = max(n, known(cells))
			if rows++; row >= headerRows {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			return err
		}
		if n > bestKnown || n == bestKnown && bestRows == 0 && rows > 0 {
			best, bestKnown, bestRows = sheet, n, rows
		}
	}
	if best == "" {
		return refuse(fmt.Sprintf("The workbook has no sheet %q.", f.options.Sheet), "Choose one of "+strings.Join(f.sheets, ", ")+".")
	}
	f.sheet = best
	f.rows = &workbook{path: f.path, sheet: best, moved: f.options.Progress}
	return nil
}

func (w *workbook) walk(ctx context.Context, want []bool, take func(row int, cells []string) error) (err error) {
	defer func() {
		if recover() != nil {
			err = errNoBook
		}
	}()
	book, err := openBook(w.path)
	if err != nil {
		return err
	}
	defer func() { _ = book.Close() }()
	props, err := book.GetWorkbookProps()
	if err != nil {
		return errNoBook
	}
	date1904 := props.Date1904 != nil && *props.Date1904
	shown, err := book.Rows(w.sheet)
	if err != nil {
		return errNoBook
	}
	defer func() { _ = shown.Close() }()
	stored := &storedRows{book: book, sheet: w.sheet}
	defer stored.close()
	plain := showsStored(book)
	var size int64
	if dimension, err := book.GetSheetDimension(w.sheet); err == nil {
		_, to, _ := strings.Cut(dimension, ":")
		_, last, _ := excelize.CellNameToCoordinates(to)
		size = int64(last)
	}
	for row := 1; shown.Next(); row++ {
		if row&255 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if w.moved != nil {
				w.moved(int64(row), max(size, int64(row)))
			}
		}
		cells, err := shown.Columns()
		if err != nil {
			return errNoBook
		}
		raw := cells
		if !plain || slices.ContainsFunc(cells, otherwise) {
			if raw, err = stored.at(row); err != nil {
				return errNoBook
			}
		}
		meant(cells, raw, want, date1904)
		if len(cells) == 0 {
			continue
		}
		if err := take(row, cells); err != nil {
			return err
		}
	}
	if shown.Error() != nil {
		return errNoBook
	}
	if w.moved != nil {
		w.moved(size, size)
	}
	return nil
}

// meant makes the cells of a row that are wanted what they mean, and empties the others.
func meant(cells, raw []string, want []bool, date1904 bool) {
	for i := range cells {
		if i < len(want) && !want[i] {
			cells[i] = ""
		} else if i < len(raw) {
			cells[i] = cell(cells[i], raw[i], date1904)
		}
	}
}

var dayShown = regexp.MustCompile(`^\d{1,4}[-/. ]{1,2}\d{1,2}[-/. ]{1,2}\d{1,4}( .*|T.*)?$|\d.*\p{L}{3,}.*\d|\p{L}{3,}.*\d`)

// unparted takes out the marks between thousands.
var unparted = strings.NewReplacer(",", "", ".", "", "'", "", "’", "", " ", "", "\u00a0", "", "\u202f", "")

// cell is what a cell means. A day is told as such whatever its format is, since in the workbook it is exact; a number is as
// it is shown, because leading zeros stand in the format only, but never shortened: 2.35E+13 is shown where all digits are
// still there.
func cell(shown, raw string, date1904 bool) string {
	switch shown {
	case "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!":
		return ""
	}
	number, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return shown
	}
	if shown == raw {
		return raw
	}
	if strings.ContainsAny(shown, "Ee#") && !dayShown.MatchString(shown) && number == math.Trunc(number) && math.Abs(number) < 1<<53 {
		return strconv.FormatFloat(number, 'f', 0, 64)
	}
	if _, err := strconv.ParseFloat(shown, 64); err == nil {
		return shown
	}
	if whole := strconv.FormatFloat(number, 'f', 0, 64); math.Abs(number) < 1<<53 && unparted.Replace(shown) == whole {
		return whole // a barcode shown as 23,529,000
	}
	if number > 0 && number < 2958466 && dayShown.MatchString(shown) {
		if t, err := excelize.ExcelDateToTime(number, date1904); err == nil && strings.Contains(shown, strconv.Itoa(t.Day())) {
			return t.Format("2006-01-02")
		}
	}
	return shown
}
