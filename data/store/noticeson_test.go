package store_test

import (
	"maps"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store/storetest"
)

func TestNoticesOn(t *testing.T) {
	t.Run("those who get automatic notices are counted by group, without those who left", func(t *testing.T) {
		l := storetest.New(t, time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC))
		for _, p := range []data.Patron{
			{Key: "1", Last: "A", Group: "7B", AutoOverdue: true}, {Key: "2", Last: "B", Group: "7B", AutoOverdue: true}, {Key: "3", Last: "C", Group: "7B"},
			{Key: "4", Last: "D", AutoOverdue: true}, {Key: "5", Last: "E", Group: "8A"}, {Key: "6", Last: "F", Group: "9C", AutoOverdue: true, Left: 20000},
		} {
			if _, err := l.SavePatron(t.Context(), p); err != nil {
				t.Fatal(err)
			}
		}
		got, err := l.NoticesOn(t.Context())
		if want := map[string]int{"7B": 2, "": 1}; err != nil || !maps.Equal(got, want) {
			t.Fatalf("%v, %v", got, err)
		}
	})
}
