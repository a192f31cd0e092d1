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
