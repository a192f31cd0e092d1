package roster_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

const head = "Card,Surname,First name,Class,Email\n"

// zipped makes a zip file out of names and contents.
func zipped(t testing.TB, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, content)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return file(t, "list.zip", b.String())
}

// refused wants an error for a person with these words in it.
func refused(t *testing.T, err error, code data.Code, words string) {
	t.Helper()
	if err == nil {
		t.Fatal("it was taken")
	}
	if data.CodeOf(err) != code || !strings.Contains(err.Error(), words) {
		t.Fatalf("%s: %v; not %s with %q", data.CodeOf(err), err, code, words)
	}
}

func TestFilesThatAreNoLists(t *testing.T) {
	big := bytes.Repeat([]byte{0}, 64<<20)
	for _, c := range []struct {
		promise string
		path    func(tb testing.TB) string
		code    data.Code
		words   string
	}{
		{"an empty file", func(tb testing.TB) string {
			tb.Helper()
			return file(tb, "a.csv", "")
		}, data.CodeBadList, "is empty"},
		{"a file of blank lines", func(tb testing.TB) string {
			tb.Helper()
			return file(tb, "a.csv", "\n\n,,,\n")
		}, data.CodeBadList, "is empty"},
		{"no file at all", func(tb testing.TB) string {
			tb.Helper()
			return filepath.Join(tb.TempDir(), "none.csv")
		}, data.CodeNotFound, "not there"},
		{"a picture", func(tb testing.TB) string {
			tb.Helper()
			return file(tb, "a.csv", strings.Repeat("\x89PNG\x00\x00\x00\x01", 100))
		}, data.CodeBadList, "is not text"},
		{"a PDF", func(tb testing.TB) string {
			tb.Helper()
			return file(tb, "a.csv", "%PDF-1.7\n...")
		}, data.CodeBadList, "PDF"},
		{"a web page that is called a workbook", func(tb testing.TB) string {
			tb.Helper()
			return file(tb, "a.xls", "<html><table>")
		}, data.CodeBadList, "web page"},
		{"an old or encrypted workbook", func(tb testing.TB) string {
			tb.Helper()
			return file(tb, "a.xlsx", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....")
		}, data.CodeBadList, "password"},
		{"a damaged zip file", func(tb testing.TB) string {
			tb.Helper()
			return file(tb, "a.zip", "PK\x03\x04....")
		}, data.CodeBadList, "damaged"},
		{"a workbook that is none", func(tb testing.TB) string {
			tb.Helper()
			return zipped(tb, map[string]string{"xl/workbook.xml": "<a"})
		}, data.CodeBadList, "workbook is damaged"},
		{"a zip file with a way out", func(tb testing.TB) string {
			tb.Helper()
			return zipped(tb, map[string]string{"../users.csv": head})
		}, data.CodeBadList, "outside"},
		{"a zip bomb", func(tb testing.TB) string {
			tb.Helper()
			return zipped(tb, map[string]string{"a.csv": string(big)})
		}, data.CodeBadList, "packed so tightly"},
		{"a zip bomb in a workbook", func(tb testing.TB) string {
			tb.Helper()
			return zipped(tb, map[string]string{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": string(big)})
		}, data.CodeBadList, "packed so tightly"},
		{"a zip file of ten thousand files", func(tb testing.TB) string {
			tb.Helper()
			many := map[string]string{}
			for i := range 10_001 {
				many[fmt.Sprint(i)] = ""
			}
			return zipped(tb, many)
		}, data.CodeBadList, "10001 files"},
		{"a zip file without lists", func(tb testing.TB) string {
			tb.Helper()
			return zipped(tb, map[string]string{"photo.jpg": "x"})
		}, data.CodeBadList, "no CSV file"},
		{"an encrypted zip file", func(tb testing.TB) string {
			tb.Helper()
			b, _ := os.ReadFile(zipped(tb, map[string]string{"a.csv": head}))
			b[6] |= 1 // the flag, in the local header and in the directory
			b[bytes.Index(b, []byte("PK\x01\x02"))+8] |= 1
			return file(tb, "a.zip", string(b))
		}, data.CodeBadList, "password"},
		{"an empty folder", func(tb testing.TB) string {
			tb.Helper()
			return tb.TempDir()
		}, data.CodeBadList, "no CSV file"},
		{"a file of 2 GB", func(tb testing.TB) string {
			tb.Helper()
			path := file(tb, "a.csv", head)
			if err := os.Truncate(path, 2<<30); err != nil {
				tb.Skip(err)
			}
			return path
		}, data.CodeTooLarge, "2048 MB"},
		{"a row that never ends", func(tb testing.TB) string {
			tb.Helper()
			return file(tb, "a.csv", head+strings.Repeat("x", 5<<20))
		}, data.CodeBadList, "Row 2 is longer"},
	} {
		t.Run(c.promise, func(t *testing.T) {
			_, err := roster.Open(c.path(t), roster.Options{})
			refused(t, err, c.code, c.words)
		})
	}
}

// lone reads a list and gives the error.
func lone(t *testing.T, content string) (*data.Batch, error) {
	t.Helper()
	f, err := roster.Open(file(t, "list.csv", content), roster.Options{})
	if err != nil {
		return nil, err
	}
	b, questions, err := f.Read(context.Background(), f.Propose("").Mapping, today)
	if len(questions) > 0 {
		t.Fatal(roster.AskDate(questions[0]))
	}
	return b, err
}

func TestUnclosedQuotationMarkIsRefusedWithItsRow(t *testing.T) {
	for _, tail := range []string{"", "2,b,c,d,\n", "2,\"b\",c,d,\n", "2,b,\"c\",d,\n3,b,c,d,\n"} {
		_, err := lone(t, head+"0,a,b,c,\n1,\"a,b,c,\n"+tail)
		refused(t, err, data.CodeBadList, "row 3 ")
	}
}

func TestStrayQuotationMarksStay(t *testing.T) {
	b, err := lone(t, head+"1,O\"Neil,\"Big\" Joe,c,\n2,\"a \"\"b\"\"\",\"c\nd\",\"e,f\",\n")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{`1|1|"Big" Joe|O"Neil|c||||`, `2|2|c d|a "b"|e,f||||`}; !slices.Equal(rows(b), want) {
		t.Errorf("%q", rows(b))
	}
}

func TestAStrayMarkDoesNotSwallowTheNextCell(t *testing.T) {
	b, err := lone(t, head+"1,\"Big\" Joe,\"Smith, J\",\"4b\",\"joe@example.org\"\n2,\"He said \"hello, world\" to me\",Kim,4b,\n3,\"a \"b\"\",\"c\",4b,\n")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{`1|1|Smith, J|"Big" Joe|4b||joe@example.org||`, `2|2|Kim|He said "hello, world" to me|4b||||`, `3|3|c|a "b"|4b||||`}; !slices.Equal(rows(b), want) {
		t.Errorf("%q", rows(b))
	}
}

func TestRowsOfUnequalWidth(t *testing.T) {
	b, err := lone(t, head+"1,Berg,Mila,4b,mila@example.org,,\n2,Okoye,Tobi\nTotal: 2\n3,Doe, Jane,4b,jane@example.org,x\n\n,,,,\n4,Ray,Kim,4b,kim@example.org\n")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"1|1|Mila|Berg|4b||mila@example.org||", "2|2|Tobi|Okoye|||||", "4|4|Kim|Ray|4b||kim@example.org||"}; !slices.Equal(rows(b), want) {
		t.Errorf("%q", rows(b))
	}
	if len(b.Problems) != 2 || b.Problems[0].Row != 4 || b.Problems[1].Row != 5 || !b.Problems[1].Dropped || b.Problems[1].Remedy == "" || b.Rows != 5 || b.Refused != 2 {
		t.Errorf("%d rows, %+v", b.Rows, b.Problems)
	}
}

func TestHugeCellsAndNULs(t *testing.T) {
	b, err := lone(t, head+"1,Be\x00rg,\""+strings.Repeat("ä", 1_000_000)+"\",4b,\n2,"+strings.Repeat("x", 1_000_000)+",Kim,4b,\n")
	if err != nil {
		t.Fatal(err)
	}
	if p := b.Patrons[0]; p.Last != "Berg" || len([]rune(p.First)) > 510 || len(b.Patrons[1].Last) > 510 {
		t.Errorf("%q, %d letters", p.Last, len([]rune(p.First)))
	}
}

func TestHeaderAloneIsAListOfNobody(t *testing.T) {
	b, err := lone(t, head)
	if err != nil || b.Rows != 0 || len(b.Patrons) != 0 {
		t.Fatalf("%+v, %v", b, err)
	}
	set := roster.Diff(&data.Batch{Kind: data.RosterPatrons, Complete: true, Known: b.Known}, people(3), 1, today)
	if !strings.Contains(set.Suspect, "empty") {
		t.Errorf("%q", set.Suspect)
	}
}

func TestFileSavedWhileRead(t *testing.T) {
	path := file(t, "a.csv", head+"1,a,b,c,\n")
	f := open(t, path, roster.Options{})
	if err := os.WriteFile(path, []byte(head+"1,a,b,c,\n2,a,b,c,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := f.Read(context.Background(), f.Propose("").Mapping, today)
	refused(t, err, data.CodeBusy, "try again")

	armed := false
	f = open(t, path, roster.Options{Progress: func(read, size int64) {
		if armed && read == size {
			os.Chtimes(path, time.Now(), time.Now().Add(time.Hour))
		}
	}})
	armed = true
	_, _, err = f.Read(context.Background(), f.Propose("").Mapping, today)
	refused(t, err, data.CodeBusy, "try again")
}

func TestReadingCanBeStopped(t *testing.T) {
	f := open(t, file(t, "a.csv", head+strings.Repeat("1,a,b,c,\n", 10_000)), roster.Options{})
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, _, err := f.Read(ctx, f.Propose("").Mapping, today); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestShortenedNumbersRefuseTheWholeList(t *testing.T) {
	_, err := lone(t, head+"0012,Berg,Mila,4b,\n2.35E+13,Okoye,Tobi,4b,\n")
	refused(t, err, data.CodeBadList, `Row 3, column "Card": 2.35E+13. Excel has shortened these numbers. Format the column as Text and export again.`)
	_, err = lone(t, "Card;Title;Barcode;Due\n0012;A;\"2,3529E+13\";2026-11-18\n")
	refused(t, err, data.CodeBadList, `column "Barcode"`)
	if b, err := lone(t, head+"12E+A,2E+13,Mila,4b,\n"); err != nil || b.Patrons[0].Last != "2E+13" {
		t.Errorf("%v, %v", b, err)
	}
}

func TestFormulasStayText(t *testing.T) {
	b, err := lone(t, head+"=\"0012\",=cmd()|' /C calc'!A0,'+Mila,'4b,\n'=13,\"=HYPERLINK(\"\"x\"\")\",@SUM(1),-1,\n")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"0012|0012|+Mila|=cmd()|' /C calc'!A0|'4b||||", `=13|=13|@SUM(1)|=HYPERLINK("x")|-1||||`}; !slices.Equal(rows(b), want) {
		t.Errorf("%q", rows(b))
	}
}

func TestEncodings(t *testing.T) {
	text := "Card;Surname;First name;Class\n0012;Müller;Zoë;4b\n0013;Ångström;Łukasz;4b\n"
	west := strings.ReplaceAll(text, "Łukasz", "Lukas")
	utf16 := func(e unicode.Endianness, b unicode.BOMPolicy, s string) string {
		out, err := unicode.UTF16(e, b).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	enc := func(c *charmap.Charmap, s string) string {
		out, err := c.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, c := range []struct {
		promise, content, encoding string
		o                          roster.Options
		polish                     bool
		offered                    int
	}{
		{"UTF-8", text, "utf-8", roster.Options{}, true, 0},
		{"UTF-8 with a mark", "\ufeff" + text, "utf-8", roster.Options{}, true, 0},
		{"UTF-16 with a mark", utf16(unicode.LittleEndian, unicode.UseBOM, text), "utf-16le", roster.Options{}, true, 0},
		{"UTF-16 with a mark, big-endian", utf16(unicode.BigEndian, unicode.UseBOM, text), "utf-16be", roster.Options{}, true, 0},
		{"UTF-16 without a mark", utf16(unicode.LittleEndian, unicode.IgnoreBOM, text), "utf-16le", roster.Options{}, true, 0},
		{"UTF-16 without a mark, big-endian", utf16(unicode.BigEndian, unicode.IgnoreBOM, text), "utf-16be", roster.Options{}, true, 0},
		{"Windows-1252", enc(charmap.Windows1252, west), "windows-1252", roster.Options{}, false, 8},
		{"a Macintosh, once a person says so", enc(charmap.Macintosh, west), "macintosh", roster.Options{Encoding: "macintosh"}, false, 8},
		{"lines that end in CR alone", strings.ReplaceAll(text, "\n", "\r"), "utf-8", roster.Options{}, true, 0},
		{"lines that end in CR LF", strings.ReplaceAll(text, "\n", "\r\n"), "utf-8", roster.Options{}, true, 0},
		{"a first line sep=", "sep=;\r\n" + text, "utf-8", roster.Options{}, true, 0},
		{"tabs", strings.ReplaceAll(text, ";", "\t"), "utf-8", roster.Options{}, true, 0},
		{"bars", strings.ReplaceAll(text, ";", "|"), "utf-8", roster.Options{}, true, 0},
		{"commas in cells of a list with semicolons", strings.ReplaceAll(text, "Zoë", "\"Zoë\""), "utf-8", roster.Options{}, true, 0},
	} {
		t.Run(c.promise, func(t *testing.T) {
			f := open(t, file(t, "a.csv", c.content), c.o)
			b, _, err := f.Read(context.Background(), f.Propose("").Mapping, today)
			if err != nil {
				t.Fatal(err)
			}
			want := []string{"0012|0012|Zoë|Müller|4b||||", "0013|0013|Łukasz|Ångström|4b||||"}
			if !c.polish {
				want[1] = "0013|0013|Lukas|Ångström|4b||||"
			}
			l := f.Look()
			if !slices.Equal(rows(b), want) || l.Encoding != c.encoding || len(l.Encodings) < c.offered || len(l.Foreign) != 2 {
				t.Errorf("%s, others %q, %d rows to judge by: %q", l.Encoding, l.Encodings, len(l.Foreign), rows(b))
			}
		})
	}
}

func TestAFewBrokenLettersDoNotSpoilAllOthers(t *testing.T) {
	list := strings.Repeat("1,Müller,Zoë,4b,\n", 20) + "2,M\xfcller,Kim,4b,\n"
	f := open(t, file(t, "a.csv", head+list), roster.Options{})
	l := f.Look()
	if l.Encoding != "utf-8" || len(l.Encodings) == 0 || l.Encodings[0] != "windows-1252" || !strings.Contains(strings.Join(l.Notes, " "), "1 letter cannot be read") {
		t.Errorf("%q, %q, %q", l.Encoding, l.Encodings, l.Notes)
	}
	b, err := lone(t, head+list)
	if err != nil || b.Patrons[0].Last != "Müller" || b.Patrons[1].Last != "M?ller" {
		t.Errorf("%+v %v", b, err)
	}
	for _, other := range []string{head + "1,M\xfcller,Zo\xeb,4b,\n", head + "1,M\xfcller,Ren\xc3\xa9,4b,\n"} {
		if l := open(t, file(t, "a.csv", other), roster.Options{}).Look(); l.Encoding != "windows-1252" {
			t.Error(l.Encoding)
		}
	}
}

func TestRowsToJudgeTheEncodingByAreFoundFarBehind(t *testing.T) {
	f := open(t, file(t, "a.csv", head+strings.Repeat("1,a,b,c,\n", 5000)+"2,M\xfcller,b,c,\n"), roster.Options{})
	if l := f.Look(); len(l.Foreign) != 1 || l.Foreign[0][1] != "Müller" || len(l.Rows) != 5 {
		t.Errorf("%q", l.Foreign)
	}
}

func TestHeaders(t *testing.T) {
	t.Run("lines above the header are skipped and told", func(t *testing.T) {
		f := open(t, file(t, "a.csv", "Patrons of Ashford School\nPrinted 22 Nov 2026, page 1\n\n"+head+"1,a,b,c,\n"), roster.Options{})
		l := f.Look()
		if l.HeaderRow != 4 || len(l.Above) != 2 || l.Above[0] != "Patrons of Ashford School" || len(l.Notes) != 1 {
			t.Errorf("%+v", l)
		}
		b, _, _ := f.Read(context.Background(), f.Propose("").Mapping, today)
		if b.Patrons[0].Row != 5 || b.Rows != 1 {
			t.Errorf("row %d of %d", b.Patrons[0].Row, b.Rows)
		}
	})
	t.Run("a list without a header is mapped by hand", func(t *testing.T) {
		f := open(t, file(t, "a.csv", "0012,Berg,Mila,mila@example.org\n0013,Okoye,Tobi,tobi@example.org\n"), roster.Options{})
		l := f.Look()
		if l.HeaderRow != 0 || !slices.Equal(l.Headers, []string{"Column 1", "Column 2", "Column 3", "Column 4"}) || len(l.Rows) != 2 {
			t.Fatalf("%+v", l)
		}
		b, _, err := f.Read(context.Background(), data.Mapping{Kind: data.RosterPatrons, Columns: map[string]string{"Column 1": "card", "Column 2": "last", "Column 3": "first", "Column 4": "email"}}, today)
		if err != nil || !slices.Equal(rows(b), []string{"0012|0012|Mila|Berg|||mila@example.org||", "0013|0013|Tobi|Okoye|||tobi@example.org||"}) {
			t.Errorf("%v, %v", b, err)
		}
	})
	t.Run("secret columns are neither shown nor read", func(t *testing.T) {
		f := open(t, file(t, "a.csv", "Card,Surname,Password,Race,Shoe size\n1,Berg,hush,x,37\n"), roster.Options{})
		l := f.Look()
		if text := fmt.Sprint(l.Rows, l.Foreign); strings.Contains(text, "hush") || !slices.Equal(l.Sensitive, []bool{false, false, true, true, false}) {
			t.Errorf("%s %v", text, l.Sensitive)
		}
		b, _, _ := f.Read(context.Background(), f.Propose("").Mapping, today)
		if !slices.Equal(b.Ignored, []string{"Password", "Race", "Shoe size"}) || b.Notes[0] != `3 columns were ignored, among them "Password".` {
			t.Errorf("%q %q", b.Ignored, b.Notes)
		}
	})
	t.Run("a mapping that does not fit is refused", func(t *testing.T) {
		f := open(t, file(t, "a.csv", head+"1,a,b,c,\n"), roster.Options{})
		_, _, err := f.Read(context.Background(), data.Mapping{Name: "Old", Columns: map[string]string{"Number": "card", "Surname": "last"}}, today)
		refused(t, err, data.CodeBadList, `no column "Number", which the mapping "Old" needs`)
	})
	t.Run("the saved mapping that says most is picked", func(t *testing.T) {
		f := open(t, file(t, "a.csv", head+"1,a,b,c,\n"), roster.Options{})
		m, ok := f.Saved([]data.Mapping{{Name: "a", Columns: map[string]string{"CARD": "card"}}, {Name: "b", Columns: map[string]string{"Card": "card", "Surname": "last"}}, {Name: "c", Columns: map[string]string{"Card": "card", "Surname": "last", "Nothing": "first"}}})
		if !ok || m.Name != "b" {
			t.Errorf("%q, %v", m.Name, ok)
		}
	})
}

func TestZipOfLists(t *testing.T) {
	users, err := os.ReadFile("testdata/oneroster11/users.csv")
	if err != nil {
		t.Fatal(err)
	}
	path := zipped(t, map[string]string{"export/users.csv": string(users), "export/demographics.csv": "\x00\x00\x00", "export/logo.png": "x"})
	f := open(t, path, roster.Options{})
	if l := f.Look(); l.Layout != "OneRoster 1.1" || l.Form != "OneRoster" || slices.Contains(l.Sheets, "demographics.csv") {
		t.Errorf("%+v", l)
	}
	if b := read(t, path); len(b.Patrons) != 3 || len(b.Patrons[1].Guardians) != 2 {
		t.Errorf("%q", rows(b))
	}
	f = open(t, zipped(t, map[string]string{"loans.csv": "Card,Title,Due\n1,A,2026-11-18\n", "notes.txt": "nothing of interest"}), roster.Options{})
	if l := f.Look(); l.Sheet != "loans.csv" || l.Kind != data.RosterLoans || len(l.Sheets) != 2 {
		t.Errorf("%+v", l)
	}
}

func TestWorkbookCells(t *testing.T) {
	x := excelize.NewFile()
	format := func(code string) int {
		id, err := x.NewStyle(&excelize.Style{CustomNumFmt: &code})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	for i, h := range []string{"Card", "Title", "Barcode", "Due", "Issued", "Price"} {
		at, _ := excelize.CoordinatesToCellName(i+1, 1)
		x.SetCellStr("Sheet1", at, h)
	}
	due := time.Date(2026, 4, 3, 0, 0, 0, 0, time.UTC)
	x.SetCellInt("Sheet1", "A2", 12)
	x.SetCellStyle("Sheet1", "A2", "A2", format("0000"))
	x.SetCellStr("Sheet1", "B2", "=cmd()")
	x.SetCellValue("Sheet1", "C2", 23529001234567)
	x.SetCellStyle("Sheet1", "C2", "C2", format("0.00E+00"))
	x.SetCellValue("Sheet1", "D2", due)
	x.SetCellStyle("Sheet1", "D2", "D2", format("mm/dd/yyyy"))
	x.SetCellValue("Sheet1", "E2", due)
	x.SetCellStyle("Sheet1", "E2", "E2", format("0"))
	x.SetCellValue("Sheet1", "F2", 1250.5)
	x.SetCellStyle("Sheet1", "F2", "F2", format("#,##0.00"))
	path := filepath.Join(t.TempDir(), "loans.xlsx")
	if err := x.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	b := read(t, path)
	if got := loanRow(b.Loans[0]); got != "|,0012,,,|23529001234567|=cmd()|||2026-04-03|2026-04-03|1,250.50" {
		t.Error(got)
	}
	x.SetCellStr("Sheet1", "C2", "2.35E+13")
	if err := x.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	f := open(t, path, roster.Options{})
	_, _, err := f.Read(context.Background(), f.Propose("").Mapping, today)
	refused(t, err, data.CodeBadList, "Excel has shortened")
	if err := x.SaveAs(path, excelize.Options{Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	_, err = roster.Open(path, roster.Options{})
	refused(t, err, data.CodeBadList, "protected with a password")
}

func TestProblemsAreKeptToAThousandAndCounted(t *testing.T) {
	b, err := lone(t, head+strings.Repeat(",,,4b,nobody\n", 1500))
	if err != nil || len(b.Problems) != 1000 || b.Refused != 1500 || b.MoreProblems != 2000 {
		t.Errorf("%d kept, %d more, %d refused, %v", len(b.Problems), b.MoreProblems, b.Refused, err)
	}
}

func TestMoreThanAMillionRowsAreRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("a large file")
	}
	_, err := lone(t, "Card,Surname\n"+strings.Repeat("1,a\n", 1_000_001))
	refused(t, err, data.CodeTooLarge, "more than 1000000 rows")
}
