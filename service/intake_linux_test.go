package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
)

// lanes is how many kills go on side by side, each on a data folder of its own: most of a round is waiting.
const lanes = 5

func TestKilledDuringIntake(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds and kills the real program")
	}
	exe := program(t)
	for lane := range lanes {
		t.Run(fmt.Sprintf("what the command line said yes to is there once (%d)", lane), func(t *testing.T) {
			t.Parallel()
			killEnqueue(t, exe, lane, rounds()/lanes)
		})
		t.Run(fmt.Sprintf("a file is in the queue once, or still to be taken, and lies in the folder (%d)", lane), func(t *testing.T) {
			t.Parallel()
			killFolder(t, exe, lane, rounds()/lanes)
		})
	}
}

// killEnqueue kills `enqueue` after a random yes, or at a random moment.
func killEnqueue(t *testing.T, exe string, lane, n int) {
	t.Helper()
	d := newDesk(t, portSettings(1)...)
	random := rand.New(rand.NewPCG(uint64(lane), 1)) // #nosec G404 -- chooses moments
	dir := t.TempDir()
	said := make(map[string]bool)
	begun, kills := 0, 0
	for round := range n {
		const each = 40
		args := []string{"--data", d.data, "enqueue"}
		for i := range each {
			name := filepath.Join(dir, fmt.Sprintf("e%d-%d-%d.eml", lane, round, i))
			if err := os.WriteFile(name, []byte(named(strings.TrimSuffix(filepath.Base(name), ".eml"), "p@example.org")), 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, name)
		}
		begun += each
		c := exec.Command(exe, args...)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		after := random.IntN(each)
		var moment *time.Timer
		if round%2 == 1 { // somewhere inside, not just behind a yes
			moment = time.AfterFunc(time.Duration(20+random.IntN(400))*time.Millisecond, func() { _ = c.Process.Kill() })
		}
		lines := bufio.NewScanner(out)
		for i := 0; lines.Scan(); {
			name, _, yes := strings.Cut(lines.Text(), ".eml: waits")
			if !yes {
				continue
			}
			said[filepath.Base(name)] = true
			if i++; moment == nil && i == after {
				_ = c.Process.Kill()
			}
		}
		if c.Wait() != nil {
			kills++
		}
		if moment != nil {
			moment.Stop()
		}
	}
	seen := make(map[string]int)
	for _, e := range d.all() {
		seen[strings.TrimSuffix(strings.Trim(e.MessageID, "<>"), "@example.org")]++
	}
	for name := range said {
		if seen[name] == 0 {
			t.Errorf("%s was lost after the yes", name)
		}
	}
	for name, n := range seen {
		if n != 1 {
			t.Errorf("%s is there %d times", name, n)
		}
	}
	if kills == 0 {
		t.Error("nothing was killed")
	}
	t.Logf("%d files, %d kills, %d times yes, %d stored", begun, kills, len(said), len(seen))
}

// killFolder kills the service while it takes files, at a moment when its database grows.
func killFolder(t *testing.T, exe string, lane, n int) {
	t.Helper()
	server := startCounting(t)
	d := newDesk(t, portSettings(1)...)              // nobody listens there: everything waits
	random := rand.New(rand.NewPCG(uint64(lane), 2)) // #nosec G404 -- chooses moments
	watch, err := store.Open(t.Context(), place.At(d.data).Database(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = watch.Close() }()
	const each = 20
	var names []string
	inside := 0
	for round := range n {
		for i := range each {
			id := fmt.Sprintf("f%d-%d-%d", lane, round, i)
			d.drop(id+".TMP", named(id, "p@example.org"))
			names = append(names, id+".TMP")
		}
		before := len(d.all())
		c := exec.Command(exe, "--data", d.data, "once")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() {
			_ = c.Wait()
			close(ended)
		}()
		untilTaken(t, watch, before+random.IntN(each), ended)
		_ = c.Process.Kill()
		<-ended
		if taken := len(d.all()) - before; taken > 0 && taken < each {
			inside++
		}
		lie := d.files()
		for _, name := range names {
			if !slices.Contains(lie, name) {
				t.Fatalf("round %d: %s is gone", round, name)
			}
		}
	}
	d.ok("settings", "set", "server1.port="+strconv.Itoa(server.port))
	d.ok("once")
	d.retryEach() // what a kill found in the courier's hands may have gone, as far as the program knows
	d.ok("once")
	seen := make(map[string]int)
	for _, e := range d.all() {
		seen[strings.Trim(e.MessageID, "<>")]++
	}
	for _, name := range names {
		id := strings.TrimSuffix(name, ".TMP") + "@example.org"
		if seen[id] != 1 || server.count("<"+id+">") != 1 {
			t.Errorf("%s: %d in the queue, came %d times", id, seen[id], server.count("<"+id+">"))
		}
	}
	if left := d.files(); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	if s := d.states(); s[data.Sent] != len(names) {
		t.Errorf("%v", s)
	}
	t.Logf("%d files, %d kills, %d of them in the middle of a look", len(names), n, inside)
}

// untilTaken waits until more than this many deliveries are stored, or the program ended.
func untilTaken(t *testing.T, s *store.Store, n int, ended <-chan struct{}) {
	t.Helper()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-ended:
			return
		case <-look.C:
			counts, err := s.Counts(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			if int(counts[data.Waiting]+counts[data.Sending]) > n {
				return
			}
		}
	}
}

// proc is the real program, running.
type proc struct {
	*exec.Cmd
	t    *testing.T
	mu   sync.Mutex
	said strings.Builder
	over chan struct{}
}

// Write keeps what it says.
func (p *proc) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.Write(b)
}

func (p *proc) output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

// spawn starts a command line of the real program; it is killed when the test ends.
func (d *desk) spawn(prepare func(*exec.Cmd), name string, args ...string) *proc {
	d.t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(d.t.Context()))
	p := &proc{Cmd: exec.CommandContext(ctx, name, args...), t: d.t, over: make(chan struct{})} // #nosec G204 -- our own program
	p.Stdout, p.Stderr = p, p
	if prepare != nil {
		prepare(p.Cmd)
	}
	if err := p.Start(); err != nil {
		cancel()
		d.t.Fatal(err)
	}
	go func() {
		_ = p.Wait()
		close(p.over)
	}()
	d.t.Cleanup(func() {
		cancel()
		<-p.over
	})
	return p
}

// code waits for the end and gives the exit status; -1: killed.
func (p *proc) code() int {
	<-p.over
	return p.ProcessState.ExitCode()
}
