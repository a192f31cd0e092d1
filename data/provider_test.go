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

func TestProviderForHost(t *testing.T) {
	for host, want := range map[string]string{
		"smtp.gmail.com": data.ProviderWorkspace, "SMTP.Gmail.com.": data.ProviderWorkspace, "smtp-relay.gmail.com": data.ProviderGoogleRelay,
		"smtp.office365.com": data.ProviderMicrosoft, "school-org.mail.protection.outlook.com": data.ProviderMicrosoft, "smtp-mail.outlook.com": "outlook",
		"smtp.web.de": "web.de", "relay.school.test": "", "smtp.gmail.com.evil.test": "", "10.0.0.5": "", "": "",
	} {
		t.Run(host+" is known by its name or not at all", func(t *testing.T) {
			if p, ok := data.ProviderForHost(host); p.ID != want || ok != (want != "") {
				t.Fatalf("%q", p.ID)
			}
		})
	}
}

func TestProviderForMX(t *testing.T) {
	for host, want := range map[string]string{
		"aspmx.l.google.com.": data.ProviderWorkspace, "alt3.aspmx.l.google.com": data.ProviderWorkspace, "aspmx2.googlemail.com": data.ProviderWorkspace, "smtp.google.com": data.ProviderWorkspace,
		"school-org.mail.protection.outlook.com": data.ProviderMicrosoft, "school-org.p-v1.mx.microsoft": data.ProviderMicrosoft, "in1-smtp.messagingengine.com": "fastmail",
		"mx.school.test": "", "notgoogle.com": "", "google.com.evil.test": "", ".": "", "": "",
	} {
		t.Run(host+" tells who carries the mail or nobody", func(t *testing.T) {
			if p, ok := data.ProviderForMX(host); p.ID != want || ok != (want != "") {
				t.Fatalf("%q", p.ID)
			}
		})
	}
}

func TestProviderLimits(t *testing.T) {
	microsoft, _ := data.ProviderByID(data.ProviderMicrosoft)
	workspace, _ := data.ProviderByID(data.ProviderWorkspace)
	t.Run("a check hands over no more than the service takes in a minute", func(t *testing.T) {
		for set, want := range map[int]int{10: 10, 25: 25, 26: 25, 100000: 25} {
			if got := microsoft.EachCheck(set); got != want {
				t.Errorf("%d: %d", set, got)
			}
		}
		if workspace.EachCheck(100000) != 100000 || microsoft.Connections() != 1 {
			t.Error("others are slowed, or hurried")
		}
	})
	t.Run("the large two sign in by browser first; one takes app passwords beside it", func(t *testing.T) {
		if microsoft.SignIn != data.SignInMicrosoft || workspace.SignIn != data.SignInGoogle || workspace.Password != data.PasswordApp || microsoft.Password != data.PasswordUsual {
			t.Errorf("%+v %+v", microsoft, workspace)
		}
	})
	t.Run("who takes no password is not asked for one", func(t *testing.T) {
		for _, p := range data.Providers() {
			if p.NoLogin && p.Password != data.PasswordNone || p.Password == data.PasswordNone && !p.NoLogin && p.SignIn == data.SignInNone {
				t.Errorf("%+v", p)
			}
		}
	})
	t.Run("addresses of a provider are its own, a school's are not", func(t *testing.T) {
		gmail, _ := data.ProviderByID(data.ProviderGmail)
		if !gmail.Own("gmail.com") || gmail.Own("school.test") || workspace.Own("gmail.com") {
			t.Error("mixed up")
		}
		if _, ok := data.ProviderByID("nobody"); ok {
			t.Error("found nobody")
		}
	})
}

func TestMaskAddresses(t *testing.T) {
	got := data.MaskAddresses("550 <child@pupils.test>: user unknown; from library@school.test.", "library@school.test", "")
	if want := "550 <***@pupils.test>: user unknown; from library@school.test."; got != want {
		t.Fatal(got)
	}
}

func TestQuestionOf(t *testing.T) {
	set, _ := data.ParseSettings(map[string]string{"from.address": "library@school.test", "server1.host": "smtp.school.test", "server1.user": "a@school.test", "server2.host": "relay.school.test"})
	t.Run("asks about every server that is set, and the account that signs in", func(t *testing.T) {
		q := data.QuestionOf(&set)
		if q.From != "library@school.test" || q.Account != "a@school.test" || len(q.Servers) != 2 || q.Servers[1].Host != "relay.school.test" {
			t.Fatalf("%+v", q)
		}
	})
	t.Run("an account that is not used does not count", func(t *testing.T) {
		set.Server1.Auth = data.AuthNone
		if q := data.QuestionOf(&set); q.Account != "" {
			t.Fatal(q.Account)
		}
	})
}
