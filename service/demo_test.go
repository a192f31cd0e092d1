package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpgateway/assets"
	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
)

func TestDemo(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	t.Run("a person reads the whole story", func(t *testing.T) {
		out := newDesk(t).ok("demo")
		for _, want := range []string{
			"40 patrons in 5 groups", "letters about Cuthbert are held", "Rehearsed: tomorrow", "wait for your yes", "A person says yes.", "Letters \"Overdue, first letter\" to the class Herons",
			"to print: ", "check 1", "check 2", "[####", "could not be sent", "user-unknown@example.org (notice)", "The address of Gideon Larkspindle is marked", ".BAD", "received",
		} {
			if !strings.Contains(out, want) {
				t.Errorf("%q is missing in\n%s", want, out)
			}
		}
	})
	var told demoTold
	if err := json.Unmarshal([]byte(newDesk(t).ok("demo", "--json")), &told); err != nil {
		t.Fatal(err)
	}
	letters := readAll(t, told.Received)
	t.Run("a program reads the same, and it adds up", func(t *testing.T) {
		dropped := told.Messages - told.Notices - told.Letters
		if told.Patrons != 40 || told.Loans != 70 || told.Groups != 5 || told.Notices < 20 || told.Letters < 5 || told.Pages != 3 || dropped != 12 ||
			told.LeftOut["no-address"] != 3 || told.LeftOut["held-patron"] != 1 || told.LeftOut["off"] == 0 {
			t.Errorf("%+v", told)
		}
		if told.Messages != len(letters) || told.States[data.Failed] != 2 || told.States[data.Waiting] != 0 || told.States[data.Sent] < told.Messages {
			t.Errorf("%d letters, %+v", len(letters), told)
		}
	})
	t.Run("nobody on hold is written to, and a guardian reads no title", func(t *testing.T) { private(t, letters) })
	t.Run("those whom no e-mail reaches are on paper", func(t *testing.T) {
		pdf, err := os.ReadFile(told.Printed)
		if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 5000 {
			t.Errorf("%d octets, %v", len(pdf), err)
		}
	})
	t.Run("what is left can be looked at, and the address that failed is marked", func(t *testing.T) {
		st, err := house.Open(t.Context(), place.At(told.Data), false, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = st.Close() }()
		bad, err := st.Addresses(t.Context())
		if err != nil || len(bad) != 1 || bad[0].Address != assets.SchoolFails {
			t.Errorf("%+v, %v", bad, err)
		}
	})
}

// received is one letter as another reader has it.
type received struct {
	name, to, text string
	notice         bool // written here, not dropped
}

func readAll(t *testing.T, folder string) []received {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	var all []received
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(file, err)
		}
		r := received{name: filepath.Base(file), to: m.Header.Get("To"), notice: m.Header.Get("Auto-Submitted") == "auto-generated"}
		if media, params, err := mime.ParseMediaType(m.Header.Get("Content-Type")); err == nil && media == "multipart/alternative" && r.notice {
			parts := multipart.NewReader(m.Body, params["boundary"])
			for {
				p, err := parts.NextRawPart()
				if err != nil {
					break
				}
				text, err := io.ReadAll(quotedprintable.NewReader(p))
				if err != nil {
					t.Fatal(file, err)
				}
				r.text += string(text)
			}
		}
		all = append(all, r)
	}
	return all
}

// private looks for what nobody should read.
func private(t *testing.T, letters []received) {
	t.Helper()
	people, books := assets.School(time.Now())
	column := func(list []byte, name string) (all []string) {
		rows, err := csv.NewReader(bytes.NewReader(list)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		i := slices.Index(rows[0], name)
		for _, row := range rows[1:] {
			all = append(all, row[i])
		}
		return all
	}
	own, titles := column(people, "email"), column(books, "title")
	toPatron, toGuardian := 0, 0
	for _, l := range letters {
		if !l.notice {
			continue
		}
		if strings.Contains(l.text, "Cuthbert") {
			t.Errorf("%s is about somebody on hold", l.name)
		}
		named := slices.ContainsFunc(titles, func(title string) bool { return strings.Contains(l.text, title) })
		if slices.Contains(own, l.to) {
			toPatron++
			if !named && !strings.Contains(l.text, "&#39;") { // an apostrophe, as HTML has it
				t.Errorf("%s tells %s no title:\n%s", l.name, l.to, l.text)
			}
			continue
		}
		toGuardian++
		if named {
			t.Errorf("%s tells the guardian %s a title:\n%s", l.name, l.to, l.text)
		}
	}
	if toPatron < 15 || toGuardian < 5 {
		t.Errorf("%d letters to patrons, %d to guardians", toPatron, toGuardian)
	}
}
