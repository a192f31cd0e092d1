package roster_test

import (
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"

	"smtpgateway/data/roster"
)

func TestNumbersWithoutAFormat(t *testing.T) {
	x := excelize.NewFile()
	set := func(at string, v any) {
		t.Helper()
		if err := x.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	for i, h := range []string{"Card", "Surname", "Class", "Auto-overdue"} {
		at, _ := excelize.CoordinatesToCellName(i+1, 1)
		set(at, h)
	}
	set("A2", 12)
	set("B2", "Short")
	set("C2", 4)
	set("D2", true)
	set("A4", 1234567890123456) // more digits than are shown; row 3 is empty
	set("B4", "Long")
	set("C4", 5)
	set("D4", false)
	path := filepath.Join(t.TempDir(), "a.xlsx")
	if err := x.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	check := func(t *testing.T) {
		t.Helper()
		f := open(t, path, roster.Options{})
		m := f.Propose("").Mapping
		m.Columns["Auto-overdue"] = "auto_overdue"
		b, _, err := f.Read(t.Context(), m, today)
		if err != nil || len(b.Patrons) != 2 || len(b.Problems) > 0 {
			t.Fatal(err, b)
		}
		for i, want := range []struct {
			card string
			on   bool
		}{{"12", true}, {"1234567890123456", false}} {
			if p := b.Patrons[i]; p.Card != want.card || p.AutoOverdue != want.on {
				t.Errorf("%q %t", p.Card, p.AutoOverdue)
			}
		}
	}
	t.Run("all digits of a long number come in where no cell has a format", check)
	format := "0.00"
	style, err := x.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		t.Fatal(err)
	}
	if err := x.SetCellStyle("Sheet1", "G1", "G1", style); err != nil {
		t.Fatal(err)
	}
	if err := x.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	t.Run("and the same where one has", check)
}
