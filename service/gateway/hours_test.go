package gateway_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
	"smtpgateway/service/dispatch"
	"smtpgateway/service/settle"
)

// deaf is a server that never takes anything, without a socket: the clock of a synctest bubble passes only where
// nobody waits for one.
type deaf struct{ offered map[string]int }

func (deaf) Alive() bool { return true }
func (deaf) Close()      {}

func (s deaf) Send(_ context.Context, c *data.Claim, _ data.Body) ([]data.Outcome, bool) {
	outcomes := make([]data.Outcome, len(c.Deliveries))
	for i, d := range c.Deliveries {
		s.offered[d.Recipient]++
		outcomes[i] = data.Outcome{Kind: data.KindTemporary, Phase: data.PhaseRcpt, Code: 450, Enhanced: "4.2.1", Line: "Not now", Sentence: "Not now."}
	}
	return outcomes, true
}

// TestGivenUp lives through the hundred hours of a message, and through those of the mail that tells of it.
func TestGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		st, err := store.Create(ctx, filepath.Join(t.TempDir(), "gateway.db"), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = st.Close() }()
		set, _ := data.ParseSettings(map[string]string{"server1.host": "mail.example.org", "from.address": "library@example.org", "minutes_between_checks": "20"})
		server := deaf{offered: make(map[string]int)}
		d := dispatch.New(st, func(context.Context, data.Server) (dispatch.Session, data.Outcome) { return server, data.Outcome{} },
			dispatch.Options{Rand: rand.New(rand.NewPCG(1, 2))})
		s := settle.New(settle.Options{Store: st, Open: func() (*os.Root, error) { return nil, errors.New("no folder here") }})
		header := "From: library@example.org\r\nTo: p@example.org\r\nSubject: Overdue\r\nMessage-ID: <a@example.org>\r\n\r\n"
		_, err = st.Accept(ctx, &data.NewMessage{
			Message:    data.Message{Class: data.ClassDropped, Door: data.DoorEnqueue, MessageID: "<a@example.org>", Sender: "library@example.org", Subject: "Overdue"},
			Recipients: []string{"p@example.org"}, Header: []byte(header), Body: bytes.NewReader([]byte("Due.\r\n")),
		})
		if err != nil {
			t.Fatal(err)
		}
		hours := func(n int) {
			for end := time.Now().Add(time.Duration(n) * time.Hour); time.Now().Before(end); {
				if _, err := d.Check(ctx, set, dispatch.Ask{}); err != nil {
					t.Fatal(err)
				}
				if _, err := s.Settle(ctx, set, "desk.example.org"); err != nil {
					t.Fatal(err)
				}
				<-time.After(20 * time.Minute)
			}
		}
		returns := func() []data.Entry {
			all, err := st.List(ctx, data.ListQuery{Limit: 500})
			if err != nil {
				t.Fatal(err)
			}
			var found []data.Entry
			for _, e := range all {
				if e.Letter.Class == data.ClassReturn {
					found = append(found, e)
				}
			}
			return found
		}
		hours(99)
		if e, err := st.Entry(ctx, 1); err != nil || e.State != data.Waiting || len(returns()) != 0 {
			t.Fatalf("before the hundred hours are over: %+v, %v", e, err)
		}
		hours(4)
		e, err := st.Entry(ctx, 1)
		if err != nil || e.State != data.Failed {
			t.Fatalf("after a hundred hours: %+v, %v", e, err)
		}
		told := returns()
		if len(told) != 1 || told[0].Recipient != "library@example.org" || told[0].Letter.Sender != "" || !told[0].Letter.NoReturn {
			t.Fatalf("%d return mails: %+v", len(told), told)
		}
		hours(110)
		told = returns()
		if len(told) != 1 || told[0].State != data.Failed {
			t.Fatalf("the return mail was given up and answered: %d, %+v", len(told), told)
		}
		if server.offered["p@example.org"] < 60 || server.offered["library@example.org"] < 60 {
			t.Fatalf("tries: %v", server.offered)
		}
		header2, err := st.Header(ctx, told[0].Message)
		if err != nil || !strings.Contains(string(header2), "multipart/report") {
			t.Fatalf("%s %v", header2, err)
		}
	})
}
