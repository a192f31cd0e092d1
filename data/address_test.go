package data_test

import (
	"strings"
	"testing"

	"smtpgateway/data"
)

func TestParseAddress(t *testing.T) {
	kept := map[string]struct{ in, want string }{
		"an ordinary address stays":                     {"ms.lee@school.org", "ms.lee@school.org"},
		"brackets and blanks around it are dropped":     {" <a@school.org>\t", "a@school.org"},
		"the domain is written small":                   {"A.B@School.ORG", "A.B@school.org"},
		"a source route is dropped":                     {"<@relay.org,@b.org:a@school.org>", "a@school.org"},
		"the trailing dot of a domain is dropped":       {"a@school.org.", "a@school.org"},
		"a quoted local part is kept":                   {`"a b"@school.org`, `"a b"@school.org`},
		"an address literal is kept":                    {"a@[127.0.0.1]", "a@[127.0.0.1]"},
		"an IPv6 literal is kept":                       {"a@[IPv6:::1]", "a@[IPv6:::1]"},
		"a percent route is the server's to decide":     {"a%b@school.org", "a%b@school.org"},
		"a domain without a dot is kept":                {"a@b", "a@b"},
		"a domain with umlauts becomes A-labels":        {"a@bücherei.de", "a@xn--bcherei-n2a.de"},
		"a local part with umlauts is kept":             {"jürgen@school.org", "jürgen@school.org"},
		"a plus and an apostrophe are ordinary letters": {"o'neil+lib@school.org", "o'neil+lib@school.org"},
	}
	for name, c := range kept {
		t.Run(name, func(t *testing.T) {
			got, err := data.ParseAddress(c.in)
			if err != nil || got.String() != c.want {
				t.Fatalf("ParseAddress(%q) = %q, %v; want %q", c.in, got, err, c.want)
			}
		})
	}
	refused := map[string]string{
		"nothing":                   "",
		"no @":                      "school.org",
		"nothing before the @":      "@school.org",
		"nothing after the @":       "a@",
		"a bracket inside":          "a>b@school.org",
		"a blank inside":            "a b@school.org",
		"a parameter smuggled in":   "a@school.org SIZE=9",
		"a bracket and a parameter": "<a@school.org> SIZE=9",
		"a line break":              "a@school.org\r\nRCPT TO:<b@x.org>",
		"a lone line feed":          "a\nb@school.org",
		"a null":                    "a\x00@school.org",
		"two dots":                  "a..b@school.org",
		"a local part of 65":        strings.Repeat("a", 65) + "@school.org",
		"320 characters and more":   strings.Repeat("a", 64) + "@" + strings.Repeat("b.", 160) + "org",
		"a literal that is none":    "a@[300.1.1.1]",
		"a quoted line break":       "\"a\nb\"@school.org",
		"quoted brackets":           `"a>b"@school.org`,
		"bytes that are no text":    "a\xff@school.org",
		"two addresses":             "a@school.org, b@school.org",
	}
	for name, in := range refused {
		t.Run(name+" is refused", func(t *testing.T) {
			if got, err := data.ParseAddress(in); data.CodeOf(err) != data.CodeBadAddress {
				t.Fatalf("ParseAddress(%q) = %q, %v; want it refused", in, got, err)
			}
		})
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"a@b.org", `"a b"@x.org`, "<@r:a@b>", "a@[IPv6:::1]", "jürgen@bücherei.de", "a@b SIZE=1", "\"\\\"\"@x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		a, err := data.ParseAddress(in)
		if err != nil {
			return
		}
		out := a.String()
		if strings.ContainsAny(out, "\r\n\x00<>") {
			t.Fatalf("%q became %q", in, out)
		}
		if bare := strings.Contains(a.Local, " ") && !strings.HasPrefix(a.Local, `"`); bare || strings.Contains(a.Domain, " ") {
			t.Fatalf("%q became %q, with a bare blank", in, out)
		}
		again, err := data.ParseAddress(out)
		if err != nil || again != a {
			t.Fatalf("%q became %q and then %q, %v", in, out, again, err)
		}
	})
}
