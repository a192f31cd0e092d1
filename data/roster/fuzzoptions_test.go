package roster_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

// FuzzOptions: whatever a person, or a mapping saved for another file, says of a list, it is read or refused in words.
func FuzzOptions(f *testing.F) {
	for _, name := range []string{"koha_patrons.csv", "oneroster11/users.csv", "loans_german.csv", "alexandria.txt"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, 0, ",", uint8(0), uint8(0))
		f.Add(b, 3, ";", uint8(1), uint8(1))
		f.Add(b, -1, "", uint8(11), uint8(2))
	}
	kinds := []data.RosterKind{data.RosterPatrons, data.RosterLoans, data.RosterAddresses}
	path := filepath.Join(f.TempDir(), "users.csv")
	f.Fuzz(func(t *testing.T, content []byte, header int, separator string, encoding, kind uint8) {
		if len(content) > 1<<14 || len(separator) > 1 {
			return
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		all := roster.Encodings()
		o := roster.Options{HeaderRow: header, Separator: separator, Encoding: all[int(encoding)%len(all)].Name}
		list, err := roster.Open(path, o)
		if err != nil {
			worded(t, err)
			return
		}
		if headers := slices.Sorted(slices.Values(list.Look().Headers)); len(slices.Compact(slices.Clone(headers))) != len(headers) {
			t.Fatalf("two columns of one name: %q", headers)
		}
		m := list.Propose(kinds[int(kind)%len(kinds)]).Mapping
		for i, h := range list.Look().Headers { // any column as anything
			m.Columns[h] = roster.Fields(m.Kind)[(i+int(kind))%len(roster.Fields(m.Kind))].Name
		}
		m.Dates = map[string]string{"": "mdy"}
		b, questions, err := list.Read(context.Background(), m, today)
		if err != nil {
			worded(t, err)
			return
		}
		if len(questions) > 0 {
			return
		}
		if b.Rows != len(b.Patrons)+len(b.Loans)+len(b.Gone)+b.Refused+b.Joined {
			t.Fatalf("%d rows in; %d patrons, %d loans, %d gone, %d refused, %d joined", b.Rows, len(b.Patrons), len(b.Loans), len(b.Gone), b.Refused, b.Joined)
		}
		roster.Diff(b, people(3), 1, today)
	})
}
