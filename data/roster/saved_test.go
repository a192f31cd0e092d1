package roster_test

import (
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

func TestOpenSaved(t *testing.T) {
	plain := data.Mapping{Name: "nightly", Kind: data.RosterPatrons, Columns: map[string]string{"No": "key", "Pupil": "last"}}
	bare := data.Mapping{Name: "bare", Kind: data.RosterPatrons, HeaderRow: -1, Columns: map[string]string{"Column 1": "key", "Column 2": "last"}}
	old := data.Mapping{Name: "old", Kind: data.RosterPatrons, Encoding: "windows-1250", Columns: map[string]string{"No": "key", "Žák": "last"}}
	all := []data.Mapping{plain, bare, old}
	t.Run("the mapping whose columns are all there comes with the file", func(t *testing.T) {
		f, m, ok, err := roster.OpenSaved(file(t, "a.csv", "No,Pupil,Room\n1,Cole,5\n"), roster.Options{}, all)
		if err != nil || !ok || m.Name != "nightly" || len(f.Missing(m)) != 0 {
			t.Fatalf("%v %v %+v", err, ok, m)
		}
	})
	t.Run("a mapping of a file without names of columns is found by reading it so", func(t *testing.T) {
		f, m, ok, err := roster.OpenSaved(file(t, "a.csv", "1,Cole\n2,Dunn\n"), roster.Options{}, all)
		if err != nil || !ok || m.Name != "bare" || f.Look().HeaderRow != 0 {
			t.Fatalf("%v %v %+v", err, ok, m)
		}
	})
	t.Run("a mapping knows the encoding that looking does not find", func(t *testing.T) {
		f, m, ok, err := roster.OpenSaved(file(t, "a.csv", "No;\x8e\xe1k\n1;Cole\n"), roster.Options{}, all)
		if err != nil || !ok || m.Name != "old" || f.Look().Encoding != "windows-1250" {
			t.Fatalf("%v %v %+v %+v", err, ok, m, f.Look().Headers)
		}
	})
	t.Run("without one that fits, the file is open as it looks", func(t *testing.T) {
		f, _, ok, err := roster.OpenSaved(file(t, "a.csv", "StKey,Firstname,Surname,pGroup\n1,Ben,Cole,5\n"), roster.Options{}, all[:1])
		if err != nil || ok || f.Look().Layout != "BiblioTECH" {
			t.Fatalf("%v %v", err, ok)
		}
	})
	t.Run("what is no list is refused as before", func(t *testing.T) {
		if _, _, ok, err := roster.OpenSaved(file(t, "a.csv", "%PDF-1.7"), roster.Options{}, all); ok || data.CodeOf(err) != data.CodeBadList {
			t.Fatal(ok, err)
		}
	})
}
