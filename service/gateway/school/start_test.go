package school_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"strconv"
	"strings"
	"testing"

	"smtpgateway/service/gateway/school"
)

// dial greets one port of the school as any program would.
func dial(t *testing.T, s *school.School, port int, implicit bool) *smtp.Client {
	t.Helper()
	address := net.JoinHostPort(s.Host, strconv.Itoa(port))
	trust := &tls.Config{RootCAs: s.CA, ServerName: s.Host, MinVersion: tls.VersionTLS12}
	var conn net.Conn
	var err error
	if implicit {
		conn, err = tls.Dial("tcp", address, trust)
	} else {
		conn, err = net.Dial("tcp", address)
	}
	if err != nil {
		t.Fatal(err)
	}
	c, err := smtp.NewClient(conn, s.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if ok, _ := c.Extension("STARTTLS"); ok {
		if err := c.StartTLS(trust); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func TestSchool(t *testing.T) {
	s := school.Start(t)
	signIn := smtp.PlainAuth("", s.User, s.Password, s.Host)

	t.Run("mail is taken from those who sign in, and lies in the mailbox as it came", func(t *testing.T) {
		for port, implicit := range map[int]bool{s.SubmissionPort: false, s.TLSPort: true} {
			to := fmt.Sprintf("reader-%d@example.org", port)
			c := dial(t, s, port, implicit)
			if err := c.Auth(signIn); err != nil {
				t.Fatal(err)
			}
			send(t, c, to, "Subject: Hello\r\n\r\n.one\r\ntwo\r\n")
			letter := s.Arrived(t, to, 1)[0]
			if !bytes.HasSuffix(letter.Header, []byte("\nSubject: Hello")) || string(letter.Body) != ".one\ntwo\n" {
				t.Fatalf("arrived as:\n%s", letter.Raw)
			}
		}
	})
	t.Run("mail is taken without signing in on the relay port", func(t *testing.T) {
		send(t, dial(t, s, s.RelayPort, false), "relayed@example.org", "Subject: Hello\r\n\r\nHello\r\n")
		s.Arrived(t, "relayed@example.org", 1)
	})
	t.Run("nobody is let in with a wrong password", func(t *testing.T) {
		err := dial(t, s, s.SubmissionPort, false).Auth(smtp.PlainAuth("", s.User, "wrong", s.Host))
		if err == nil || !strings.HasPrefix(err.Error(), "535") {
			t.Fatalf("got %v, want 535", err)
		}
	})
	t.Run("nobody sends through it without signing in", func(t *testing.T) {
		c := dial(t, s, s.SubmissionPort, false)
		if err := c.Mail("library@example.org"); err != nil {
			t.Fatal(err)
		}
		if err := c.Rcpt("reader@example.org"); err == nil || !strings.HasPrefix(err.Error(), "554") {
			t.Fatalf("got %v, want 554", err)
		}
	})
	t.Run("an unknown reader is refused", func(t *testing.T) {
		c := dial(t, s, s.RelayPort, false)
		if err := c.Mail("library@example.org"); err != nil {
			t.Fatal(err)
		}
		err := c.Rcpt(school.Unknown + "@example.org")
		var said *textproto.Error
		if !errors.As(err, &said) || said.Code != 550 || !strings.HasPrefix(said.Msg, "5.1.1 ") {
			t.Fatalf("got %v, want 550 5.1.1", err)
		}
	})
}

func TestStopPostfix(t *testing.T) {
	t.Run("nobody answers while it is down, and after that it is the same server", func(t *testing.T) {
		s := school.Start(t, school.Password("seven letters"))
		address := net.JoinHostPort(s.Host, strconv.Itoa(s.RelayPort))
		s.StopPostfix()
		if c, err := net.Dial("tcp", address); err == nil {
			_ = c.Close()
			t.Fatal("somebody answers")
		}
		s.StartPostfix(t)
		c := dial(t, s, s.SubmissionPort, false)
		if err := c.Auth(smtp.PlainAuth("", s.User, "seven letters", s.Host)); err != nil {
			t.Fatal(err)
		}
		send(t, c, "reader@example.org", "Subject: Hello\r\n\r\nHello\r\n")
		s.Arrived(t, "reader@example.org", 1)
	})
}

func send(t *testing.T, c *smtp.Client, to, text string) {
	t.Helper()
	if err := c.Mail("library@example.org"); err != nil {
		t.Fatal(err)
	}
	if err := c.Rcpt(to); err != nil {
		t.Fatal(err)
	}
	w, err := c.Data()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}
