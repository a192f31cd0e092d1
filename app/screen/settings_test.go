package screen_test

import (
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// settings gives the screen on a database with usable settings.
func settings(t *testing.T) (*screentest.Bench, *screen.Settings) {
	t.Helper()
	b := screentest.New(t)
	b.Configured()
	b.Look()
	return b, screen.NewSettings(b.Desk)
}

// storedValue is what lies in the store, by the service's opening of it.
func storedValue(t *testing.T, b *screentest.Bench, name string) string {
	t.Helper()
	values, _, err := b.Store.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return values[name]
}

func TestSettings(t *testing.T) {
	t.Run("every setting is a field with a label, a hint and a place", func(t *testing.T) {
		_, s := settings(t)
		n := 0
		for _, g := range []screen.FieldGroup{screen.GroupServer, screen.GroupSignIn, screen.GroupSender, screen.GroupFolder, screen.GroupTest, screen.GroupMore, screen.GroupServer2, screen.GroupSignIn2, screen.GroupLibrary, screen.GroupNotices} {
			for _, f := range s.Fields(g) {
				n++
				if f.Label == "" || f.Hint == "" {
					t.Errorf("%s has label %q, hint %q", f.Name, f.Label, f.Hint)
				}
				if f.Kind == screen.FieldChoice && len(f.Choices) < 3 {
					t.Errorf("%s has the choices %q", f.Name, f.Choices)
				}
				for _, c := range f.Choices {
					if want, _ := data.FieldByName(f.Name); want.Name == f.Name && strings.EqualFold(c, want.Default) {
						t.Errorf("%s shows the stored word %q", f.Name, c)
					}
				}
			}
		}
		if n != len(data.Fields()) {
			t.Errorf("%d of %d", n, len(data.Fields()))
		}
	})
	t.Run("what is asked first is what the library must know", func(t *testing.T) {
		_, s := settings(t)
		var names []string
		for _, g := range []screen.FieldGroup{screen.GroupServer, screen.GroupSender, screen.GroupFolder, screen.GroupTest} {
			for _, f := range s.Fields(g) {
				names = append(names, f.Name)
			}
		}
		want := "server1.host server1.port server1.security server1.ehlo server1.user server1.password from.address folder minutes_between_checks messages_each_check test_to"
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s", got)
		}
	})
	t.Run("what is typed back to what is stored is no change", func(t *testing.T) {
		_, s := settings(t)
		s.Set("server1.port", "587")
		if !s.Dirty() || !s.Edited("server1.port") || s.Value("server1.port") != "587" {
			t.Fatal("not typed")
		}
		s.Set("server1.port", "2525")
		if s.Dirty() {
			t.Fatal("still dirty")
		}
	})
	t.Run("revert brings back what is stored, passwords too", func(t *testing.T) {
		_, s := settings(t)
		s.Set("server1.port", "587")
		s.Set("server1.password", "secret")
		s.SetChoice("server1.security", 1)
		s.Revert()
		if s.Dirty() || s.Value("server1.port") != "2525" || s.Choice("server1.security") != 2 {
			t.Fatal(s.Dirty(), s.Value("server1.port"))
		}
	})
	t.Run("the one who looks is told of every change", func(t *testing.T) {
		b, s := settings(t)
		n := 0
		s.OnChange = func() { n++ }
		s.Set("from.name", "Library")
		s.Set("from.name", "Library")
		if n != 1 {
			t.Fatal(n)
		}
		b.Save(map[string]string{"test_to": "new@school.test"})
		b.Look()
		if n != 2 || s.Value("test_to") != "new@school.test" {
			t.Fatal(n, s.Value("test_to"))
		}
	})
	t.Run("a name that is no setting changes nothing", func(t *testing.T) {
		_, s := settings(t)
		s.Set("no.such", "x")
		s.SetChoice("no.such", 0)
		s.Forget("no.such")
		s.Take("no.such")
		if s.Dirty() || s.Value("no.such") != "" || s.Choice("no.such") != -1 || s.Placeholder("no.such") != "" {
			t.Fatal("something changed")
		}
	})
	t.Run("the empty folder shows the usual one", func(t *testing.T) {
		b, s := settings(t)
		if s.Placeholder("folder") != b.Place().Folder {
			t.Fatal(s.Placeholder("folder"))
		}
	})
}

// judged is one value typed over usable settings, and what is to be said below its field.
type judged struct {
	promise     string
	values      map[string]string
	field       string
	says, offer string
	wrong       bool
}

func TestSettingsJudged(t *testing.T) {
	cases := []judged{
		{"56 a server with scheme is refused with the name offered", map[string]string{"server1.host": "smtp://mail.school.test"}, "server1.host", "without anything before ://", "Did you mean mail.school.test?", true},
		{"56 a server with a port is refused with the name offered", map[string]string{"server1.host": "mail.school.test:587"}, "server1.host", "port 587 has a field of its own", "Did you mean mail.school.test?", true},
		{"56 a server with a blank is refused with the repair", map[string]string{"server1.host": "mail school.test"}, "server1.host", "not a server name", "Did you mean mailschool.test?", true},
		{"56 IPv6 in brackets is fine", map[string]string{"server1.host": "[::1]"}, "server1.host", "", "", false},
		{"56 a name in Unicode is fine", map[string]string{"server1.host": "bücher.example"}, "server1.host", "", "", false},
		{"57 port 0 is refused with the range", map[string]string{"server1.port": "0"}, "server1.port", "from 1 to 65535", "", true},
		{"57 port -1 is refused", map[string]string{"server1.port": "-1"}, "server1.port", "from 1 to 65535", "", true},
		{"57 port 65536 is refused", map[string]string{"server1.port": "65536"}, "server1.port", "from 1 to 65535", "", true},
		{"57 port abc is refused", map[string]string{"server1.port": "abc"}, "server1.port", `"abc" is not a number`, "", true},
		{"857 asks whether 587 was meant", map[string]string{"server1.port": "857"}, "server1.port", "857 is a well-known misprint.", "Did you mean 587?", false},
		{"58 465 with STARTTLS is questioned, with the repair in words", map[string]string{"server1.port": "465", "server1.security": "starttls"}, "server1.security", "it wants TLS", "Choose: Protected from the first byte (TLS)", false},
		{"58 587 with TLS is questioned", map[string]string{"server1.port": "587", "server1.security": "tls"}, "server1.security", "it wants STARTTLS", "Choose: Protected from the start of the talk (STARTTLS, usual)", false},
		{"59 a password without protection is refused", map[string]string{"server1.allow_insecure": "false", "server1.user": "lib", "server1.password": "x"}, "server1.security", "would travel unprotected", "Choose: Protected from the start of the talk (STARTTLS, usual)", true},
		{"59 a password without protection is let through where it is allowed", map[string]string{"server1.user": "lib", "server1.password": "x"}, "server1.security", "", "", false},
		{"60 a password with spaces, section sign and emoji is fine", map[string]string{"server1.user": "lib", "server1.password": " § 🙂 "}, "server1.password", "", "", false},
		{"60 a password with a line break is refused", map[string]string{"server1.user": "lib", "server1.password": "x\ny"}, "server1.password", "line break", "", true},
		{"60 a password of 1 MB is refused", map[string]string{"server1.user": "lib", "server1.password": strings.Repeat("x", 1<<20)}, "server1.password", "longer than", "", true},
		{"61 an EHLO name no server takes is refused", map[string]string{"server1.ehlo": "my computer!"}, "server1.ehlo", "not a name a server accepts", "", true},
		{"62 a From that is no address is refused", map[string]string{"from.address": "library"}, "from.address", "there is no @", "", true},
		{"63 0 minutes are refused with the range", map[string]string{"minutes_between_checks": "0"}, "minutes_between_checks", "from 1 to 1440", "", true},
		{"63 -5 messages are refused with the range", map[string]string{"messages_each_check": "-5"}, "messages_each_check", "from 1 to 100000", "", true},
		{"63 10^12 hours are refused with the range", map[string]string{"retry.give_up_hours": "1000000000000"}, "retry.give_up_hours", "from 1 to 8760", "", true},
		{"63 an empty number is refused", map[string]string{"minutes_between_checks": ""}, "minutes_between_checks", "is not a number", "", true},
		{"64 a relative folder is refused", map[string]string{"folder": "email"}, "folder", "whole path", "", true},
		{"a time that is none is refused", map[string]string{"log.daily_at": "half past"}, "log.daily_at", "not a time", "", true},
		{"an empty time is fine: no daily log", map[string]string{"log.daily_at": ""}, "log.daily_at", "", "", false},
		{"a From name with a line break is refused", map[string]string{"from.name": "Library\r\nBcc: x@y.test"}, "from.name", "line break", "", true},
		{"a certificate that is none is refused", map[string]string{"server1.certificate": "abc"}, "server1.certificate", "SHA-256", "", true},
		{"practice mode without an address is refused", map[string]string{"practice": "true", "test_to": ""}, "test_to", "Practice mode needs", "", true},
		{"messages kept longer than their history are refused", map[string]string{"keep.bodies_days": "500"}, "keep.bodies_days", "longer than their history", "Did you mean 400?", true},
		{"a domain without a dot is questioned", map[string]string{"from.address": "library@school"}, "from.address", "no dot", "", false},
		{"server 2 is judged like server 1", map[string]string{"server2.host": "b.test", "server2.port": "857"}, "server2.port", "857 is a well-known misprint.", "Did you mean 587?", false},
	}
	for _, c := range cases {
		t.Run(c.promise, func(t *testing.T) {
			_, s := settings(t)
			for name, v := range c.values {
				s.Set(name, v)
			}
			n := s.Note(c.field)
			if n.Wrong != c.wrong || n.Offer != c.offer || c.says == "" != (n.Text == "") || !strings.Contains(n.Text, c.says) {
				t.Fatalf("%+v", n)
			}
			if wrong := s.FirstWrong(); (wrong != "") != c.wrong || c.wrong && wrong != c.field {
				t.Errorf("first wrong: %q", wrong)
			}
		})
	}
	t.Run("a client secret is typed like a password, also while another field is wrong", func(t *testing.T) {
		_, s := settings(t)
		for name, v := range map[string]string{"server1.signin": "google", "server1.user": "lib@a.test", "server1.client_id": "id", "server1.client_secret": "hunter2", "server1.port": "abc"} {
			s.Set(name, v)
		}
		if n := s.Note("server1.client_secret"); n.Text != "" || s.FirstWrong() != "server1.port" {
			t.Fatalf("%+v, first wrong %s", n, s.FirstWrong())
		}
	})
	t.Run("every repair that is offered repairs", func(t *testing.T) {
		for _, c := range cases {
			if c.offer == "" {
				continue
			}
			_, s := settings(t)
			for name, v := range c.values {
				s.Set(name, v)
			}
			s.Take(c.field)
			if n := s.Note(c.field); n.Text != "" {
				t.Errorf("%s: still %+v", c.promise, n)
			}
		}
	})
	t.Run("56 a port pasted with the server goes into its own field", func(t *testing.T) {
		_, s := settings(t)
		s.Set("server1.host", "smtp://mail.school.test:465/")
		s.Take("server1.host")
		if s.Value("server1.host") != "mail.school.test" || s.Value("server1.port") != "465" {
			t.Fatal(s.Value("server1.host"), s.Value("server1.port"))
		}
	})
	t.Run("a mistyped field does not hide what is wrong elsewhere", func(t *testing.T) {
		_, s := settings(t)
		s.Set("server1.port", "465")
		s.Set("server1.security", "starttls")
		s.Set("from.address", "library")
		if s.Note("server1.security").Offer == "" || !s.Note("from.address").Wrong {
			t.Fatalf("%+v", s.Note("server1.security"))
		}
	})
	t.Run("a mistyped field is not read as its default by its neighbours", func(t *testing.T) {
		_, s := settings(t)
		s.Set("server1.security", "tls")
		s.Set("server1.port", "abc")
		s.Set("keep.bodies_days", "450")
		s.Set("keep.history_days", "x")
		if n, m := s.Note("server1.security"), s.Note("keep.bodies_days"); n.Text != "" || m.Text != "" {
			t.Fatalf("%+v %+v", n, m)
		}
	})
	t.Run("what nobody came to yet is not held against the person", func(t *testing.T) {
		b := screentest.New(t)
		b.Look()
		s := screen.NewSettings(b.Desk)
		if s.Note("server1.host").Text != "" || s.Note("from.address").Text != "" || len(s.Missing()) != 2 {
			t.Fatalf("%+v, missing %q", s.Note("server1.host"), s.Missing())
		}
		s.Set("server1.user", "lib")
		if s.Note("server1.password").Text != "" {
			t.Fatalf("%+v", s.Note("server1.password"))
		}
	})
	t.Run("41 what lies in the store and cannot be used is shown with its reason", func(t *testing.T) {
		b := screentest.New(t)
		b.Configured()
		b.Save(map[string]string{"server1.port": "abc"})
		b.Look()
		s := screen.NewSettings(b.Desk)
		if s.Value("server1.port") != "abc" || !s.Note("server1.port").Wrong || s.Dirty() {
			t.Fatalf("%q %+v", s.Value("server1.port"), s.Note("server1.port"))
		}
	})
}
