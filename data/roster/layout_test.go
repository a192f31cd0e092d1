package roster_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

// layoutCase is a list as a system writes it, and what becomes of it without a person's help but for the questions named.
type layoutCase struct {
	promise   string
	file      string
	layout    string
	questions []string
	answers   [][]string // to the questions; nil: as proposed
	want      []string
	gone      int
	joined    int
	complete  bool
	secret    string // first of the ignored columns
}

var layoutCases = []layoutCase{
	{
		promise: "Koha's patrons have their class, the parent's address and the end of their card", file: "koha_patrons.csv", layout: "Koha patrons", complete: true, gone: 1, secret: "phone",
		want: []string{
			"00231|00231|Mila|Berg|4b|4|mila.berg@example.org||12 Mill Lane/2034 Ashford| <nina.berg@example.org>",
			"00232|00232|Tobi|Okoye|4b|4|tobi.okoye@example.org||3 Station Road/Flat 2/2034 Ashford",
		},
	},
	{
		promise: "a guarantor of Koha is the guardian, by the address of the guarantor's own row", file: "koha_guarantors.csv", layout: "Koha patrons", complete: true,
		want: []string{
			"501|00301|Mila|Berg|4b||mila.berg@example.org|||mother Nina Berg <nina.berg@example.org>",
			"502|00302|Jon|Berg|2a||jon.berg@example.org|||mother Nina Berg <nina.berg@example.org>",
			"601|00901|Nina|Berg|||nina.berg@example.org||",
		},
	},
	{
		promise: "Koha's list of notices adds people, and ends nobody", file: "koha_notices.csv", layout: "Koha overdue notices", secret: "country",
		want: []string{"Mila Berg <mila.berg@example.org>||Mila|Berg|||mila.berg@example.org||12 Mill Lane/2034 Ashford", "Jon Berg <jon.berg@example.org>||Jon|Berg|||jon.berg@example.org||12 Mill Lane/2034 Ashford"},
	},
	{
		promise: "OneRoster 1.1 ties guardians to pupils in both directions and finds the homeroom", file: "oneroster11", layout: "OneRoster 1.1", complete: true, gone: 1, secret: "sms",
		want: []string{
			"p41|00231|Mila|Berg|4b Homeroom|04|mila.berg@example.org|||guardian Nina Berg <nina.berg@example.org>",
			"p97|00232|Jon|Berg|2a Homeroom|02|jon.berg@example.org|||guardian Nina Berg <nina.berg@example.org>|relative Olaf Berg <olaf.berg@example.org>",
			"t1|00900|Ada|Teach|||ada.teach@example.org||",
		},
	},
	{
		promise: "users.csv of OneRoster alone knows its guardians", file: "oneroster11/users.csv", layout: "OneRoster 1.1", complete: true, gone: 1, secret: "sms",
		want: []string{
			"p41|00231|Mila|Berg||04|mila.berg@example.org|||guardian Nina Berg <nina.berg@example.org>",
			"p97|00232|Jon|Berg||02|jon.berg@example.org|||guardian Nina Berg <nina.berg@example.org>|relative Olaf Berg <olaf.berg@example.org>",
			"t1|00900|Ada|Teach|||ada.teach@example.org||",
		},
	},
	{
		promise: "OneRoster 1.2 has roles of its own; a teacher who is a parent stays a person", file: "oneroster12", layout: "OneRoster 1.2", complete: true, secret: "sms",
		want: []string{
			"p41|00231|Mila|Berg|4-2|04|mila.berg@example.org|||parent Nina Berg <nina.berg@example.org>",
			"p97|00232|健|佐藤|4-2|04|ken.sato@example.org||",
			"t1|00900|Ada|Teach|||ada.teach@example.org||",
		},
	},
	{
		promise: "a delta of OneRoster ends only whom it names", file: "delta", layout: "OneRoster 1.1", gone: 1, secret: "sms",
		want: []string{"p41|00231|Mila|Berg||05|mila.new@example.org||"},
	},
	{
		promise: "School Data Sync 2.1 has its contacts in relationships.csv", file: "sds21", layout: "School Data Sync 2.1", complete: true, secret: "password",
		want: []string{
			"1001||Mila|Berg||4|mila.berg@example.org|||guardian Nina Berg <nina.berg@example.org>",
			"1002||Jon|Berg||2|jon.berg@example.org|||guardian Nina Berg <nina.berg@example.org>",
		},
	},
	{
		promise: "School Data Sync 1 ties guardians by address, and leaves the doctor out", file: "sds1", layout: "School Data Sync 1", complete: true, secret: "Password",
		want: []string{
			"1001|00231|Mila|Berg||4||||Guardian Nina Berg <nina.berg@example.org>",
			"1002|00232|Jon|Berg||2||||Parent Nina Berg <nina.berg@example.org>",
		},
	},
	{
		promise: "guardians of School Data Sync 1 alone are rows for people who are here", file: "sds1/guardianrelationship.csv", layout: "School Data Sync guardians", joined: 1,
		want: []string{"1001|||||||||Guardian <nina.berg@example.org>|Doctor <doctor@example.org>", "1002|||||||||Parent <nina.berg@example.org>"},
	},
	{
		promise: "School Data Sync's UK format takes the active ones, and no dates of birth", file: "sds_uk.csv", layout: "School Data Sync (UK)", complete: true, gone: 1, secret: "Password",
		want: []string{"1001|00231|Mila|Berg||4|mila.berg@example.org||", "1002|00232|Jon|Berg||2|jon.berg@example.org||"},
	},
	{
		promise: "several rows of Clever are one pupil with several contacts", file: "clever.csv", layout: "Clever", complete: true, joined: 1, secret: "Gender",
		want: []string{
			"s41|00231|Mila|Berg||4|mila.berg@example.org|es|12 Mill Lane/02034 Ashford|Mother Nina Berg <nina.berg@example.org>|Father Olaf Berg <olaf.berg@example.org>",
			"s97|00232|Tobi|Okoye||2|tobi.okoye@example.org|en|3 Station Road/02034 Ashford",
		},
	},
	{
		promise: "Destiny asks which address is the parent's", file: "destiny.csv", layout: "Destiny", complete: true, gone: 1, secret: "field_gender",
		questions: []string{"Which of these is the parent's address?"},
		want: []string{
			"778001|P 12345|Mila|Berg|4b|4|mila.berg@example.org||12 Mill Lane| <nina.berg@example.org>",
			"778002|P 12346|Tobi|Okoye|4b|4|tobi.okoye@example.org||3 Station Road| <okoye@example.org>",
		},
	},
	{
		promise: "a school's export for Destiny asks the same", file: "destiny_sis.csv", layout: "Destiny (from a school information system)", complete: true, secret: "Gender",
		questions: []string{"Which of these is the parent's address?"},
		want: []string{
			"778001|P 12345|Mila|Berg|4b|4|mila.berg@example.org||12 Mill Lane| <nina.berg@example.org>",
			"778002|P 12346|Tobi|Okoye|4b|4|tobi.okoye@example.org||3 Station Road",
		},
	},
	{
		promise: "Alexandria's numbers are fields, and its address columns are asked about", file: "alexandria.txt", layout: "Alexandria", complete: true, gone: 1, secret: "PT01",
		questions: []string{"Which of these is the person's own address?", "Which of these is the parent's address?"}, answers: [][]string{{"1050"}, {"1051"}},
		want: []string{
			"00231|00231|Mila|Berg|||mila.berg@example.org||| <nina.berg@example.org>| <olaf.berg@example.org>",
			"00232|00232|Tobi|Okoye|||tobi.okoye@example.org||",
		},
	},
	{
		promise: "Evergreen has guardians, and the class among its categories", file: "evergreen.csv", layout: "Evergreen", complete: true, secret: "day_phone",
		want: []string{
			"mberg|00231|Mila|Berg|4b||mila.berg@example.org||12 Mill Lane/2034 Ashford| <nina.berg@example.org>",
			"tokoye|00232|Tobi|Okoye|4b||tobi.okoye@example.org||3 Station Road/2034 Ashford",
		},
	},
	{
		promise: "two columns of one name are asked about, the last never wins by itself", file: "evergreen_twins.csv", layout: "Evergreen", complete: true, secret: "profile",
		questions: []string{`2 columns are called "email". Which one is the person's own e-mail address?`}, answers: [][]string{{"email (2)"}},
		want: []string{"mberg|00231|Mila|Berg|||other.berg@example.org||"},
	},
	{
		promise: "OpenBiblio's members", file: "openbiblio_members.csv", layout: "OpenBiblio members", complete: true, secret: "home_phone",
		want: []string{"00231|00231|Mila|Berg|Ms Teach|4|mila.berg@example.org||12 Mill Lane"},
	},
	{
		promise: "PMB in French Windows letters", file: "pmb.csv", layout: "PMB", complete: true, gone: 1, secret: "empr_tel1",
		want: []string{"00231|00231|Milène|Bél|||mila.bel@example.org|fr|12 allée des Érables/75000 Orléans"},
	},
}

func TestLayouts(t *testing.T) {
	for _, c := range layoutCases {
		t.Run(c.promise, func(t *testing.T) { c.check(t, filepath.Join("testdata", c.file)) })
	}
}

func (c *layoutCase) check(t *testing.T, path string) *data.Batch {
	t.Helper()
	f := open(t, path, roster.Options{})
	if got := f.Look().Layout; got != c.layout {
		t.Errorf("taken for %q, not %q", got, c.layout)
	}
	p := f.Propose("")
	m := p.Mapping
	var asked []string
	for i, q := range p.Questions {
		asked = append(asked, q.Ask)
		if i < len(c.answers) {
			m = roster.Answer(m, q, c.answers[i]...)
		} else {
			m = roster.Answer(m, q, q.Proposed...)
		}
	}
	if !slices.Equal(asked, c.questions) {
		t.Errorf("asked %q, not %q", asked, c.questions)
	}
	if ignored := f.Ignored(m); c.secret != "" && (len(ignored) == 0 || ignored[0] != c.secret) {
		t.Errorf("ignored %q, not %q first", ignored, c.secret)
	}
	b, dates, err := f.Read(context.Background(), m, today)
	if err != nil {
		t.Fatal(err)
	}
	if len(dates) > 0 {
		t.Fatalf("asked about dates: %s", roster.AskDate(dates[0]))
	}
	if got := rows(b); !slices.Equal(got, c.want) {
		t.Errorf("patrons:\n%s\nnot:\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
	}
	if len(b.Problems) > 0 {
		t.Errorf("problems: %+v", b.Problems)
	}
	if len(b.Gone) != c.gone || b.Joined != c.joined || b.Complete != c.complete {
		t.Errorf("%d gone, %d joined, complete %v; not %d, %d, %v", len(b.Gone), b.Joined, b.Complete, c.gone, c.joined, c.complete)
	}
	return b
}

func TestBiblioTECHWorkbook(t *testing.T) {
	x := excelize.NewFile()
	if _, err := x.NewSheet("Export"); err != nil {
		t.Fatal(err)
	}
	for at, v := range map[string]string{"A1": "Read me first", "A2": "This workbook holds the pupils of the year."} {
		x.SetCellStr("Sheet1", at, v)
	}
	for i, row := range [][]any{{"StKey", "Firstname", "Surname", "pGroup", "Level", "Image"}, {"00231", "Mila", "Berg", "4b", 4, "mila.jpg"}, {"00232", "Tobi", "Okoye", "4b", 4, ""}} {
		x.SetSheetRow("Export", []string{"A1", "A2", "A3"}[i], &row)
	}
	path := filepath.Join(t.TempDir(), "year.xlsx")
	if err := x.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	c := layoutCase{layout: "BiblioTECH", complete: true, secret: "Image", want: []string{"00231||Mila|Berg|4b|4|||", "00232||Tobi|Okoye|4b|4|||"}}
	c.check(t, path)
	f := open(t, path, roster.Options{})
	if l := f.Look(); l.Sheet != "Export" || len(l.Sheets) != 2 || l.Form != "Excel workbook" {
		t.Errorf("sheet %q of %q, %q", l.Sheet, l.Sheets, l.Form)
	}
}

func TestLoanLayouts(t *testing.T) {
	for _, c := range []struct {
		promise, file, layout string
		questions             int
		want                  []string
	}{
		{"Koha's overdues: ISO due dates, days of the loan in local order", "koha_overdues.csv", "Koha overdues", 0, []string{
			`|501,,Mila,Berg,mila.berg@example.org|000417|The Tin Lantern: a "true" story|P. Marlow|J MAR|2026-11-18|2026-10-28|12.50`,
			`|502,,Jon,Berg,jon.berg@example.org|000418|Rivers of the North|A. Sand|551 SAN|2026-11-20|2026-11-02|`,
		}},
		{"OpenBiblio's overdues: a title above, and names in one cell", "openbiblio_overdues.csv", "OpenBiblio overdues", 1, []string{
			`|,,Mila,Berg,|000417|The Tin Lantern|||2026-11-18||12.50`, `|,,Tobi,Okoye,|000418|Rivers of the North|||2026-11-20||8.00`,
		}},
		{"German names of columns and dates with dots", "loans_german.csv", "", 0, []string{`|,00231,Mila,Berg,|000417|Die Blechlaterne|||2026-11-18|2026-10-28|`}},
	} {
		t.Run(c.promise, func(t *testing.T) {
			path := filepath.Join("testdata", c.file)
			f := open(t, path, roster.Options{})
			if l := f.Look(); l.Layout != c.layout || l.Kind != data.RosterLoans {
				t.Errorf("taken for %q, %q", l.Layout, l.Kind)
			}
			if p := f.Propose(""); len(p.Questions) != c.questions || !p.Mapping.Complete {
				t.Errorf("%+v", p)
			}
			b := read(t, path)
			var got []string
			for _, l := range b.Loans {
				got = append(got, loanRow(l))
			}
			if !slices.Equal(got, c.want) || len(b.Problems) > 0 {
				t.Errorf("loans:\n%s\nproblems %+v", strings.Join(got, "\n"), b.Problems)
			}
		})
	}
}

func TestKohaAsksWhenTwoColumnsMayBeTheParents(t *testing.T) {
	f := open(t, file(t, "a.csv", "cardnumber,surname,firstname,email,emailpro,B_email,branchcode,categorycode\n1,Berg,Mila,mila@example.org,nina@example.org,,MAIN,ST\n"), roster.Options{})
	p := f.Propose("")
	if len(p.Questions) != 1 || p.Questions[0].Ask != "Which of these is the parent's address?" || p.Questions[0].Choices[1].Example+p.Questions[0].Choices[0].Example != "nina@example.org" {
		t.Fatalf("%+v", p.Questions)
	}
	b, _, err := f.Read(context.Background(), roster.Answer(p.Mapping, p.Questions[0], "emailpro"), today)
	if err != nil || row(b.Patrons[0].Patron) != "1|1|Mila|Berg|||mila@example.org||| <nina@example.org>" {
		t.Errorf("%q %v", rows(b), err)
	}
}

func TestAnAddressThatTurnsOutToBeTheParentsIsNotThePupilsToo(t *testing.T) {
	f := open(t, "testdata/destiny.csv", roster.Options{})
	p := f.Propose("")
	b, _, err := f.Read(context.Background(), roster.Answer(p.Mapping, p.Questions[0], "field_emailPrimary"), today)
	if err != nil || b.Patrons[0].Email != "" || b.Known["email"] || b.Patrons[0].Guardians[0].Email != "mila.berg@example.org" {
		t.Errorf("%+v %v", b.Patrons[0], err)
	}
	b, _, err = f.Read(context.Background(), roster.Answer(p.Mapping, p.Questions[0]), today)
	if err != nil || b.Patrons[0].Email != "mila.berg@example.org" || len(b.Patrons[0].Guardians) != 0 {
		t.Errorf("%+v %v", b.Patrons[0], err)
	}
}
