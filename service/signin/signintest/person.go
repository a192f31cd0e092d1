package signintest

import (
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Person fills in the forms of the real server's pages and clicks on, until a page has no form.
type Person struct {
	Types map[string]string // by the name of a field: login, password, user_code

	tb    testing.TB
	web   *http.Client
	pages chan string
}

// NewPerson is somebody who signs in as user.
func NewPerson(tb testing.TB, user string) *Person {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return &Person{map[string]string{"login": user, "password": "anything"}, tb, &http.Client{Jar: jar}, make(chan string, 4)}
}

// Open begins at an address, without waiting for the end.
func (p *Person) Open(address string) error {
	go func() { p.pages <- p.follow(http.MethodGet, address, nil) }()
	return nil
}

// Page is the last page of what Open began.
func (p *Person) Page() string {
	p.tb.Helper()
	select {
	case page := <-p.pages:
		return page
	case <-p.tb.Context().Done():
		return ""
	}
}

func (p *Person) follow(method, address string, fields url.Values) string {
	for range 20 {
		r, err := http.NewRequestWithContext(p.tb.Context(), method, address, strings.NewReader(fields.Encode()))
		if err != nil {
			return err.Error()
		}
		if method == http.MethodPost {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		a, err := p.web.Do(r)
		if err != nil {
			return err.Error()
		}
		page, _ := io.ReadAll(io.LimitReader(a.Body, 1<<20))
		_ = a.Body.Close()
		form := readForm(string(page))
		if form.action == "" {
			return string(page)
		}
		for name := range form.fields {
			if typed, ok := p.Types[name]; ok {
				form.fields.Set(name, typed)
			}
		}
		to, err := a.Request.URL.Parse(form.action)
		if err != nil {
			return err.Error()
		}
		method, address, fields = http.MethodPost, to.String(), maps.Clone(form.fields)
	}
	return "no end of forms"
}

type form struct {
	action string
	fields url.Values
}

// readForm is the first form of a page.
func readForm(page string) form {
	f := form{fields: url.Values{}}
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		if z.Next() == html.ErrorToken {
			return f
		}
		t := z.Token()
		at := map[string]string{}
		for _, a := range t.Attr {
			at[a.Key] = a.Val
		}
		switch {
		case t.Data == "form" && t.Type == html.EndTagToken && f.action != "":
			return f
		case t.Data == "form" && t.Type == html.StartTagToken:
			f.action = at["action"]
		case t.Data == "input" && f.action != "" && at["name"] != "":
			f.fields.Set(at["name"], at["value"])
		}
	}
}
