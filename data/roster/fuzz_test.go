package roster_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

// FuzzOpen: whatever a file holds, it is a list whose rows all went somewhere, or an error for a person; and no row changes
// what was there without saying so.
func FuzzOpen(f *testing.F) {
	fixtures, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range fixtures {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	users, _ := os.ReadFile("testdata/oneroster11/users.csv")
	f.Add(users)
	f.Add([]byte(zipBytes(f)))
	f.Add([]byte("sep=;\nCard;Due;Title\n1;\"3/4/26\";\"a\nb\"\n2;;x\n\"3"))
	f.Add([]byte("\xff\xfeC\x00a\x00r\x00d\x00\n\x001\x00"))
	path := filepath.Join(f.TempDir(), "list")
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 1<<16 {
			return
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		list, err := roster.Open(path, roster.Options{})
		if err != nil {
			worded(t, err)
			return
		}
		list.Look()
		p := list.Propose("")
		m := p.Mapping
		for _, q := range p.Questions {
			m = roster.Answer(m, q, q.Proposed...)
		}
		b, questions, err := list.Read(context.Background(), m, today)
		for _, q := range questions {
			m = roster.AnswerDate(m, q, q.Orders[1])
		}
		if len(questions) > 0 {
			if b, questions, err = list.Read(context.Background(), m, today); len(questions) > 0 {
				t.Fatalf("asked again: %+v", questions)
			}
		}
		if err != nil {
			worded(t, err)
			return
		}
		if b.Rows != len(b.Patrons)+len(b.Loans)+len(b.Gone)+b.Refused+b.Joined {
			t.Fatalf("%d rows in; %d patrons, %d loans, %d gone, %d refused, %d joined", b.Rows, len(b.Patrons), len(b.Loans), len(b.Gone), b.Refused, b.Joined)
		}
		if dropped := count(b.Problems); dropped != b.Refused && b.MoreProblems == 0 {
			t.Fatalf("%d refused, %d of them told", b.Refused, dropped)
		}
		set := roster.Diff(b, people(3), 1, today)
		rows := len(set.New) + len(set.Changed) + set.Same
		if told := count(set.Problems) - count(b.Problems); rows+told != len(b.Patrons)+len(b.Loans) && set.More == 0 {
			t.Fatalf("%d patrons and %d loans; %d rows compared, %d refused", len(b.Patrons), len(b.Loans), rows, told)
		}
		again(t, b)
	})
}

func count(all []data.RowProblem) int {
	n := 0
	for _, p := range all {
		if p.Dropped {
			n++
		}
	}
	return n
}

// worded wants an error a person can read.
func worded(t *testing.T, err error) {
	t.Helper()
	if e := data.AsError(err); e == nil || e.Sentence == "" {
		t.Fatalf("an error for nobody: %v", err)
	}
}

// again exports the people and takes them in once more: they are the same.
func again(t *testing.T, b *data.Batch) {
	t.Helper()
	r := &data.Roster{}
	for i := range b.Patrons {
		p := b.Patrons[i].Patron
		p.ID = int64(i + 1)
		if p.Key == "" || p.Email == "" {
			continue
		}
		r.Patrons = append(r.Patrons, p)
	}
	if len(r.Patrons) == 0 {
		return
	}
	var out bytes.Buffer
	if err := roster.ExportCSV(&out, r); err != nil {
		t.Fatal(err)
	}
	f := open(t, file(t, "again.csv", out.String()), roster.Options{})
	back, questions, err := f.Read(context.Background(), f.Propose("").Mapping, today)
	if err != nil || len(questions) > 0 {
		t.Fatal(err, questions)
	}
	if set := roster.Diff(back, r, 1, today); len(set.New)+len(set.Changed)+len(set.Gone) > 0 || len(set.Problems) > 0 {
		t.Fatalf("%q new, %q changed, %q gone, %+v", keysOf(set.New), keysOf(set.Changed), keysOf(set.Gone), set.Problems)
	}
}

func zipBytes(f *testing.F) string {
	f.Helper()
	b, err := os.ReadFile(zipped(f, map[string]string{"users.csv": "sourcedId,givenName,familyName,enabledUser,role\n1,a,b,true,student\n"}))
	if err != nil {
		f.Fatal(err)
	}
	return string(b)
}
