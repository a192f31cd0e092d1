// Package bench_test measures the numbers of the README: `./installer/bench` prints them as a table. Nothing here is
// asserted; a timing is read by a person.
package bench_test

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/gateway"
)

const letter = 10 << 10 // octets of a usual notice

// house is a data folder ready to send to a port.
func newHouse(b *testing.B, port int) place.Place {
	b.Helper()
	p := place.At(b.TempDir() + "/data")
	s, err := house.Open(b.Context(), p, true, store.Options{})
	must(b, err)
	_, err = s.SaveSettings(b.Context(), map[string]string{
		"server1.host": "127.0.0.1", "server1.port": strconv.Itoa(port), "server1.security": "none", "log.daily_at": "", "practice.letters": "false",
		"from.address": "library@example.org", "messages_each_check": "100000", "minutes_between_checks": "1440",
	}, -1)
	must(b, err)
	must(b, s.Close())
	// The service has run before: what it does once in its life is not measured.
	g := gateway.New(gateway.Options{Place: p, Version: "bench"})
	must(b, g.Open(b.Context()))
	must(b, g.Load(b.Context()))
	must(b, g.Close())
	return p
}

func message(i, size int) *data.NewMessage {
	header := fmt.Sprintf("From: library@example.org\r\nTo: p%d@example.org\r\nSubject: Overdue\r\nMessage-ID: <%d@example.org>\r\nDate: Mon, 24 Nov 2025 07:00:00 +0000\r\n\r\n", i, i)
	line := strings.Repeat("The book is due. ", 4) + "\r\n"
	body := strings.Repeat(line, max(1, (size-len(header))/len(line)))
	return &data.NewMessage{
		Message: data.Message{
			Class: data.ClassNotice, Door: data.DoorEnqueue, MessageID: fmt.Sprintf("<%d@example.org>", i), Sender: "library@example.org",
			From: "library@example.org", To: fmt.Sprintf("p%d@example.org", i), Subject: "Overdue",
		},
		Recipients: []string{fmt.Sprintf("p%d@example.org", i)}, Header: []byte(header), Body: strings.NewReader(body),
	}
}

func open(b *testing.B, p place.Place) *gateway.Gateway {
	b.Helper()
	g := gateway.New(gateway.Options{Place: p, Version: "bench"})
	must(b, g.Open(b.Context()))
	must(b, g.Load(b.Context()))
	b.Cleanup(func() { _ = g.Close() })
	return g
}

func cpu() time.Duration {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// BenchmarkDrain: one connection, no latency, 10 KB, one fsync a message; Postfix in turn with us, over the same sink.
func BenchmarkDrain(b *testing.B) {
	const n = 2000
	s := startSink(b)
	g := open(b, newHouse(b, s.port))
	rival := startPostfix(b, s.port)
	var rates, theirs, cpus []float64
	for b.Loop() {
		for range 3 {
			for i := range n {
				_, err := g.Store().Accept(b.Context(), message(i, letter))
				must(b, err)
			}
			before := s.taken(b)
			began, used := time.Now(), cpu()
			_, err := g.Once(b.Context())
			must(b, err)
			took := time.Since(began)
			cpus = append(cpus, (cpu()-used).Seconds()*1000/n)
			if got := s.taken(b) - before; got != n {
				b.Fatalf("%d of %d arrived", got, n)
			}
			rates = append(rates, n/took.Seconds())
			if rival != nil {
				theirs = append(theirs, rival.drain(b, s, n))
			}
		}
	}
	b.ReportMetric(median(rates), "msg/s")
	b.ReportMetric(median(cpus), "CPU-s/1000")
	if rival != nil {
		b.ReportMetric(median(theirs), "postfix-msg/s")
	}
}

// BenchmarkSubmit_to_delivered: from the moment the store has it to the server's receipt, by a warm gateway.
func BenchmarkSubmit_to_delivered(b *testing.B) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	arrived := make(chan time.Time, 1)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c, func() { arrived <- time.Now() })
		}
	}()
	b.Cleanup(func() { _ = l.Close() })
	g := open(b, newHouse(b, l.Addr().(*net.TCPAddr).Port))
	var took []float64
	for b.Loop() {
		for i := range 300 {
			m := message(i, letter)
			began := time.Now()
			_, err := g.Store().Accept(b.Context(), m)
			must(b, err)
			_, err = g.CheckNow(b.Context())
			must(b, err)
			took = append(took, float64((<-arrived).Sub(began).Microseconds())/1000)
		}
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2], "p50-ms")
	b.ReportMetric(took[len(took)*95/100], "p95-ms")
}

// BenchmarkQueue: a million waiting against ten thousand, and the time to the first delivery after the start.
func BenchmarkQueue(b *testing.B) {
	for _, queued := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprintf("of_%d", queued), func(b *testing.B) {
			const n = 2000
			s := startSink(b)
			p := newHouse(b, s.port)
			fill(b, p, queued)
			limit(b, p, n)
			syscall.Sync() // what was just filled in is not to be written while we measure
			for b.Loop() {
				var times []time.Time
				began := time.Now()
				g := gateway.New(gateway.Options{Place: p, Version: "bench", Done: func(data.Result) { times = append(times, time.Now()) }})
				must(b, g.Open(b.Context()))
				_, err := g.Once(b.Context())
				must(b, err)
				over := time.Now()
				if len(times) != n {
					b.Fatalf("%d of %d messages went", len(times), n)
				}
				b.ReportMetric((n-1)/times[n-1].Sub(times[0]).Seconds(), "msg/s")
				b.ReportMetric(float64(times[0].Sub(began).Microseconds())/1000, "first-ms")
				b.ReportMetric(float64(over.Sub(times[n-1]).Microseconds())/1000, "end-ms")
				must(b, g.Close())
			}
		})
	}
}

func limit(b *testing.B, p place.Place, n int) {
	b.Helper()
	s, err := house.Open(b.Context(), p, false, store.Options{})
	must(b, err)
	_, err = s.SaveSettings(b.Context(), map[string]string{"messages_each_check": strconv.Itoa(n)}, -1)
	must(b, err)
	must(b, s.Close())
}

// BenchmarkBig_message: the memory of a whole program that sends a message of 35 MB.
func BenchmarkBig_message(b *testing.B) {
	program := build(b)
	s := startSink(b)
	p := newHouse(b, s.port)
	st, err := house.Open(b.Context(), p, false, store.Options{})
	must(b, err)
	_, err = st.Accept(b.Context(), message(1, 34<<20))
	must(b, err)
	must(b, st.Close())
	for b.Loop() {
		c := command(b, program, "--data", p.Data, "once")
		var said bytes.Buffer
		c.Stdout, c.Stderr = &said, &said
		must(b, c.Start())
		peak := highest(c.Process.Pid)
		if err := c.Wait(); err != nil || s.taken(b) != 1 {
			b.Fatalf("%v: %s", err, said.String())
		}
		b.ReportMetric(peak, "peak-MB")
	}
}

// BenchmarkIdle: a service with nothing to do, over ten seconds.
func BenchmarkIdle(b *testing.B) {
	program := build(b)
	s := startSink(b)
	p := newHouse(b, s.port)
	c := command(b, program, "--data", p.Data, "run")
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	must(b, c.Start())
	defer func() {
		_ = c.Process.Signal(os.Interrupt)
		_ = c.Wait()
	}()
	for b.Loop() {
		<-time.After(3 * time.Second) // the start is not idleness
		before := look(b, c.Process.Pid)
		<-time.After(10 * time.Second)
		after := look(b, c.Process.Pid)
		b.ReportMetric(after.rss, "RSS-MB")
		b.ReportMetric(after.cpu-before.cpu, "CPU-s/10s")
		b.ReportMetric((after.wakes-before.wakes)/10, "wake-ups/s")
	}
	if said.Len() > 1<<16 {
		b.Fatal(said.String())
	}
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}
