package roster_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// office is LibreOffice, which writes a workbook anew in the ways a person may choose in "Save as".
type office struct {
	t       *testing.T
	program string
	profile string
}

func newOffice(t *testing.T) *office {
	t.Helper()
	if os.Getenv("SMTP_GATEWAY_LONG") != "1" {
		t.Skip("LibreOffice runs in long tests only")
	}
	program, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("LibreOffice is not here")
	}
	return &office{t: t, program: program, profile: "file://" + filepath.Join(t.TempDir(), "profile")}
}

// saved is the file that LibreOffice makes of another; filter is as its --convert-to has it.
func (o *office) saved(t *testing.T, source, filter string) string {
	t.Helper()
	out := t.TempDir()
	cmd := exec.Command(o.program, "-env:UserInstallation="+o.profile, "--headless", "--convert-to", filter, "--outdir", out, source)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	made, err := filepath.Glob(filepath.Join(out, "*"))
	if err != nil || len(made) != 1 {
		t.Fatalf("%q %v", made, err)
	}
	return made[0]
}

// officeWays are separator, quotation mark, encoding, first line, columns, language, all texts quoted:
// https://wiki.documentfoundation.org/Documentation/DevGuide/Spreadsheet_Documents#Filter_Options_for_the_CSV_Filter
var officeWays = []struct{ name, filter string }{
	{"comma, UTF-8", "csv:Text - txt - csv (StarCalc):44,34,76"},
	{"semicolon, UTF-8", "csv:Text - txt - csv (StarCalc):59,34,76"},
	{"semicolon, UTF-8, all texts quoted", "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,true"},
	{"tab, UTF-16", "csv:Text - txt - csv (StarCalc):9,34,65535"},
	{"Excel workbook", "xlsx:Calc MS Excel 2007 XML"},
}

func TestSameTableThroughLibreOffice(t *testing.T) {
	o := newOffice(t)
	source := filepath.Join(t.TempDir(), "table.xlsx")
	writeWorkbook(t, source)
	for _, way := range officeWays {
		t.Run(way.name, func(t *testing.T) { sameTable(t, o.saved(t, source, way.filter)) })
	}
}

// Dates that are real dates, in the formats people give them, and numbers with a format of their own.
func TestDatesAndNumbersThroughLibreOffice(t *testing.T) {
	o := newOffice(t)
	x := excelize.NewFile()
	format := func(f string) int {
		id, err := x.NewStyle(&excelize.Style{CustomNumFmt: &f})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	for i, h := range []string{"Card", "Barcode", "Title", "Due", "Issued", "Price"} {
		at, _ := excelize.CoordinatesToCellName(i+1, 1)
		x.SetCellStr("Sheet1", at, h)
	}
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	for row, l := range []struct {
		card        int
		barcode     int
		title       string
		due, issued time.Time
		price       float64
	}{
		{12, 23529001234567, "=cmd()", day(2026, 11, 24), day(2026, 10, 27), 12.5},
		{231, 23529001234568, "1984", day(2026, 12, 3), day(2026, 11, 5), 1250.5},
		{7, 23529001234569, "Å; \"B\", C", day(2027, 1, 9), day(2026, 12, 31), 0.99},
	} {
		for column, v := range []any{l.card, l.barcode, l.title, l.due, l.issued, l.price} {
			at, _ := excelize.CoordinatesToCellName(column+1, row+2)
			if text, ok := v.(string); ok {
				x.SetCellStr("Sheet1", at, text)
				continue
			}
			x.SetCellValue("Sheet1", at, v)
			x.SetCellStyle("Sheet1", at, at, format([]string{"0000", "0", "@", "m/d/yyyy", "yyyy\\-mm\\-dd", "0.00"}[column]))
		}
	}
	source := filepath.Join(t.TempDir(), "loans.xlsx")
	if err := x.SaveAs(source); err != nil {
		t.Fatal(err)
	}
	shown := []string{
		"|,0012,,,|23529001234567|=cmd()|||2026-11-24|2026-10-27|12.50",
		"|,0231,,,|23529001234568|1984|||2026-12-03|2026-11-05|1250.50",
		`|,0007,,,|23529001234569|Å; "B", C|||2027-01-09|2026-12-31|0.99`,
	}
	for _, way := range officeWays {
		t.Run(way.name, func(t *testing.T) {
			b := read(t, o.saved(t, source, way.filter))
			var got []string
			for _, l := range b.Loans {
				got = append(got, loanRow(l))
			}
			if !slices.Equal(got, shown) || len(b.Problems) > 0 {
				t.Errorf("%q\n%+v", got, b.Problems)
			}
		})
	}
}
