package screen_test

import (
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

func TestStart(t *testing.T) {
	fresh := func(t *testing.T) (*screentest.Bench, *screen.Settings, *string) {
		t.Helper()
		b := screentest.New(t)
		b.Look()
		s := screen.NewSettings(b.Desk)
		led := new(string)
		s.OnFocus = func(name string) { *led = name }
		return b, s, led
	}
	want := func(t *testing.T, s *screen.Settings, values ...string) {
		t.Helper()
		for i := 0; i < len(values); i += 2 {
			if got := s.Value(values[i]); got != values[i+1] {
				t.Errorf("%s is %q, not %q", values[i], got, values[i+1])
			}
		}
	}
	t.Run("a known domain fills in everything but the password, and leads there", func(t *testing.T) {
		b, s, led := fresh(t)
		if !s.Fresh() {
			t.Error("not fresh")
		}
		s.StartFrom("Library@gmail.com")
		want(t, s, "server1.host", "smtp.gmail.com", "server1.port", "465", "server1.security", "tls", "server1.user", "Library@gmail.com",
			"from.address", "Library@gmail.com", "test_to", "Library@gmail.com", "server1.recipients_per_day", "450")
		if a := s.Answer(); !strings.Contains(a.Note, "app password") || a.Filled != "Filled in for Gmail." || *led != "server1.password" || s.Hint(*led) != a.Note || s.Hint("server1.port") == a.Note {
			t.Fatalf("%+v %q", a, *led)
		}
		s.Set("server1.password", "abcdefghijklmnop")
		s.Save(nil)
		b.Settle()
		if !s.Said().Good || s.Fresh() {
			t.Fatalf("%+v", s.Said())
		}
	})
	t.Run("the address for tests stays if there is one", func(t *testing.T) {
		_, s, _ := fresh(t)
		s.Set("test_to", "it@school.test")
		s.StartFrom("library@web.de")
		want(t, s, "test_to", "it@school.test", "server1.user", "library")
	})
	t.Run("what is no address is refused with the reason, and nothing is filled in", func(t *testing.T) {
		_, s, _ := fresh(t)
		s.StartFrom("library")
		if s.Answer().Wrong == "" || s.Dirty() {
			t.Fatalf("%+v", s.Answer())
		}
	})
	school := []struct {
		promise string
		choice  int
		led     string
		values  []string
	}{
		{"Google Workspace", 0, "server1.password", []string{"server1.host", "smtp.gmail.com", "server1.user", "library@school.test", "server1.recipients_per_day", "1800", "server1.auth", "auto"}},
		{"Microsoft 365, which takes passwords no longer", 1, "", []string{"server1.host", "smtp.office365.com", "server1.port", "587", "server1.security", "starttls", "server1.recipients_per_day", "9000"}},
		{"a school relay: port 25, no login, protected where it is offered", 2, "server1.host", []string{"server1.host", "", "server1.port", "25", "server1.user", "", "server1.auth", "none", "server1.security", "starttls", "server1.allow_insecure", "true", "from.address", "library@school.test"}},
		{"the relay of Google: no login, and nobody is asked for a password", 3, "", []string{"server1.host", "smtp-relay.gmail.com", "server1.port", "587", "server1.user", "", "server1.auth", "none", "server1.recipients_per_day", "9000"}},
		{"another server: only the addresses are filled in", 4, "server1.host", []string{"server1.host", "", "server1.port", "587", "server1.user", "library@school.test", "test_to", "library@school.test"}},
	}
	for _, c := range school {
		t.Run("a school's own domain asks who carries its mail: "+c.promise, func(t *testing.T) {
			_, s, led := fresh(t)
			s.StartFrom("library@school.test")
			if a := s.Answer(); len(a.Choices) != 5 || !strings.Contains(a.Ask, "school.test") || s.Dirty() {
				t.Fatalf("%+v", a)
			}
			s.StartWith(c.choice)
			want(t, s, c.values...)
			if *led != c.led || s.Answer().Ask != "" || s.Answer().Filled == "" {
				t.Fatalf("%q %+v", *led, s.Answer())
			}
		})
	}
	t.Run("a second answer leaves nothing of the first", func(t *testing.T) {
		_, s, _ := fresh(t)
		s.StartFrom("library@school.test")
		s.StartWith(2)
		s.StartFrom("library@school.test")
		s.StartWith(1)
		want(t, s, "server1.allow_insecure", "false", "server1.auth", "auto", "server1.port", "587", "server1.user", "library@school.test")
	})
	t.Run("a relay takes a stored password away", func(t *testing.T) {
		b, s, _ := fresh(t)
		s.StartFrom("library@gmail.com")
		s.Set("server1.password", "secret")
		s.Save(nil)
		b.Settle()
		s.StartFrom("library@school.test")
		s.StartWith(2)
		s.Set("server1.host", "relay.school.test")
		s.Save(nil)
		b.Settle()
		if !s.Said().Good || storedValue(t, b, "server1.password") != "" {
			t.Fatalf("%+v", s.Said())
		}
	})
	found := func(id string, how data.Finding) data.FoundProvider {
		return data.FoundProvider{ID: id, Finding: how, How: "The mail goes there."}
	}
	t.Run("what DNS knows for certain is filled in, told, and may be changed", func(t *testing.T) {
		b, s, led := fresh(t)
		b.Mail.Finds(found(data.ProviderMicrosoft, data.FindingGood), nil)
		s.Set("messages_each_check", "100")
		s.StartFrom("library@school.test")
		b.Settle()
		want(t, s, "server1.host", "smtp.office365.com", "server1.user", "library@school.test", "server1.recipients_per_day", "9000", "messages_each_check", "25", "server1.connections", "1")
		if a := s.Answer(); a.Found != "The mail goes there." || a.Filled == "" || len(a.Choices) != 5 || *led != "" {
			t.Fatalf("%+v %q", a, *led)
		}
		s.StartWith(2)
		want(t, s, "server1.host", "", "server1.auth", "none")
		if a := s.Answer(); a.Ask != "" || a.Found != "" {
			t.Fatalf("%+v", a)
		}
	})
	t.Run("what is only likely is told beside the question, and nothing is filled in", func(t *testing.T) {
		for _, how := range []data.FoundProvider{found(data.ProviderWorkspace, data.FindingLook), found("", data.FindingBad), {}} {
			b, s, _ := fresh(t)
			b.Mail.Finds(how, nil)
			s.StartFrom("library@school.test")
			b.Settle()
			if a := s.Answer(); a.Ask == "" || a.Filled != "" || a.Found == "" || strings.Contains(a.Found, "...") || s.Dirty() {
				t.Fatalf("%+v", a)
			}
		}
	})
	t.Run("who answers or asks anew while DNS is asked is not overruled", func(t *testing.T) {
		for promise, meanwhile := range map[string]func(s *screen.Settings){
			"answered":      func(s *screen.Settings) { s.StartWith(2) },
			"asked anew":    func(s *screen.Settings) { s.StartFrom("library@gmail.com") },
			"made no sense": func(s *screen.Settings) { s.StartFrom("library") },
		} {
			b, s, _ := fresh(t)
			hold := make(chan struct{})
			b.Mail.Finds(found(data.ProviderMicrosoft, data.FindingGood), hold)
			s.StartFrom("library@school.test")
			if a := s.Answer(); !strings.Contains(a.Found, "Looking up") || a.Ask == "" {
				t.Fatalf("%+v", a)
			}
			meanwhile(s)
			close(hold)
			b.Settle()
			if got := s.Value("server1.host"); got == "smtp.office365.com" {
				t.Errorf("%s: %s", promise, got)
			}
		}
	})
	t.Run("an address whose domain tells it asks nobody", func(t *testing.T) {
		b, s, _ := fresh(t)
		s.StartFrom("library@gmail.com")
		b.Settle()
		if asked := b.Mail.Asked(); len(asked) != 0 {
			t.Fatal(asked)
		}
	})
	t.Run("an answer nobody asked for changes nothing", func(t *testing.T) {
		_, s, _ := fresh(t)
		s.StartWith(0)
		s.StartFrom("library@school.test")
		s.StartWith(9)
		if s.Dirty() {
			t.Fatal("filled in")
		}
	})
}
