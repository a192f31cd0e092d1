package main

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"smtpgateway/service/gateway/school"
)

// TestSchool takes a file from the folder to a mailbox of a real Postfix, as a school would.
func TestSchool(t *testing.T) {
	s := school.Start(t)
	exe := program(t)
	body := strings.Join([]string{"Dear reader,", "", ".", "..two dots", "From here on", "trailing blanks  ", "Bücher, préstamos", strings.Repeat("y", 990), ""}, "\n")
	header := "From: Circulation <circulation@old.example.org>\nTo: Reader <reader@example.org>\nBcc: hidden@example.org\nSubject: Overdue\n" +
		"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\nX-Library: kept\n\n"
	for _, way := range []struct{ promise, port, security string }{
		{"through STARTTLS with a password", strconv.Itoa(s.SubmissionPort), "starttls"},
		{"through TLS from the first byte with a password", strconv.Itoa(s.TLSPort), "tls"},
	} {
		t.Run("a dropped file arrives byte for byte "+way.promise, func(t *testing.T) {
			d := newDesk(t, "server1.host="+s.Host, "server1.port="+way.port, "server1.security="+way.security, "server1.user="+s.User,
				"server1.password="+s.Password, "from.address=library@example.org", "from.name=School Library", "log.daily_at=", "test_to=reader-test@example.org")
			to := "reader-" + way.security + "@example.org"
			d.drop("letter.TMP", strings.Replace(header, "reader@example.org", to, 1)+body)
			c := exec.Command(exe, "--data", d.data, "once")
			c.Env = append(os.Environ(), "SSL_CERT_FILE="+s.CAFile)
			if out, err := c.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s\n%+v", err, out, d.list())
			}
			letter := s.Arrived(t, to, 1)[0]
			head, got, ok := bytes.Cut(letter.Raw, []byte("\n\n"))
			if !ok || string(got) != body {
				t.Fatalf("the body arrived as %q", got)
			}
			fields := "\n" + string(head) + "\n"
			for _, want := range []string{"\nFrom: School Library <library@example.org>\n", "\nReply-To: ", "circulation@old.example.org", "\nX-Library: kept\n", "\nMessage-ID: <", "\nDate: "} {
				if !strings.Contains(strings.ReplaceAll(fields, "\"", ""), want) && !strings.Contains(strings.ToLower(fields), strings.ToLower(want)) {
					t.Errorf("%q is missing in\n%s", want, head)
				}
			}
			if strings.Contains(fields, "hidden@example.org>") || strings.Contains(strings.ToLower(fields), "\nbcc:") {
				t.Errorf("Bcc is still there:\n%s", head)
			}
			s.Arrived(t, "hidden@example.org", 1)
			if left := d.files(); len(left) != 0 {
				t.Errorf("left in the folder: %v", left)
			}
		})
	}
	t.Run("the test message arrives and its result is kept", func(t *testing.T) {
		d := newDesk(t, "server1.host="+s.Host, "server1.port="+strconv.Itoa(s.SubmissionPort), "server1.user="+s.User,
			"server1.password="+s.Password, "from.address=library@example.org", "log.daily_at=", "test_to=tester@example.org")
		c := exec.Command(exe, "--data", d.data, "test")
		c.Env = append(os.Environ(), "SSL_CERT_FILE="+s.CAFile)
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		s.Arrived(t, "tester@example.org", 1)
		var v statusView
		d.json(&v, "status")
		if !v.LastTestOK || v.LastTestedOn.IsZero() || !strings.Contains(v.LastTestResult, "tester@example.org") {
			t.Fatalf("%+v", v)
		}
	})
	t.Run("a wrong password stops the server and no message", func(t *testing.T) {
		d := newDesk(t, "server1.host="+s.Host, "server1.port="+strconv.Itoa(s.SubmissionPort), "server1.user="+s.User,
			"server1.password=wrong-"+s.Password, "from.address=library@example.org", "log.daily_at=")
		d.drop("a.TMP", letterTo("Overdue", "p@example.org"))
		c := exec.Command(exe, "--data", d.data, "once")
		c.Env = append(os.Environ(), "SSL_CERT_FILE="+s.CAFile)
		out, _ := c.CombinedOutput()
		if c.ProcessState.ExitCode() != exitNo || !strings.Contains(string(out), "password is wrong") || strings.Contains(string(out), s.Password) {
			t.Fatalf("%s", out)
		}
		if e := d.list()[0]; e.State != "waiting" {
			t.Fatalf("%+v", e)
		}
	})
}
