package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/service/gateway"
	"smtpgateway/service/relay"
	"smtpgateway/service/relay/relaytest"
)

// shownView is what `queue show --json` gives.
type shownView struct {
	entryView
	History []attemptView `json:"history"`
}

func (v shownView) last() data.Outcome {
	if len(v.History) == 0 {
		return data.Outcome{}
	}
	return v.History[len(v.History)-1].Outcome
}

func (d *desk) show(id int64) shownView {
	d.t.Helper()
	var v shownView
	d.json(&v, "queue", "show", strconv.FormatInt(id, 10))
	return v
}

// to shows the one delivery to a recipient.
func (d *desk) to(recipient string) shownView {
	d.t.Helper()
	for _, e := range d.all() {
		if e.Recipient == recipient {
			return d.show(e.ID)
		}
	}
	d.t.Fatalf("nothing goes to %s", recipient)
	return shownView{}
}

// all is the whole queue with its history, newest first.
func (d *desk) all() []entryView {
	d.t.Helper()
	var all []entryView
	for before := int64(0); ; {
		page := d.list("--limit", "500", "--before", strconv.FormatInt(before, 10))
		all = append(all, page...)
		if len(page) < 500 {
			return all
		}
		before = page[len(page)-1].ID
	}
}

func (d *desk) states() map[data.State]int {
	d.t.Helper()
	n := make(map[data.State]int)
	for _, e := range d.all() {
		n[data.State(e.State)]++
	}
	return n
}

func (d *desk) status() statusView {
	d.t.Helper()
	var v statusView
	d.json(&v, "status")
	return v
}

// named is a letter with a Message-ID of one's own.
func named(id string, to ...string) string {
	return "Message-ID: <" + id + "@example.org>\r\n" + letterTo("Overdue "+id, to...)
}

// large is a letter of about this many octets, in lines as base64 has them.
func large(id string, octets int, to string) string {
	var b strings.Builder
	b.Grow(octets + 100)
	b.WriteString(named(id, to))
	line := strings.Repeat("0123456789ABCDEF", 5)[:76] + "\r\n"
	for b.Len()+len(line) <= octets {
		b.WriteString(line)
	}
	return b.String()
}

// enqueue puts letters into the queue, in this order.
func (d *desk) enqueue(letters ...string) {
	d.t.Helper()
	dir := d.t.TempDir()
	args := []string{"enqueue"}
	for i, l := range letters {
		name := filepath.Join(dir, fmt.Sprintf("%05d.eml", i))
		if err := os.WriteFile(name, []byte(l), 0o600); err != nil {
			d.t.Fatal(err)
		}
		args = append(args, name)
	}
	d.ok(args...)
}

// retryEach sends again what waits, by number: what may have arrived goes again only if it is named.
func (d *desk) retryEach() {
	d.t.Helper()
	args := []string{"queue", "retry"}
	for _, e := range d.all() {
		if e.State == string(data.Waiting) {
			args = append(args, strconv.FormatInt(e.ID, 10))
		}
	}
	if len(args) > 2 {
		d.ok(args...)
	}
}

// portSettings are those of a server in clear on this computer.
func portSettings(port int, more ...string) []string {
	return append([]string{
		"server1.host=127.0.0.1", "server1.port=" + strconv.Itoa(port), "server1.security=none",
		"from.address=library@example.org", "test_to=me@example.org", "log.daily_at=", "messages_each_check=1000",
	}, more...)
}

// check lets a gateway of this process run one check now.
func (d *desk) check(g *gateway.Gateway) gateway.Report {
	d.t.Helper()
	r, err := g.Once(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

// clock goes with the world's, plus what a test adds.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time      { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) add(d time.Duration) { c.ahead.Add(int64(d)) }

// hasty gives up after moments where a real gateway waits for minutes.
func hasty() relay.Timeouts {
	const moment = 20 * time.Second // long enough never to pass by itself
	return relay.Timeouts{Connect: moment, Greeting: moment, Command: moment, Data: moment, Body: moment, Dot: 300 * time.Millisecond}
}

// gateway is a gateway of this process with what a test wants different; it is closed when the test ends.
func (d *desk) gateway(o gateway.Options) *gateway.Gateway {
	d.t.Helper()
	o.Place = place.At(d.data)
	g := gateway.New(o)
	if err := g.Open(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = g.Close() })
	return g
}

// life is a running gateway of this process.
type life struct {
	stop  context.CancelFunc
	ended chan error
	host  *witness
}

// live runs a gateway until stop; ended tells how it ended, after it let go of everything.
func (d *desk) live(o gateway.Options) *life {
	d.t.Helper()
	g := d.gateway(o)
	ctx, cancel := context.WithCancel(context.WithoutCancel(d.t.Context()))
	l := &life{stop: cancel, ended: make(chan error, 1), host: &witness{ready: make(chan struct{}), events: make(chan string, 100)}}
	over := make(chan struct{})
	go func() {
		defer close(over)
		err := g.Run(ctx, l.host)
		_ = g.Close()
		l.ended <- err
	}()
	d.t.Cleanup(func() {
		cancel()
		<-over
	})
	return l
}

// cutter stands between us and a server. When the server says a line that begins with word it does what fate says:
// the line is then lost on its way. Everything else passes.
type cutter struct {
	port int

	mu   sync.Mutex
	word string
	fate fate
	left int // how often still
	lost int
}

type fate int

const (
	reset   fate = iota // the connection breaks
	swallow             // nothing comes any more, and the connection stays
)

func startCutter(t *testing.T, to *relaytest.RawServer, word string, f fate, times int) *cutter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{port: l.Addr().(*net.TCPAddr).Port, word: word, fate: f, left: times}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { c.pass(client, net.JoinHostPort(to.Host, strconv.Itoa(to.Port))) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		open.Wait()
	})
	return c
}

func (c *cutter) pass(client net.Conn, address string) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	var up sync.WaitGroup
	up.Go(func() {
		_, _ = io.Copy(server, client)
		_ = server.Close()
	})
	defer up.Wait()
	defer func() { _ = client.Close() }()
	r := bufio.NewReader(server)
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			return
		}
		if c.loses(line) {
			if c.fate == swallow {
				_, _ = io.Copy(io.Discard, r) // until the client has had enough
				return
			}
			_ = client.(*net.TCPConn).SetLinger(0)
			return
		}
		if _, err := client.Write(line); err != nil {
			_ = server.Close()
			return
		}
	}
}

func (c *cutter) loses(line []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left == 0 || !bytes.HasPrefix(line, []byte(c.word)) {
		return false
	}
	c.left--
	c.lost++
	return true
}

// needRoot: mounting takes root. Where everything must run, a test that cannot is a failure.
func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() == 0 {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("must run as root")
	}
	t.Skip("mounts file systems, which only root may")
}

// needLong keeps what takes minutes for the long run.
func needLong(t *testing.T) {
	t.Helper()
	if os.Getenv("SMTP_GATEWAY_LONG") == "" {
		t.Skip("takes minutes: installer/test --long")
	}
}
