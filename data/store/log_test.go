package store_test

import (
	"fmt"
	"testing"
	"time"

	"smtpgateway/data"
)

func TestLog(t *testing.T) {
	s := made(t)
	day := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	for i, l := range []data.JournalLine{
		{At: day, Kind: data.JournalService, Text: "Started."},
		{At: day.Add(time.Hour), Kind: data.JournalFailed, Text: "ann@school.test: 100% full_box"},
		{At: day.Add(2 * time.Hour), Kind: data.JournalCheck, Text: "Check: 3 sent."},
		{At: day.Add(24 * time.Hour), Kind: data.JournalFailed, Text: "bob@school.test: unknown"},
	} {
		if err := s.Note(t.Context(), l); err != nil {
			t.Fatal(i, err)
		}
	}
	for name, c := range map[string]struct {
		ask  data.LogQuery
		want string
	}{
		"everything, the newest first":       {data.LogQuery{Limit: 9}, "[4 3 2 1]"},
		"one kind":                           {data.LogQuery{Limit: 9, Kinds: []data.JournalKind{data.JournalFailed}}, "[4 2]"},
		"several kinds":                      {data.LogQuery{Limit: 9, Kinds: []data.JournalKind{data.JournalCheck, data.JournalService}}, "[3 1]"},
		"one day, its first moment included": {data.LogQuery{Limit: 9, From: day, To: day.Add(24 * time.Hour)}, "[3 2 1]"},
		"words, letter case aside":           {data.LogQuery{Limit: 9, Search: "SCHOOL ann"}, "[2]"},
		"a percent sign means itself":        {data.LogQuery{Limit: 9, Search: "0%"}, "[2]"},
		"an underscore means itself":         {data.LogQuery{Limit: 9, Search: "l_b"}, "[2]"},
		"a page ends where it was told":      {data.LogQuery{Limit: 2}, "[4 3]"},
		"the next page begins after it":      {data.LogQuery{Limit: 2, Before: 3}, "[2 1]"},
		"nothing found is no error":          {data.LogQuery{Limit: 2, Search: "nobody"}, "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			lines, err := s.Log(t.Context(), c.ask)
			if err != nil {
				t.Fatal(err)
			}
			ids := []int64{}
			for _, l := range lines {
				ids = append(ids, l.ID)
			}
			if got := fmt.Sprint(ids); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
