package roster_test

import (
	"slices"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

func TestHeaderRow(t *testing.T) {
	path := file(t, "a.csv", "red,green,blue\nAnn,Bee,7B\nCarl,Dee,7B\n")
	for _, c := range []struct {
		name string
		row  int
		want []string
		rows int
	}{
		{"a person says in which row the names of the columns stand", 2, []string{"Ann", "Bee", "7B"}, 1},
		{"a person says that there are none", -1, []string{"Column 1", "Column 2", "Column 3"}, 3},
		{"a row that is not there is not taken for it", 9, []string{"red", "green", "blue"}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := open(t, path, roster.Options{HeaderRow: c.row})
			if got := f.Look().Headers; !slices.Equal(got, c.want) {
				t.Fatal(got)
			}
			p := f.Propose(data.RosterPatrons)
			if p.Mapping.HeaderRow != c.row {
				t.Error("it is not kept in the mapping")
			}
			p.Mapping.Columns = map[string]string{c.want[0]: "first", c.want[1]: "last"}
			b, _, err := f.Read(t.Context(), p.Mapping, today)
			if err != nil || b.Rows != c.rows {
				t.Error(b, err)
			}
		})
	}
}

func TestEveryColumnHasANameOfItsOwn(t *testing.T) {
	f := open(t, file(t, "a.csv", "Key,email (2),email,email,Email\n1,a,b,c,d\n"), roster.Options{})
	seen := map[string]bool{}
	for _, h := range f.Look().Headers {
		if seen[h] {
			t.Errorf("%q stands there twice", h)
		}
		seen[h] = true
	}
	p := f.Propose(data.RosterPatrons)
	p.Mapping.Columns = map[string]string{"Key": "key", f.Look().Headers[3]: "group"}
	if b, _, err := f.Read(t.Context(), p.Mapping, today); err != nil || b.Patrons[0].Group != "c" {
		t.Error(b, err)
	}
}

func TestTheNamesOfASetStandWhereAPersonSays(t *testing.T) {
	const users = "givenName,familyName,enabledUser,role,sourcedId\nAnn,Bee,true,student,1\nCarl,Dee\nEd,Fox,true,student,3\n"
	for _, row := range []int{-1, 2, 3} {
		f := open(t, file(t, "users.csv", users), roster.Options{HeaderRow: row})
		f.Look()
		m := f.Propose(data.RosterPatrons).Mapping
		m.Columns = map[string]string{f.Look().Headers[1]: "last"}
		if _, _, err := f.Read(t.Context(), m, today); err != nil {
			t.Error(row, err)
		}
	}
}
