package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
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

func drain(b *testing.B, s *store.Store, n int) {
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
		if _, err := s.Body(ctx, c.Message); err != nil {
			b.Fatal(err)
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

func queueOf(b *testing.B, queued, size int) *store.Store {
	b.Helper()
	s := benchStore(b)
	if _, err := s.Accept(b.Context(), benchMessage(bodyOf(size))(0)); err != nil {
		b.Fatal(err)
	}
	if err := s.FillFast(b.Context(), queued); err != nil {
		b.Fatal(err)
	}
	return s
}

// One message through the store: claim, with its outcome recorded by the next claim, one fsync; and its checked bytes.
func BenchmarkNext(b *testing.B) {
	s := queueOf(b, b.N, 10<<10)
	b.ResetTimer()
	drain(b, s, b.N)
}

// A large queue against a small one, in turns so that both see the same machine: SMTP_GATEWAY_BENCH_QUEUED says how
// large, 1000000 takes minutes to fill.
func BenchmarkLargeQueue(b *testing.B) {
	const small = 10_000
	large := 100_000
	if n, err := strconv.Atoi(os.Getenv("SMTP_GATEWAY_BENCH_QUEUED")); err == nil {
		large = n
	}
	few, many := queueOf(b, small, 100), queueOf(b, large, 100)
	drain(b, few, 500) // what filling left in the log is folded in first
	drain(b, many, 500)
	b.Run("drain", func(b *testing.B) {
		var took [2]time.Duration
		left := min(b.N, small-4000)
		n := 0
		for ; n < left; n += 50 {
			for i, s := range []*store.Store{few, many} {
				begin := time.Now()
				drain(b, s, 50)
				took[i] += time.Since(begin)
			}
		}
		b.ReportMetric(float64(took[0].Microseconds())/float64(n), "us/few")
		b.ReportMetric(float64(took[1].Microseconds())/float64(n), "us/many")
		b.ReportMetric(float64(took[0])/float64(took[1]), "ratio")
	})
	b.Run("first claim after opening", func(b *testing.B) {
		for range b.N {
			s, err := store.Open(b.Context(), many.Path(), store.Options{})
			if err != nil {
				b.Fatal(err)
			}
			drain(b, s, 1)
			_ = s.Close()
		}
	})
	for name, q := range map[string]data.ListQuery{
		"newest": {}, "middle": {Before: int64(large) / 2}, "sent": {States: []data.State{data.Sent}}, "date": {QueuedBy: time.Now()},
		"rare word": {Search: fmt.Sprintf("books %d", large/2)}, "common word": {Search: "school.org"},
		"common, sent": {Search: "school.org", States: []data.State{data.Sent}}, "two letters": {Search: "ks"},
		"nowhere": {Search: "nowhere"}, "nowhere, short": {Search: "qx"},
	} {
		b.Run("page/"+name, func(b *testing.B) {
			q.Limit = 100
			for range b.N {
				if _, err := many.List(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("counts", func(b *testing.B) {
		for range b.N {
			if _, err := many.Counts(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
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
