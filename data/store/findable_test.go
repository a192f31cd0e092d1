package store_test

import (
	"fmt"
	"testing"

	"smtpgateway/data"
)

func TestFindable(t *testing.T) {
	l := newLibrary(t)
	found := func(search string) string {
		t.Helper()
		page, err := l.List(t.Context(), data.ListQuery{Search: search, Limit: 100})
		ok(t, err)
		ids := make([]int64, len(page))
		for i := range page {
			ids[i] = page[i].Message
		}
		return fmt.Sprint(ids)
	}
	letters := make([]data.Letter, 5)
	for i := range letters {
		l.patron(i + 1)
		letters[i] = letterTo(i + 1)
		letters[i].Message.Subject = fmt.Sprintf(`Müller's "book" <%d>`, i+1)
	}
	ids, err := l.QueueLetters(t.Context(), letters)
	ok(t, err)
	t.Run("of letters queued together each is found by its own words", func(t *testing.T) {
		for i := range ids {
			wantEqual(t, "by subject", found(fmt.Sprintf(`müller's "book" <%d>`, i+1)), fmt.Sprint(ids[i:i+1]))
			wantEqual(t, "by address", found(fmt.Sprintf("reader%d@", i+1)), fmt.Sprint(ids[i:i+1]))
		}
	})
	t.Run("letters worded anew together are found by the new words and not by the old", func(t *testing.T) {
		with := make([]data.Reworded, 2)
		for i := range with {
			m := letterTo(i + 1).Message
			m.Subject = fmt.Sprintf("Another subject %d", i+1)
			with[i] = data.Reworded{Message: ids[i], With: m}
		}
		n, err := l.RewordLetters(t.Context(), with)
		ok(t, err)
		wantEqual(t, "worded anew", n, 2)
		for i := range with {
			wantEqual(t, "new", found(fmt.Sprintf("another subject %d", i+1)), fmt.Sprint(ids[i:i+1]))
			wantEqual(t, "old", found(fmt.Sprintf(`"book" <%d>`, i+1)), "[]")
		}
		wantEqual(t, "the others", found(`"book" <3>`), fmt.Sprint(ids[2:3]))
	})
	t.Run("a change that fails leaves nothing to be found", func(t *testing.T) {
		wrong := letterTo(1)
		wrong.Message.Class = data.ClassDropped
		fine := letterTo(2)
		fine.Message.Subject = "Never queued"
		if _, err := l.QueueLetters(t.Context(), []data.Letter{fine, fine, wrong}); err == nil {
			t.Fatal("queued")
		}
		wantEqual(t, "found", found("never queued"), "[]")
	})
}
