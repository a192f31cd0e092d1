package store_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

func TestRequest(t *testing.T) {
	t.Run("is taken once, answered step by step and closed", func(t *testing.T) {
		s := made(t)
		none, err := s.TakeRequest(t.Context())
		ok(t, err)
		if none != nil {
			t.Fatalf("took %v", none)
		}
		first, err := s.Ask(t.Context(), data.Request{Kind: data.RequestProbe, Server: 2})
		ok(t, err)
		_, err = s.Ask(t.Context(), data.Request{Kind: data.RequestTest})
		ok(t, err)
		r, err := s.TakeRequest(t.Context())
		ok(t, err)
		wantEqual(t, "the oldest", r.ID, first)
		wantEqual(t, "kind", r.Kind, data.RequestProbe)
		wantEqual(t, "server", r.Server, 2)
		wantEqual(t, "taken", r.Taken, noon)
		second, err := s.TakeRequest(t.Context())
		ok(t, err)
		wantEqual(t, "then", second.Kind, data.RequestTest)
		third, err := s.TakeRequest(t.Context())
		ok(t, err)
		if third != nil {
			t.Errorf("took %v again", third)
		}

		steps := []data.Step{{Name: "name", OK: true, Text: "found", Took: time.Second}, {Name: "connection", Text: "refused"}}
		ok(t, s.AnswerSteps(t.Context(), first, steps))
		seen, err := s.Request(t.Context(), first)
		ok(t, err)
		if !seen.Done.IsZero() || len(seen.Steps) != 2 || seen.Steps[1] != steps[1] {
			t.Errorf("half-way it is %+v", seen)
		}
		ok(t, s.FinishRequest(t.Context(), first, true, "All well.", json.RawMessage(`{"a":1}`)))
		seen, err = s.Request(t.Context(), first)
		ok(t, err)
		if seen.Done != noon || !seen.OK || seen.Result != "All well." || string(seen.Details) != `{"a":1}` {
			t.Errorf("at the end it is %+v", seen)
		}
	})
	t.Run("nobody answered is said after ten minutes, and a dead answerer does not hide the next", func(t *testing.T) {
		now := noon
		s := madeAt(t, filepath.Join(t.TempDir(), "gateway.db"), store.Options{Now: func() time.Time { return now }})
		died, err := s.Ask(t.Context(), data.Request{Kind: data.RequestTest})
		ok(t, err)
		_, err = s.TakeRequest(t.Context())
		ok(t, err)
		old, err := s.Ask(t.Context(), data.Request{Kind: data.RequestTest})
		ok(t, err)
		now = now.Add(11 * time.Minute)
		fresh, err := s.Ask(t.Context(), data.Request{Kind: data.RequestCheck})
		ok(t, err)
		r, err := s.TakeRequest(t.Context())
		ok(t, err)
		wantEqual(t, "taken", r.ID, fresh)
		closed, err := s.Request(t.Context(), old)
		ok(t, err)
		if closed.Done.IsZero() || closed.OK || !strings.Contains(closed.Result, "Nobody answered") {
			t.Errorf("it is %+v", closed)
		}
		now = now.Add(time.Hour)
		_, err = s.TakeRequest(t.Context())
		ok(t, err)
		closed, err = s.Request(t.Context(), died)
		ok(t, err)
		if closed.Done.IsZero() || !strings.Contains(closed.Result, "stopped before") {
			t.Errorf("it is %+v", closed)
		}
	})
	t.Run("a number there is none of is said", func(t *testing.T) {
		s := made(t)
		_, err := s.Request(t.Context(), 5)
		wantCode(t, err, data.CodeNotFound)
		wantCode(t, s.AnswerSteps(t.Context(), 5, nil), data.CodeNotFound)
		wantCode(t, s.FinishRequest(t.Context(), 5, true, "", nil), data.CodeNotFound)
	})
}
