package main_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	main "smtpgateway/app"
	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
)

// clawsFiles set up Claws Mail for a person who has used it before: an account that sends nothing anywhere, no spelling,
// no folding of lines.
var clawsFiles = map[string]string{
	".claws-mail/clawsrc": "[Common]\nenable_aspell=0\nautowrap=0\nlinewrap_pasted=0\nlinewrap_at_send=0\n",
	".claws-mail/accountrc": "[Account: 1]\naccount_name=Library\nis_default=1\nname=School Library\naddress=library@example.org\n" +
		"protocol=6\nsmtp_server=127.0.0.1\n",
	".claws-mail/folderlist.xml": `<?xml version="1.0" encoding="UTF-8"?>
<folderlist><folder type="mh" name="Mail" path="Mail"><folderitem type="inbox" name="inbox" path="inbox" /><folderitem type="outbox" name="sent" path="sent" />
<folderitem type="queue" name="queue" path="queue" /><folderitem type="draft" name="draft" path="draft" /><folderitem type="trash" name="trash" path="trash" /></folder></folderlist>
`,
	"config/mimeapps.list": "[Default Applications]\nx-scheme-handler/mailto=claws-mail.desktop\n",
}

// draft is a letter as Python's email package reads it.
type draft struct {
	To      string `json:"to"`
	Subject string `json:"subject"`
	Body    string `json:"body"`
}

const draftReader = `import email, email.policy, json, sys
m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
print(json.dumps({'to': m['To'], 'subject': m['Subject'], 'body': m.get_body(('plain',)).get_content()}))
`

// newMailDesk is a screen whose person writes mail with Claws Mail, in a home of their own.
func newMailDesk(t *testing.T) *desk {
	t.Helper()
	for _, tool := range []string{"claws-mail", "xdg-open", "python3"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal(err)
			}
			t.Skipf("%v; ./installer/test installs it", err)
		}
	}
	d := newDesk(t)
	for _, folder := range []string{"inbox", "sent", "queue", "draft", "trash"} {
		if err := os.MkdirAll(filepath.Join(d.home, "Mail", folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range clawsFiles {
		file := filepath.Join(d.home, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		c := exec.Command("claws-mail", "--exit") //nolint:noctx // the test's context has ended
		c.Env = d.env
		_ = c.Run()
	})
	return d
}

// mailClient hands letters of the E-mail panel to a mail program the way the window does, and reads what it made of them.
func mailClient(t *testing.T) {
	t.Helper()
	d := newMailDesk(t)
	for _, setting := range d.env {
		if name, value, _ := strings.Cut(setting, "="); os.Getenv(name) != value {
			t.Setenv(name, value)
		}
	}
	outside := &main.Outside{}
	if name, ok := outside.MailProgram(); name != "Claws Mail" || !ok {
		t.Fatalf("the mail program is %q, %v", name, ok)
	}
	b, m := direct(t)
	open := func() {
		m.Do(screen.DirectProgram)
		b.Settle()
		if len(b.Desktop.Opened) == 0 {
			t.Fatalf("%+v", m.Said())
		}
		if err := outside.Open(b.Desktop.Opened[len(b.Desktop.Opened)-1]); err != nil {
			t.Fatal(err)
		}
	}
	m.SetSubject("Grüße & mehr: 100 % \"gelesen\"? + #1")
	open()
	if got, want := d.written("Grüße", 1), (draft{To: "juergen+lib@example.org", Subject: m.Subject(), Body: m.Text()}); got != want {
		t.Errorf("Claws Mail has\n%+v\nwant\n%+v", got, want)
	}

	var items strings.Builder
	for i := range 40 {
		fmt.Fprintf(&items, "- Les Misérables %02d, à rendre\n", i)
	}
	m.SetText("Bonjour Éloïse,\n\n" + items.String() + "\nÀ bientôt\n„CDI“ — 図書館 😀")
	m.SetSubject("Emprunts")
	open()
	got := d.written("Emprunts", 2)
	kept := strings.Count(got.Body, "\n- Les Misérables ")
	if more := fmt.Sprintf("\n... und %d weitere\n\nÀ bientôt\n„CDI“ — 図書館 😀", 40-kept); kept < 20 || kept == 40 || !strings.HasSuffix(got.Body, more) || !strings.HasPrefix(got.Body, "Bonjour Éloïse,\n\n- Les Misérables 00") {
		t.Errorf("%d of 40 lines, and no %q, in\n%s", kept, more, got.Body)
	}
}

// mailFromWindow chooses a patron in the real window and presses what hands the letter to the mail program.
func mailFromWindow(t *testing.T, program string) {
	t.Helper()
	d := newMailDesk(t)
	folder := filepath.Join(d.home, "data")
	st, err := house.Open(t.Context(), place.At(folder), true, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.SaveSettings(t.Context(), signed, store.AnyRevision); err != nil {
		t.Fatal(err)
	}
	due := time.Now().AddDate(0, 0, -1)
	lend(t, st, data.DateOf(due))
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	w := d.open(program, "--data", folder)
	w.press("Patrons")
	w.click("the patron", func(all []spot) (spot, bool) {
		for _, s := range all {
			if s.Kind == "*canvas.Text" && strings.Contains(s.Words, "Spießhuber") && !s.Hidden {
				return s, true
			}
		}
		return spot{}, false
	})
	w.press("E-mail...")
	w.reads("E-mail Jürgen Spießhuber")
	w.shot("e-mail-panel")
	w.press("Mail program (Claws Mail)")
	got := d.written("Ausgeliehen aus der Bibliothek", 1)
	want := "Hallo Jürgen,\n\ndas hast du aus der Bibliothek ausgeliehen:\n\n- Der Schimmelreiter (É. Ñ.), überfällig seit " + due.Format("02.01.2006") + "\n"
	if got.To != "juergen+lib@example.org" || got.Subject != "Ausgeliehen aus der Bibliothek" || !strings.HasPrefix(got.Body, want) || !strings.HasSuffix(got.Body, "\n\nBücherei „Am Lindenhof“\nRaum 114") {
		t.Errorf("Claws Mail has\n%+v\nwant\n%s", got, want)
	}
	w.reads("Claws Mail opens with the letter.")
}

// signed are settings of a library that signs in German.
var signed = map[string]string{"library.signature": "Bücherei „Am Lindenhof“\nRaum 114", "library.language": "de"}

// lend stores a patron whose name and loans are no plain letters.
func lend(t *testing.T, st *store.Store, due data.Date) (patron int64) {
	t.Helper()
	patron, err := st.SavePatron(t.Context(), data.Patron{Key: "M1", First: "Jürgen", Last: "Spießhuber", Email: "juergen+lib@example.org", Language: "de"})
	if err != nil {
		t.Fatal(err)
	}
	set := &data.ChangeSet{Batch: &data.Batch{Kind: data.RosterLoans, File: "loans.csv", Taken: time.Now()}}
	for i, title := range []string{"Der Schimmelreiter", "Grimms \"Kinder- & Hausmärchen\"", "100% + #1? <b>Œuvre</b>"} {
		set.New = append(set.New, data.Changed{Owner: "M1", Is: &data.Loan{
			Patron: patron, Key: data.LoanKey("M1", fmt.Sprint(i)), Barcode: fmt.Sprint(i), Title: title, Author: "É. Ñ.", Due: due + data.Date(i),
		}})
	}
	if set.Base, err = st.RosterRevision(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := st.Import(t.Context(), set, nil); err != nil {
		t.Fatal(err)
	}
	return patron
}

// direct is the panel for that patron.
func direct(t *testing.T) (*screentest.Bench, *screen.Direct) {
	t.Helper()
	b := screentest.New(t)
	b.Configured()
	b.Save(signed)
	b.SetClock(time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC))
	b.Desktop.Mailer = "Claws Mail"
	b.Look()
	m := screen.NewDirect(b.Desk, lend(t, b.Store, data.NewDate(2026, 11, 20)))
	m.Refresh(screen.Change{})
	b.Settle()
	if !strings.Contains(m.Text(), "Hausmärchen") {
		t.Fatalf("%v, %q", m.Problem(), m.Text())
	}
	return b, m
}

// written saves the letter in the window that appears, as a person would, and reads the file.
func (d *desk) written(title string, number int) draft {
	d.t.Helper()
	file := filepath.Join(d.home, "Mail", "draft", fmt.Sprint(number))
	d.until("the letter in its window, and saved", func() bool {
		c := exec.CommandContext(d.t.Context(), "xdotool", "search", "--onlyvisible", "--name", "^"+title+".* - Compose message")
		c.Env = d.env
		out, err := c.Output()
		if err != nil {
			return false
		}
		window, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
		d.tool("xdotool", "windowactivate", "--sync", window)
		d.tool("xdotool", "mousemove", "--window", window, "350", "200", "click", "--repeat", "3", "4", "key", "--delay", "25", "ctrl+s")
		_, err = os.Stat(file)
		return err == nil
	})
	d.shot("mail-program")
	var got draft
	if err := json.Unmarshal([]byte(d.tool("python3", "-c", draftReader, file)), &got); err != nil {
		d.t.Fatal(err)
	}
	got.Body = strings.TrimSuffix(got.Body, "\n")
	return got
}
