package data_test

import (
	"testing"

	"smtpgateway/data"
)

func TestProviderFor(t *testing.T) {
	for address, want := range map[string]string{
		"library@gmail.com":                  "gmail",
		"Library@GoogleMail.com":             "gmail",
		"library@hotmail.com":                "outlook",
		"library@hotmail.co.uk":              "outlook",
		"library@live.nl":                    "outlook",
		"library@school.onmicrosoft.com":     "microsoft-365",
		"library@yahoo.com.au":               "yahoo",
		"library@web.de":                     "web.de",
		"library@fastmail.org":               "fastmail",
		"library@educa.madrid.org":           "educamadrid",
		"library@school.test":                "",
		"library@hotmail.school.org":         "",
		"library@nothotmail.com":             "",
		"library@gmail.com.school.test":      "",
		"library@live.com.school.test":       "",
		"not an address":                     "",
		"":                                   "",
		"library@outlook.museum.example.org": "",
	} {
		t.Run(address+" is told by its domain", func(t *testing.T) {
			p, ok := data.ProviderFor(address)
			if ok != (want != "") || p.ID != want {
				t.Fatalf("%+v, %v", p, ok)
			}
		})
	}
}

func TestProviders(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range data.Providers() {
		t.Run(p.Name+" fills in settings that can be saved", func(t *testing.T) {
			if p.ID == "" || p.Name == "" || seen[p.ID] {
				t.Fatalf("%+v", p)
			}
			seen[p.ID] = true
			s := data.DefaultSettings()
			s.From.Address = "library@school.test"
			s.Server1.Host, s.Server1.Port, s.Server1.Security, s.Server1.RecipientsDay = p.Host, p.Port, p.Security, p.PerDay()
			if s.Server1.Host == "" {
				s.Server1.Host = "relay.school.test"
			}
			if again, problems := data.ParseSettings(s.Values()); len(problems) != 0 || len(again.Check()) != 0 {
				t.Fatal(problems, again.Check())
			}
			if p.Host == "" && !p.NoLogin {
				t.Error("a server nobody can name, but with a login")
			}
		})
	}
	t.Run("the caps leave room for people's own mail", func(t *testing.T) {
		for id, want := range map[string]int{"gmail": 450, data.ProviderWorkspace: 1800, data.ProviderMicrosoft: 9000, data.ProviderGoogleRelay: 9000, data.ProviderRelay: 0, "gmx": 0} {
			for _, p := range data.Providers() {
				if p.ID == id && p.PerDay() != want {
					t.Errorf("%s: %d", id, p.PerDay())
				}
			}
		}
	})
	t.Run("the school relay is port 25, no login, protected where it is offered", func(t *testing.T) {
		for _, p := range data.ProvidersForSchool() {
			if p.ID == data.ProviderRelay && (p.Port != 25 || !p.NoLogin || !p.Insecure || p.Security != data.SecuritySTARTTLS || p.User(data.Address{Local: "a", Domain: "b.test"}) != "") {
				t.Fatalf("%+v", p)
			}
		}
		if n := len(data.ProvidersForSchool()); n != 4 {
			t.Fatal(n)
		}
	})
	t.Run("some want only what stands before the @ as user", func(t *testing.T) {
		p, _ := data.ProviderFor("library@web.de")
		if got := p.User(data.Address{Local: "library", Domain: "web.de"}); got != "library" {
			t.Fatal(got)
		}
		p, _ = data.ProviderFor("library@gmx.de")
		if got := p.User(data.Address{Local: "library", Domain: "gmx.de"}); got != "library@gmx.de" {
			t.Fatal(got)
		}
	})
}
