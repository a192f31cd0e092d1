package letter_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"smtpgateway/data"
	"smtpgateway/data/letter"
)

func TestOriginals(t *testing.T) {
	all := letter.Originals()
	if len(all) != len(letter.Keys())*len(data.Languages()) {
		t.Fatalf("%d letters are shipped", len(all))
	}
	names := map[string]bool{}
	for _, tpl := range all {
		t.Run(tpl.Key+" "+tpl.Language+" is right for everybody", func(t *testing.T) {
			if names[tpl.Language+tpl.Name] || tpl.Name == "" {
				t.Errorf("its name %q is no name", tpl.Name)
			}
			names[tpl.Language+tpl.Name] = true
			for _, p := range letter.Check(tpl) {
				t.Errorf("%+v", p)
			}
			for _, n := range []int{0, 1, 2, 40} {
				for _, told := range []data.Disclosure{"", data.DiscloseTitles, data.DiscloseCount} {
					f := anna(n)
					f.Also = anna(n / 2).Loans
					if told != "" {
						f.Role, f.Disclosure = data.RoleGuardian, told
					}
					readable(t, tpl, f, render(t, tpl, f))
				}
			}
		})
	}
	t.Run("a letter nobody ships is none", func(t *testing.T) {
		for _, id := range [][2]string{{"no such", "en"}, {"due-soon", "xx"}, {"../school/a", "en"}, {"", ""}} {
			if tpl, ok := letter.Original(id[0], id[1]); ok {
				t.Errorf("%v: %+v", id, tpl)
			}
		}
	})
}

// readable fails for what should not stand in a letter.
func readable(t *testing.T, tpl data.Template, f letter.Facts, r letter.Rendered) {
	t.Helper()
	lacks(t, r.Text+r.HTML+r.Subject, "[", "]", "{", "}", "%!", "<no value>", "ZgotmplZ", "\u00a0\u00a0", "  \n")
	for line := range strings.Lines(r.Text) {
		if utf8.RuneCountInString(line) > 77 {
			t.Errorf("a line is too long: %q", line)
		}
	}
	has(t, r.HTML, `<html lang="`+tpl.Language+`">`, "Anna Berg", "Maria Möller")
	has(t, r.Text, "Anna Berg", "Maria Möller")
	lacks(t, r.HTML, "<script", "<img", "<style", "<link", "url(")
	lacks(t, r.Subject, "unendliche", "Anna")
	if tpl.Key == letter.KeyFree {
		return
	}
	has(t, r.Text, "030 123456", "library@example.org", "Lindenhof 1\n12345 Musterstadt\n")
	for i := range f.Loans {
		if title := fmt.Sprintf("Die unendliche Geschichte %d", i); f.Disclosure == data.DiscloseCount {
			lacks(t, r.Text+r.HTML, title)
		} else {
			has(t, r.Text, title+" (Michael Ende)\n")
			has(t, r.HTML, ">"+title+"</td>")
		}
	}
}
