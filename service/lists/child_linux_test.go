package lists_test

import (
	"strings"
	"testing"
	"time"

	"smtpgateway/service/lists"
)

// TestChild looks at what happens where the process that reads lists does not do its work.
func TestChild(t *testing.T) {
	with := func(t *testing.T, take lists.Taker) *shelf {
		t.Helper()
		s := newSchool(t)
		_ = s.l.Close()
		s.take = take
		s.open()
		s.put("loans.csv", books)
		return s
	}
	t.Run("one that cannot be started: the list is taken in all the same", func(t *testing.T) {
		if r := with(t, lists.Child("/no/such/program")).look(); len(r.Imported) != 1 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("one that ends in the middle: the list is tried once more, then held, and nothing is changed", func(t *testing.T) {
		s := with(t, lists.Child("/bin/sh", "-c", `read order; echo '{"result":{"list":0,"begun":true}}'; exit 2`))
		s.Set(s.Now().Add(time.Hour))
		for held := range 2 {
			r, err := s.l.Look(t.Context())
			if err != nil || r.Held != held || r.Waiting != 1-held || len(r.Imported) != 0 {
				t.Fatalf("%+v %v", r, err)
			}
		}
		if words, remedy := s.l.Trouble(); !strings.Contains(words, "ended in the middle") || remedy == "" || !strings.Contains(s.names(), "loans.csv.held") {
			t.Fatal(words, s.names())
		}
	})
	t.Run("one that refuses: its error is told, and the list stays", func(t *testing.T) {
		s := with(t, lists.Child("/bin/sh", "-c", `read order; echo '{"refuse":{"code":"disk-full","sentence":"The disk is full.","next":"Make room."}}'`))
		s.Set(s.Now().Add(time.Hour))
		if _, err := s.l.Look(t.Context()); err == nil || !strings.Contains(err.Error(), "The disk is full.") || s.names() != "loans.csv" {
			t.Fatal(err, s.names())
		}
	})
}
