package letter_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/letter"
)

func TestRender(t *testing.T) {
	t.Run("the number of days is the real one, and so is the date", func(t *testing.T) {
		want(t, "the text", says(t, "[Items]", anna(5)), strings.Join([]string{
			"Die unendliche Geschichte 0 (Michael Ende)", "  due Tue 24 Nov 2026 (3 days late)",
			"Die unendliche Geschichte 1 (Michael Ende)", "  due Wed 25 Nov 2026 (2 days late)",
			"Die unendliche Geschichte 2 (Michael Ende)", "  due Thu 26 Nov 2026 (1 day late)",
			"Die unendliche Geschichte 3 (Michael Ende)", "  due Fri 27 Nov 2026 (today)",
			"Die unendliche Geschichte 4 (Michael Ende)", "  due Sat 28 Nov 2026 (in 1 day)",
		}, "\n"))
	})
	t.Run("words and dates are in the letter's language, for one and for many", func(t *testing.T) {
		body := "[Number of items] / [Days late] / [Earliest due date] / [Today]"
		for language, lines := range map[string][3]string{
			"en": {"0 items /  /  / 27 November 2026", "1 item / 1 day / Thu 26 Nov 2026 / 27 November 2026", "3 items / 3 days / Tue 24 Nov 2026 / 27 November 2026"},
			"es": {"0 préstamos /  /  / 27 de noviembre de 2026", "1 préstamo / 1 día / jue 26 nov 2026 / 27 de noviembre de 2026", "3 préstamos / 3 días / mar 24 nov 2026 / 27 de noviembre de 2026"},
			"fr": {"0 document /  /  / 27 novembre 2026", "1 document / 1 jour / jeu. 26 nov. 2026 / 27 novembre 2026", "3 documents / 3 jours / mar. 24 nov. 2026 / 27 novembre 2026"},
			"de": {"0 Medien /  /  / 27. November 2026", "1 Medium / 1 Tag / Do., 26. Nov. 2026 / 27. November 2026", "3 Medien / 3 Tage / Di., 24. Nov. 2026 / 27. November 2026"},
		} {
			for i, n := range []int{0, 1, 3} {
				f := anna(n)
				f.Language = language
				if n == 1 {
					f.Loans[0].Due = today - 1
				}
				want(t, language, says(t, body, f), strings.Join(strings.Fields(lines[i]), " "))
			}
		}
		f := anna(1)
		f.Language, f.Today = "fr", data.NewDate(2026, 12, 1)
		want(t, "the first", says(t, "[Today]", f), "1er décembre 2026")
	})
	t.Run("the greeting fits who gets the letter", func(t *testing.T) {
		for language, greetings := range map[string][3]string{
			"en": {"Dear Anna Berg", "Dear parent or guardian of Anna Berg", "Dear reader"},
			"es": {"Hola, Anna Berg", "Estimada familia de Anna Berg", "Hola"},
			"fr": {"Bonjour Anna Berg", "Chers parents ou responsables légaux de l’élève Anna Berg", "Bonjour"},
			"de": {"Hallo Anna Berg", "Liebe Eltern oder Erziehungsberechtigte von Anna Berg", "Guten Tag"},
		} {
			f := anna(0)
			f.Language, f.Guardian = language, "Eva Berg"
			want(t, "for the patron", says(t, "[Greeting]{ ([Guardian])}", f), greetings[0])
			f.Role, f.Disclosure = data.RoleGuardian, data.DiscloseTitles
			want(t, "for the guardian", says(t, "[Greeting]{ ([Guardian])}", f), greetings[1]+" (Eva Berg)")
			f.Patron = nil
			want(t, "for nobody", says(t, "[Greeting]", f), greetings[2])
		}
	})
	t.Run("what is in curly brackets goes when a placeholder in it is empty", func(t *testing.T) {
		f := anna(1)
		f.Library.Phone, f.Library.Signature = "", ""
		want(t, "the text", says(t, "a{ by [Library phone] or [Library e-mail]}.\n{[Library phone]}\n\n{[Class]}[Library phone]\n\n{[Library phone]}\n\n[Signature]", f),
			"a.\n\n7b\n\nSchulbücherei am Lindenhof")
	})
	t.Run("a bracket that is written twice is a bracket", func(t *testing.T) {
		want(t, "the text", says(t, "[[Name]] {{x}} {a {{[Name]}}}", anna(0)), "[Name] {x} a {Anna Berg}")
	})
	t.Run("paragraphs, lists and addresses are what they look like", func(t *testing.T) {
		r := render(t, text("See https://example.org/a?b=1&c=[Card], or\nhttp://example.org/ü.\n\n- one\n- two [Name]\nend"), anna(0))
		want(t, "the text", r.Text, "See https://example.org/a?b=1&c=2000123, or\nhttp://example.org/ü.\n\n- one\n- two Anna Berg\n\nend\n")
		has(t, r.HTML, `<a href="https://example.org/a?b=1&amp;c=2000123">https://example.org/a?b=1&amp;c=2000123</a>, or<br>`,
			`<a href="http://example.org/%c3%bc">http://example.org/ü</a>.</p>`, "<li>one</li>\n<li>two Anna Berg</li>\n</ul>\n<p>end</p>")
	})
	t.Run("long lines are broken where words allow", func(t *testing.T) {
		long := strings.Repeat("x", 90)
		want(t, "the text", says(t, strings.Repeat("word ", 16)+long+" end\n- "+strings.Repeat("list ", 16), anna(0)),
			strings.TrimSpace(strings.Repeat("word ", 15))+"\nword\n"+long+"\nend\n\n- "+strings.TrimSpace(strings.Repeat("list ", 15))+"\n  list")
	})
	t.Run("columns are those of the template, without those that are empty throughout", func(t *testing.T) {
		tpl := text("[Items]")
		tpl.Columns = []string{"price", "barcode", "title", "call-number"}
		f := anna(2)
		f.Loans[0].CallNumber, f.Loans[1].CallNumber = "", ""
		r := render(t, tpl, f)
		want(t, "the text", r.Text, "Die unendliche Geschichte 0\n  Barcode: 3000000, Price: 12,50 €\nDie unendliche Geschichte 1\n  Barcode: 3000001, Price: 12,50 €\n")
		has(t, r.HTML, `<th scope="col" align="left">Title</th><th scope="col" align="left">Barcode</th><th scope="col" align="left">Price</th></tr>`)
	})
	t.Run("a long list ends with how many more there are", func(t *testing.T) {
		r := render(t, text("[Items]"), anna(512))
		has(t, r.Text, "Geschichte 499 ", "\nand 12 more\n")
		has(t, r.HTML, "<p>and 12 more</p>")
		lacks(t, r.Text+r.HTML, "Geschichte 500")
	})
	t.Run("what else is on loan follows, and nothing where there is nothing", func(t *testing.T) {
		f := anna(1)
		want(t, "nothing", says(t, "a\n\n[Also on loan]\n\nb", f), "a\n\nb")
		f.Also = []data.Loan{{Title: "Momo", Due: today + 2}, {Title: "Jim Knopf"}}
		want(t, "two", says(t, "a\n\n[Also on loan]\n\nb", f), "a\n\nAlso on loan:\n\nMomo\n  due Sun 29 Nov 2026 (in 2 days)\nJim Knopf\n\nb")
	})
	t.Run("one compiled letter serves several at once", func(t *testing.T) {
		c, err := letter.Compile(text("[Greeting] {[Card]}\n[Items]"))
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				f := anna(1)
				f.Patron.Card = strconv.Itoa(i)
				if r, err := c.Render(f); err != nil || !strings.HasPrefix(r.Text, "Dear Anna Berg "+f.Patron.Card) || !strings.Contains(r.HTML, "Berg "+f.Patron.Card) {
					t.Errorf("%v: %s", err, r.Text)
				}
			})
		}
		all.Wait()
	})
	t.Run("practice stands on top of both", func(t *testing.T) {
		f := anna(1)
		f.Practice = letter.PracticeBanner("Anna <Berg>", []string{"anna@example.org", "eva@example.org"})
		r := render(t, text("Hello"), f)
		if !strings.HasPrefix(r.Text, "PRACTICE: this letter was not sent to Anna <Berg>; it would have gone to\nanna@example.org, eva@example.org.\n---") {
			t.Errorf("%s", r.Text)
		}
		if i := strings.Index(r.HTML, "PRACTICE: this letter was not sent to Anna &lt;Berg&gt;; it would"); i < 0 || i > strings.Index(r.HTML, "Hello") {
			t.Errorf("%s", r.HTML)
		}
	})
}

func TestDisclosure(t *testing.T) {
	const body = "[Items]\n\n[Also on loan]\n\n[Name] [Number of items] [Earliest due date] [Days late]"
	t.Run("who may be told the number only reads no title, author, barcode or call number", func(t *testing.T) {
		f := anna(3)
		f.Also = []data.Loan{{Title: "Momo", Author: "Ende", Due: today + 9}}
		f.Role, f.Disclosure = data.RoleGuardian, data.DiscloseCount
		tpl := text(body)
		tpl.Columns = letter.Columns()
		r := render(t, tpl, f)
		has(t, r.Text, "3 items; earliest due date: Tue 24 Nov 2026.\n", "Also on loan:\n1 item; due date: Sun 6 Dec 2026.\n")
		lacks(t, r.Text+r.HTML+r.Subject, "unendliche", "Ende", "300000", "FIC", "Momo")
	})
	t.Run("who may be told nothing, or nobody decided what, gets no letter", func(t *testing.T) {
		for _, d := range []data.Disclosure{"", data.DiscloseNothing, "whatever"} {
			f := anna(1)
			f.Role, f.Disclosure = data.RoleGuardian, d
			if r, err := letter.Render(text(body), f); data.CodeOf(err) != data.CodeNotNow || r.Text != "" || r.HTML != "" {
				t.Errorf("%q: %v, %+v", d, err, r)
			}
		}
	})
	t.Run("what guardians are told is nothing to the patron", func(t *testing.T) {
		f := anna(1)
		f.Role, f.Disclosure = data.RolePatron, data.DiscloseNothing
		has(t, render(t, text(body), f).Text, "Die unendliche Geschichte 0")
	})
}

func TestHarmless(t *testing.T) {
	t.Run("nothing is expanded twice", func(t *testing.T) {
		for _, name := range []string{"[Library]", "{{.Name}}", "{x}", `{{"a"}}`, "[Items]", "{{template \"lines\"}}", "%s%d"} {
			f := anna(1)
			f.Patron.First, f.Patron.Last, f.Loans[0].Title, f.Library.Signature = name, "", name, name
			r := render(t, text("[Name]\n\n[Signature]\n\n[Items]"), f)
			if want := name + "\n\n" + name + "\n\n" + name + " (Michael Ende)"; !strings.HasPrefix(r.Text, want) {
				t.Errorf("%q became %q", name, r.Text)
			}
		}
	})
	t.Run("titles and names stay text in HTML", func(t *testing.T) {
		const evil = `<script>alert("x")</script>&'<b>` + "\u202etxt.exe\u2066"
		f := anna(1)
		f.Patron.First, f.Patron.Group, f.Guardian = evil, evil, evil
		f.Loans[0].Title, f.Loans[0].Author, f.Loans[0].Price, f.Loans[0].Barcode = evil, evil, evil, evil
		f.Library = data.Library{Name: evil, Phone: evil, Address: evil + "\n" + evil, Signature: "javascript:x https://x.org/\"onclick=x " + evil}
		f.Practice, f.From.ReplyTo = evil, evil
		tpl := text("[Greeting] [Class] [Library] [Library phone] [Library e-mail]\n[Library address]\n[Items]\n[Signature] https://x.org/[Name] <i>&amp;")
		tpl.Subject, tpl.Columns = evil, letter.Columns()
		r := render(t, tpl, f)
		lacks(t, r.HTML, "<script", "<b>", "<i>", `"onclick`, `href="javascript`, "\u202e", "\u2066")
		has(t, r.HTML, "&lt;i&gt;&amp;amp;")
		lacks(t, r.Subject+r.Text, "\u202e", "\u2066")
		var b strings.Builder
		if err := letter.PrintHTML(&b, []letter.Page{letter.NewPage(r, f)}); err != nil {
			t.Fatal(err)
		}
		lacks(t, b.String(), "<script", "<b>", `"onclick`)
	})
	t.Run("a subject stays one line of bounded length", func(t *testing.T) {
		f := anna(0)
		f.Patron.First, f.Library.Signature = "x\r\nBcc: evil@x", "a\nBcc: b"
		tpl := text("a")
		tpl.Subject = "For [Name] [Signature] [Name] " + strings.Repeat("[Name] ", 20)
		r := render(t, tpl, f)
		lacks(t, r.Subject, "\r", "\n")
		if n := len([]rune(r.Subject)); n > letter.MaxSubject+3 {
			t.Errorf("%d characters", n)
		}
	})
	t.Run("a whole text of placeholders and a whole list stay small enough to send", func(t *testing.T) {
		f := anna(600)
		f.Library.Signature = strings.Repeat(strings.Repeat("ü", 1000)+"\n", 1000)
		for i := range f.Loans {
			f.Loans[i].Title = strings.Repeat("ü", 100_000)
		}
		r := render(t, text("[Items]\n"+strings.Repeat("[Signature]", 1800)), f)
		if len(r.HTML) > 10_000_000 || len(r.Text) > 10_000_000 {
			t.Errorf("%d octets of HTML, %d of text", len(r.HTML), len(r.Text))
		}
	})
}

func TestTotalPrice(t *testing.T) {
	for _, c := range []struct {
		promise string
		prices  []string
		want    string
	}{
		{"prices in one form are added up", []string{"12,50 €", "3 €", "0,75 €"}, "16,25 €"},
		{"a sign in front stays there", []string{"$12.50", "$1,000.00"}, "$1012.50"},
		{"a code and its blank stay", []string{"EUR 5,00", "EUR 1.234,56"}, "EUR 1239,56"},
		{"bare numbers stay bare", []string{"10", "12"}, "22"},
		{"pence stay pence", []string{"£0.05"}, "£0.05"},
		{"Swiss thousands are read", []string{"CHF 1'234.50", "CHF 0.50"}, "CHF 1235.00"},
		{"a price that is missing leaves the total out", []string{"12,50 €", ""}, ""},
		{"a price of nothing is none", []string{"12,50 €", "0,00 €"}, ""},
		{"two currencies leave it out", []string{"12,50 €", "$3.00"}, ""},
		{"two ways to write decimals leave it out", []string{"12,50", "12.50"}, ""},
		{"what could be thousands or decimals leaves it out", []string{"1,234"}, ""},
		{"words leave it out", []string{"twelve"}, ""},
		{"a formula leaves it out", []string{"=1+1"}, ""},
		{"a negative price leaves it out", []string{"-3,00"}, ""},
		{"no loans have no price", nil, ""},
	} {
		t.Run(c.promise, func(t *testing.T) {
			f := anna(0)
			for _, p := range c.prices {
				f.Loans = append(f.Loans, data.Loan{Title: "a", Price: p})
			}
			if got := says(t, "x{ [Total price]}", f); strings.TrimPrefix(strings.TrimPrefix(got, "x"), " ") != c.want {
				t.Errorf("%q, not %q", got, c.want)
			}
		})
	}
}

func BenchmarkRender(b *testing.B) {
	tpl, _ := letter.Original(letter.KeyFinal, "de")
	c, err := letter.Compile(tpl)
	if err != nil {
		b.Fatal(err)
	}
	f := anna(4)
	for b.Loop() {
		if _, err := c.Render(f); err != nil {
			b.Fatal(err)
		}
	}
}
