package roster_test

import (
	"errors"
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

func TestMarksBetweenThousandsAreNoPartOfANumber(t *testing.T) {
	x := excelize.NewFile()
	for at, v := range map[string]any{"A1": "Card", "B1": "Barcode", "C1": "Due", "D1": "Price", "A2": 1234567, "B2": 23529000001234, "C2": "2026-11-11", "D2": 1234.5} {
		if err := x.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	parted, err := x.NewStyle(&excelize.Style{NumFmt: 3})
	if err != nil {
		t.Fatal(err)
	}
	price, err := x.NewStyle(&excelize.Style{NumFmt: 4})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(x.SetCellStyle("Sheet1", "A2", "B2", parted), x.SetCellStyle("Sheet1", "D2", "D2", price)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.xlsx")
	if err := x.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	if b := read(t, path); len(b.Loans) != 1 || b.Loans[0].PatronCard != "1234567" || b.Loans[0].Barcode != "23529000001234" || b.Loans[0].Price != "1,234.50" {
		t.Errorf("%+v", b.Loans)
	}
}
