package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

func benchStore(b *testing.B) *store.Store {
	b.Helper()
	s, err := store.Create(b.Context(), filepath.Join(b.TempDir(), "gateway.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}

func benchMessage(body []byte) func(i int) *data.NewMessage {
	header := []byte("From: Library <library@school.org>\r\nSubject: Overdue\r\nMessage-ID: <1@school.org>\r\n\r\n")
	return func(i int) *data.NewMessage {
		return &data.NewMessage{
			Message: data.Message{
				Class: data.ClassDropped, Door: data.DoorFolder, MessageID: "<1@school.org>", Sender: "library@school.org",
				From: "Library <library@school.org>", To: fmt.Sprintf("reader%d@school.org", i), Subject: fmt.Sprintf("Overdue books %d", i),
			},
			Recipients: []string{fmt.Sprintf("reader%d@school.org", i)}, Header: header, Body: bytes.NewReader(body),
		}
	}
}

func drain(b *testing.B, s *store.Store, n int, withBody bool) {
	b.Helper()
	ctx := context.Background()
	var r *data.Result
	for range n {
		now := time.Now()
		c, err := s.Next(ctx, r, &data.Want{
			Now: now, Server: 1, Horizon: now, TriedLast: now.Add(-time.Hour), Lease: now.Add(time.Hour), Recipients: 100, Counted: true,
		})
		if err != nil || c == nil {
			b.Fatal(c, err)
		}
		if withBody {
			if _, err := s.Body(ctx, c.Message); err != nil {
				b.Fatal(err)
			}
		}
		r = sent(c, now)
	}
	if _, err := s.Next(ctx, r, nil); err != nil {
		b.Fatal(err)
	}
}

func sent(c *data.Claim, now time.Time) *data.Result {
	r := &data.Result{Claim: c, Host: "mail.school.org:587", Ended: now, Handed: true}
	for _, d := range c.Deliveries {
		r.Verdicts = append(r.Verdicts, data.Verdict{
			Delivery: d.ID, State: data.Sent, Charged: true,
			Outcome: data.Outcome{Kind: data.KindSent, Phase: data.PhaseDot, Code: 250, Enhanced: "2.0.0", Line: "2.0.0 Ok: queued as ABC", Sentence: "Sent."},
		})
	}
	return r
}

// One message through the store: claim with its outcome recorded by the next claim, one fsync; with its checked bytes.
func BenchmarkNext(b *testing.B) {
	for _, queued := range []int{10_000, 1_000_000} {
		if queued > 100_000 && os.Getenv("SMTP_GATEWAY_BENCH_LONG") == "" {
			continue
		}
		b.Run(fmt.Sprintf("queued=%d", queued), func(b *testing.B) {
			s := benchStore(b)
			size := 10 << 10
			if queued > 100_000 {
				size = 100
			}
			if err := s.Fill(b.Context(), queued, benchMessage(bytes.Repeat([]byte("0123456789abcde\r\n"), size/17))); err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			drain(b, s, min(b.N, queued), true)
		})
	}
}

func BenchmarkAccept(b *testing.B) {
	s := benchStore(b)
	message := benchMessage(bytes.Repeat([]byte("0123456789abcde\r\n"), 600))
	for i := range b.N {
		if _, err := s.Accept(b.Context(), message(i)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFsync(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "file"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	page := make([]byte, 64<<10)
	for i := range b.N {
		if _, err := f.WriteAt(page, int64(i%500)*int64(len(page))); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	}
}
