package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"smtpgateway/data"
)

// What is looked for may be everywhere or nearly nowhere: both ways of looking must give the same lines.
func TestSearchEverywhereAndNowhere(t *testing.T) {
	q := newQueue(t)
	const n = 600
	if err := q.Fill(t.Context(), n, func(i int) *data.NewMessage {
		return newMessage(subject(fmt.Sprintf("Letter %d about books", i+1)), to(fmt.Sprintf("reader%d@school.org", i+1)))
	}); err != nil {
		t.Fatal(err)
	}
	crowd := make([]string, 450)
	for i := range crowd {
		crowd[i] = fmt.Sprintf("pupil%d@school.org", i+1)
	}
	q.accept(subject("To all about books"), to(crowd...))
	if _, err := q.Cancel(t.Context(), []int64{3, 77, 250, 599, 800}, "x"); err != nil {
		t.Fatal(err)
	}
	var all []data.Entry
	for before := int64(0); ; {
		page, err := q.List(t.Context(), data.ListQuery{Before: before, Limit: 500})
		if err != nil {
			t.Fatal(err)
		}
		if all = append(all, page...); len(page) < 500 {
			break
		}
		before = page[499].ID
	}
	for _, text := range []string{"books", "reader5@", "READER77", "pupil12", "pupil12@school about", "letter 25 books", "school.org", "nowhere", "letter pupil"} {
		for name, l := range map[string]data.ListQuery{
			"all": {}, "cancelled": {States: []data.State{data.Cancelled}}, "waiting": {States: []data.State{data.Waiting}},
			"below": {Before: 700}, "above": {After: 40}, "between": {After: 10, Before: 620}, "above, cancelled": {After: 40, States: []data.State{data.Cancelled}},
		} {
			t.Run(text+" in "+name, func(t *testing.T) {
				l.Search, l.Limit = text, 40
				var want []int64
				for _, e := range all {
					in := strings.ToLower(e.Letter.Subject + "\n" + e.Recipient + "\n" + e.Letter.From + "\n" + e.Letter.To + "\n" + e.Letter.Sender)
					fits := (len(l.States) == 0 || l.States[0] == e.State) && e.ID > l.After && (l.Before == 0 || e.ID < l.Before)
					for word := range strings.FieldsSeq(strings.ToLower(text)) {
						fits = fits && strings.Contains(in, word)
					}
					if fits {
						want = append(want, e.ID)
					}
				}
				if len(want) > 40 && l.After > 0 && l.Before == 0 {
					want = want[len(want)-40:]
				}
				if got := q.list(l); !slices.Equal(got, want[:min(len(want), 40)]) {
					t.Errorf("got %v\nwant %v", got, want[:min(len(want), 40)])
				}
			})
		}
	}
}
