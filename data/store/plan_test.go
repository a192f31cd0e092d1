package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// wholly is what is read from end to end, and is short or wanted so.
var wholly = []string{
	"SCAN h USING INDEX history_unsettled", // what is unsettled has an index of its own
	"SCAN (subquery-1)",                    // a page that was cut before
	"SCAN j VIRTUAL TABLE INDEX 1:",        // the loans of one letter
}

// However much waits or has ended, a question reads by an index and sorts nothing.
func TestQuestionsAreAnsweredByAnIndex(t *testing.T) {
	q := newQueue(t)
	check := func(t *testing.T, query string) {
		t.Helper()
		plan, err := q.Plan(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(plan, "\n") {
			scan := strings.HasPrefix(line, "SCAN") && !slices.Contains(wholly, line)
			if scan || strings.Contains(line, "TEMP B-TREE") || strings.Contains(line, "AUTOMATIC") {
				t.Errorf("%s\n%s", query, plan)
				return
			}
		}
	}
	for name, query := range store.Queries() {
		t.Run(name, func(t *testing.T) { check(t, query) })
	}
	for name, list := range map[string]data.ListQuery{
		"a page of all":              {},
		"a page above another":       {After: 5},
		"a page of what failed":      {States: []data.State{data.Failed}},
		"a page of what is live":     {States: []data.State{data.Waiting, data.Held, data.Sending}},
		"a page of one message":      {Message: 3},
		"a message and its failures": {Message: 3, States: []data.State{data.Failed}},
		"a page before a date":       {QueuedBy: time.Unix(1, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			for _, query := range store.ListQueries(list) {
				check(t, query)
			}
		})
	}
}
