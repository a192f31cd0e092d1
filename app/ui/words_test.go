package ui

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"smtpgateway/assets"
	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/roster"
)

const englishFile = "../../assets/translation/en.json"

// TestWords keeps assets/translation/en.json complete: it holds every text a person can read, once, and no other. Whoever
// translates the window copies it. UPDATE_WORDS=1 writes it anew.
func TestWords(t *testing.T) {
	want := map[string]string{}
	for _, folder := range []string{".", "../screen"} {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files in %s, %v", folder, err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				collect(t, file, want)
			}
		}
	}
	for _, f := range data.Fields() {
		for _, s := range []string{f.Label, f.Hint, f.Unit} {
			want[s] = s
		}
	}
	for _, kind := range []data.RosterKind{data.RosterPatrons, data.RosterLoans, data.RosterAddresses} {
		for _, f := range roster.Fields(kind) {
			want[f.Label], want[f.Hint] = f.Label, f.Hint
		}
	}
	for _, p := range append(data.Providers(), data.ProvidersForSchool()...) {
		want[p.Note] = p.Note
	}
	for _, p := range letter.Placeholders() {
		want[p.Hint] = p.Hint
	}
	for _, s := range data.States() {
		want[s.Words()] = s.Words()
	}
	for _, f := range []data.Finding{data.FindingGood, data.FindingLook, data.FindingBad, data.FindingUnknown} {
		want[f.Words()] = f.Words()
	}
	for _, p := range []data.SenderPart{data.SenderFrom, data.SenderMX, data.SenderSPF, data.SenderDKIM, data.SenderDMARC, data.SenderPTR} {
		want[p.Title()] = p.Title()
	}
	delete(want, "")
	if len(want) < 100 {
		t.Fatalf("only %d texts were found", len(want))
	}
	for key := range want {
		if slices.Contains([]string{"id", "description", "hash", "leftdelim", "rightdelim", "zero", "one", "two", "few", "many", "other"}, strings.ToLower(key)) {
			t.Errorf("%q has a meaning of its own in a file of translations", key)
		}
	}
	if os.Getenv("UPDATE_WORDS") != "" {
		var out bytes.Buffer
		e := json.NewEncoder(&out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(want); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(englishFile, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	content, err := fs.ReadFile(assets.Translations(), "translation/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var have map[string]string
	if err := json.Unmarshal(content, &have); err != nil {
		t.Fatal(err)
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if have[key] != key {
			t.Errorf("en.json lacks %q (UPDATE_WORDS=1 go test -run TestWords ./app/ui writes it)", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(have)) {
		if _, ok := want[key]; !ok {
			t.Errorf("en.json has %q, which nobody says (UPDATE_WORDS=1 go test -run TestWords ./app/ui writes it)", key)
		}
	}
}

// collect puts the keys that file hands to lang.L and to Say, also by the name say, into keys.
func collect(t *testing.T, file string, keys map[string]string) {
	t.Helper()
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		toolkit := false
		switch f := call.Fun.(type) {
		case *ast.SelectorExpr:
			of, _ := f.X.(*ast.Ident)
			toolkit = of != nil && of.Name == "lang" && f.Sel.Name == "L"
			if !toolkit && f.Sel.Name != "Say" {
				return true
			}
		case *ast.Ident:
			if f.Name != "say" { // say := desk.Say
				return true
			}
		default:
			return true
		}
		key, literal := literalText(call.Args[0])
		switch {
		case literal:
			keys[key] = key
		case toolkit && filepath.Base(file) != "words.go":
			t.Errorf("%s: lang.L gets something that is no literal, so nobody can collect it", set.Position(call.Pos()))
		}
		return true
	})
}

// literalText is the value of a literal, or of several with + between.
func literalText(e ast.Expr) (string, bool) {
	switch x := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(x.Value)
		return s, x.Kind == token.STRING && err == nil
	case *ast.BinaryExpr:
		a, ok := literalText(x.X)
		b, also := literalText(x.Y)
		return a + b, ok && also && x.Op == token.ADD
	default:
		return "", false
	}
}

func TestSay(t *testing.T) {
	t.Run("an English text is said as it is written", func(t *testing.T) {
		if got := Say("Overview"); got != "Overview" {
			t.Errorf("%q", got)
		}
	})
	t.Run("its places are filled", func(t *testing.T) {
		if got := Say("Version {{.Version}}", map[string]any{"Version": 3}); got != "Version 3" {
			t.Errorf("%q", got)
		}
	})
	t.Run("nothing stays nothing", func(t *testing.T) {
		if Say("") != "" {
			t.Error("it does not")
		}
	})
}
