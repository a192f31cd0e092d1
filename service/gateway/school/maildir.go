package school

import (
	"bytes"
	"context"
	"net/mail"
	"os"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fsnotify/fsnotify"
)

// nobody owns the mailboxes.
const nobody = 65534

// Letter is one message in a mailbox, with the bare line feeds a Maildir has.
type Letter struct {
	Path   string
	Raw    []byte
	Header []byte // up to the blank line, without it: the servers' trace, then what was sent
	Body   []byte // after the blank line
}

// Field is the first header field of that name, as net/mail reads it.
func (l Letter) Field(name string) string {
	m, err := mail.ReadMessage(bytes.NewReader(l.Raw))
	if err != nil {
		return ""
	}
	return m.Header.Get(name)
}

var queueID = regexp.MustCompile(`\bid ([0-9A-Za-z]+)\b`)

// QueueID is what the mail log calls the message; empty: none of the servers gave it a name.
func (l Letter) QueueID() string {
	if found := queueID.FindStringSubmatch(l.Field("Received")); found != nil {
		return found[1]
	}
	return ""
}

// Maildir reads the messages that have arrived for an address so far, oldest first.
func (s *School) Maildir(t testing.TB, address string) []Letter {
	t.Helper()
	var letters []Letter
	for _, part := range []string{"cur", "new"} {
		names, err := filepath.Glob(s.path("post", "box", part, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			header, body, _ := bytes.Cut(raw, []byte("\n\n"))
			l := Letter{Path: name, Raw: raw, Header: header, Body: body}
			if strings.EqualFold(l.Field("Delivered-To"), address) {
				letters = append(letters, l)
			}
		}
	}
	slices.SortStableFunc(letters, func(a, b Letter) int {
		return strings.Compare(filepath.Base(a.Path), filepath.Base(b.Path))
	})
	return letters
}

// Arrived waits until an address has at least n messages and reads them: Postfix delivers after it has said yes.
func (s *School) Arrived(t testing.TB, address string, n int) []Letter {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	watch, err := fsnotify.NewWatcher()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = watch.Close() }()
	if err := watch.Add(s.path("post", "box", "new")); err != nil {
		t.Fatal(err)
	}
	for {
		if letters := s.Maildir(t, address); len(letters) >= n {
			return letters
		}
		select {
		case <-watch.Events:
		case err := <-watch.Errors:
			t.Fatal(err)
		case <-ctx.Done():
			t.Fatalf("%s has %d messages, not %d", address, len(s.Maildir(t, address)), n)
		}
	}
}

func (s *School) makePostbox() error {
	for _, name := range []string{"post", "post/box", "post/box/tmp", "post/box/new", "post/box/cur"} {
		if err := os.Mkdir(s.path(name), 0o755); err != nil {
			return err
		}
		if err := os.Chown(s.path(name), nobody, nobody); err != nil {
			return err
		}
	}
	return nil
}

func giveTo(account, path string) error {
	u, err := user.Lookup(account)
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return err
	}
	return os.Chown(path, uid, -1)
}
