package store_test

import (
	"context"
	"database/sql"
	"sync"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
	"smtpgateway/service/dispatch"
)

// locked is a store whose file another program holds while a message is sent, and lets go once it was in the way.
type locked struct {
	*store.Store

	refused chan struct{} // one for each time the database was busy
}

func (l *locked) Next(ctx context.Context, res *data.Result, w *data.Want) (*data.Claim, error) {
	c, err := l.Store.Next(ctx, res, w)
	if data.CodeOf(err) == data.CodeBusy {
		l.refused <- struct{}{}
	}
	return c, err
}

// saying is a server that says yes, and does something meanwhile.
type saying struct {
	during func()
	sent   []int64
}

func (s *saying) Send(_ context.Context, c *data.Claim, _ data.Body) ([]data.Outcome, bool) {
	s.during()
	s.sent = append(s.sent, c.Message.ID)
	all := make([]data.Outcome, len(c.Deliveries))
	for i := range all {
		all[i] = data.Outcome{Kind: data.KindSent, Phase: data.PhaseDot, Code: 250}
	}
	return all, true
}

func (s *saying) Alive() bool { return true }
func (s *saying) Close()      {}

func TestLockedWhileSending(t *testing.T) {
	t.Run("another program writes for longer than we wait: sent once, and recorded as sent", func(t *testing.T) {
		q := newQueue(t)
		first, second := q.accept(), q.accept()
		ok(t, q.Close())
		s, err := store.OpenWith(t.Context(), q.path, store.Options{}, 20*time.Millisecond, store.MigrationFiles())
		ok(t, err)
		q.Store = s
		l := &locked{Store: s, refused: make(chan struct{}, 100)}

		other, err := sql.Open("sqlite", q.path) // as the other program does
		ok(t, err)
		t.Cleanup(func() { _ = other.Close() })
		var hold sync.Once
		var tx *sql.Conn
		let := make(chan error, 1)
		server := &saying{during: func() {
			hold.Do(func() {
				tx, err = other.Conn(context.Background())
				ok(t, err)
				_, err = tx.ExecContext(context.Background(), `BEGIN IMMEDIATE`)
				ok(t, err)
				go func() {
					for range 3 {
						<-l.refused
					}
					_, err := tx.ExecContext(context.Background(), `ROLLBACK`)
					let <- err
				}()
			})
		}}
		d := dispatch.New(l, func(context.Context, data.Server) (dispatch.Session, data.Outcome) { return server, data.Outcome{} }, dispatch.Options{})
		set, problems := data.ParseSettings(map[string]string{"server1.host": "mail.example.org", "from.address": "library@example.org", "practice": "false"})
		if problems.Wrong() {
			t.Fatal(problems)
		}
		sum, err := d.Check(t.Context(), set, dispatch.Ask{Now: true})
		ok(t, err)
		ok(t, <-let)
		ok(t, tx.Close())
		wantEqual(t, "sent", sum.Sent, 2)
		wantEqual(t, "uncertain", sum.Uncertain, 0)
		wantEqual(t, "handed over", len(server.sent), 2)
		wantEqual(t, "each once", server.sent[0] != server.sent[1], true)
		for _, id := range []int64{first, second} {
			wantEqual(t, "sent", q.number(`SELECT count(*) FROM history WHERE message = ? AND state = 'sent' AND uncertain = 0`, id), 1)
		}
		n, err := s.Rescue(t.Context(), time.Now())
		ok(t, err)
		wantEqual(t, "in doubt", n, 0)
	})
}
