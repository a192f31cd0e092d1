package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

func TestSavePatronConflict(t *testing.T) {
	s, err := store.Create(t.Context(), t.TempDir()+"/gateway.db", store.Options{Now: ticking()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	id, err := s.SavePatron(t.Context(), data.Patron{Key: "1", Last: "Reader", Group: "7B"})
	if err != nil {
		t.Fatal(err)
	}
	first, err := s.Patron(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	mine, theirs := first, first
	mine.Group, theirs.Level = "8B", "8"
	if _, err := s.SavePatron(t.Context(), theirs); err != nil {
		t.Fatal(err)
	}
	t.Run("a patron somebody else changed meanwhile is not overwritten", func(t *testing.T) {
		if _, err := s.SavePatron(t.Context(), mine); data.CodeOf(err) != data.CodeConflict {
			t.Fatal(err)
		}
		if now, err := s.Patron(t.Context(), id); err != nil || now.Group != "7B" || now.Level != "8" {
			t.Fatal(now, err)
		}
	})
	t.Run("nothing to change is no conflict", func(t *testing.T) {
		same := theirs
		if _, err := s.SavePatron(t.Context(), same); err != nil {
			t.Fatal(err)
		}
	})
}

// ticking is a clock on which no two looks show the same.
func ticking() func() time.Time {
	at := time.Date(2026, 11, 24, 10, 42, 0, 0, time.UTC)
	return func() time.Time {
		at = at.Add(time.Second)
		return at
	}
}

func TestChangePatrons(t *testing.T) {
	s, err := store.Create(t.Context(), t.TempDir()+"/gateway.db", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	var ids []int64
	for _, key := range []string{"1", "2", "3"} {
		id, err := s.SavePatron(t.Context(), data.Patron{Key: key, Last: "Reader " + key, Group: "7B", AutoOverdue: key == "3"})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	on, group := true, " 8A "
	t.Run("those who change are counted, and only they", func(t *testing.T) {
		if n, err := s.ChangePatrons(t.Context(), append(ids, 99), data.PatronChange{AutoOverdue: &on}); n != 2 || err != nil {
			t.Fatal(n, err)
		}
		if n, err := s.ChangePatrons(t.Context(), ids, data.PatronChange{AutoOverdue: &on}); n != 0 || err != nil {
			t.Fatal(n, err)
		}
	})
	t.Run("what is not named stays", func(t *testing.T) {
		if n, err := s.ChangePatrons(t.Context(), ids[:1], data.PatronChange{Group: &group}); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		p, err := s.Patron(t.Context(), ids[0])
		if err != nil || p.Group != "8A" || !p.AutoOverdue || p.Last != "Reader 1" {
			t.Fatal(p, err)
		}
	})
	t.Run("the list finds them by the new group, and the timeline tells of it", func(t *testing.T) {
		page, err := s.Patrons(t.Context(), data.PatronQuery{Group: "8A", Limit: 10})
		if err != nil || len(page) != 1 || page[0].ID != ids[0] {
			t.Fatal(page, err)
		}
		lines, err := s.Timeline(t.Context(), ids[0], 10)
		if err != nil || len(lines) == 0 || lines[0].Text != "Changed together with others: group." {
			t.Fatal(lines, err)
		}
	})
	t.Run("one that is given up changes nobody", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		group := "9C"
		if n, err := s.ChangePatrons(ctx, ids, data.PatronChange{Group: &group}); n != 0 || !errors.Is(err, context.Canceled) {
			t.Fatal(n, err)
		}
		if page, err := s.Patrons(t.Context(), data.PatronQuery{Group: "9C", Limit: 10}); err != nil || len(page) != 0 {
			t.Fatal(page, err)
		}
	})
}
