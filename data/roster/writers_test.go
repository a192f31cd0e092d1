package roster_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"

	"smtpgateway/data/roster"
)

// table is one list through every program that may have written it.
var table = [][]string{
	{"Card", "Surname", "First name", "Class", "E-mail", "Guardian e-mail", "Street"},
	{"00231", "Bérg; \"Mila\"", "Ångela, Ann", "4b", "mila@example.org", "nina@example.org, olaf@example.org", "12 Mill Lane"},
	{"00232", "O'Neil", "=cmd()", "4b", "tobi@example.org", "", "Flat 2\n3 Station Road"},
	{"P 12345", "佐藤", "健", "", "", "sato@example.org", ""},
}

var tableRows = []string{
	`00231|00231|Ångela, Ann|Bérg; "Mila"|4b||mila@example.org||12 Mill Lane| <nina@example.org>| <olaf@example.org>`,
	"00232|00232|=cmd()|O'Neil|4b||tobi@example.org||Flat 2/3 Station Road",
	"P 12345|P 12345|健|佐藤|||||| <sato@example.org>",
}

func sameTable(t *testing.T, path string) {
	t.Helper()
	b := read(t, path)
	if got := rows(b); !slices.Equal(got, tableRows) || len(b.Problems) > 0 {
		t.Errorf("%q\n%+v", got, b.Problems)
	}
}

func writeWorkbook(t *testing.T, path string) {
	t.Helper()
	x := excelize.NewFile()
	for i, row := range table {
		for j, v := range row {
			at, _ := excelize.CoordinatesToCellName(j+1, i+1)
			x.SetCellStr("Sheet1", at, v)
		}
	}
	if err := x.SaveAs(path); err != nil {
		t.Fatal(err)
	}
}

func TestSameTableThroughExcelize(t *testing.T) {
	path := filepath.Join(t.TempDir(), "table.xlsx")
	writeWorkbook(t, path)
	sameTable(t, path)
}

func TestSameTableThroughPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not here")
	}
	dir := t.TempDir()
	rows, err := json.Marshal(table)
	if err != nil {
		t.Fatal(err)
	}
	const script = `
import csv, json, sys
rows = json.loads(sys.argv[2])
def write(name, encoding, **how):
    with open(sys.argv[1] + "/" + name, "w", newline="", encoding=encoding) as f:
        csv.writer(f, **how).writerows(rows)
write("excel.csv", "utf-8")
write("mark.csv", "utf-8-sig", delimiter=";")
write("tab.csv", "utf-16", dialect="excel-tab")
write("all.csv", "utf-8", quoting=csv.QUOTE_ALL, lineterminator="\n")
`
	if out, err := exec.Command(python, "-c", script, dir, string(rows)).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"excel.csv", "mark.csv", "tab.csv", "all.csv"} {
		t.Run(name, func(t *testing.T) { sameTable(t, filepath.Join(dir, name)) })
	}
}

func BenchmarkOpenWorkbook(b *testing.B) {
	x := excelize.NewFile()
	w, err := x.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	w.SetRow("A1", []any{"StKey", "Firstname", "Surname", "pGroup", "Level", "Image"})
	for i := range 5000 {
		at, _ := excelize.CoordinatesToCellName(1, i+2)
		w.SetRow(at, []any{i, "First", "Last", "4b", 4, ""})
	}
	w.Flush()
	path := filepath.Join(b.TempDir(), "a.xlsx")
	if err := x.SaveAs(path); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		f := open(b, path, roster.Options{})
		if _, _, err := f.Read(b.Context(), f.Propose("").Mapping, today); err != nil {
			b.Fatal(err)
		}
	}
}
