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

// tries bounds how many rounds are run for one that counts: a kill that came before or after the work proves nothing, and
// on a busy machine some do.
const tries = 20

// killEnqueue kills `enqueue` n times in the middle of its files: right behind a random yes, or somewhere inside the next
// file.
func killEnqueue(t *testing.T, exe string, lane, n int) {
	t.Helper()
	d := newDesk(t, portSettings(1)...)
	random := rand.New(rand.NewPCG(uint64(lane), 1)) // #nosec G404 -- chooses moments
	watch := watched(t, d)
	dir := t.TempDir()
	said := make(map[string]bool)
	const each = 40
	kills, round := 0, 0
	for ; kills < n && round < tries*n; round++ {
		before := stored(t, watch)
		args := []string{"--data", d.data, "enqueue"}
		for i := range each {
			name := filepath.Join(dir, fmt.Sprintf("e%d-%d-%d.eml", lane, round, i))
			if err := os.WriteFile(name, []byte(named(strings.TrimSuffix(filepath.Base(name), ".eml"), "p@example.org")), 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, name)
		}
		c := exec.Command(exe, args...)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		after, last := 1+random.IntN(each-1), time.Now()
		var inside *time.Timer
		lines := bufio.NewScanner(out)
		for yes := 0; lines.Scan(); {
			name, _, ok := strings.Cut(lines.Text(), ".eml: waits")
			if !ok {
				continue
			}
			said[filepath.Base(name)] = true
			yes++
			took := time.Since(last)
			last = last.Add(took)
			if yes != after {
				continue
			}
			if kills%2 == 0 {
				_ = c.Process.Kill()
			} else { // the next file takes about as long as this one did
				inside = time.AfterFunc(time.Duration(random.Int64N(int64(took)+1)), func() { _ = c.Process.Kill() })
			}
		}
		_ = c.Wait()
		if inside != nil {
			inside.Stop()
		}
		if taken := stored(t, watch) - before; c.ProcessState.ExitCode() == -1 && taken > 0 && taken < each {
			kills++
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
	if kills < n {
		t.Errorf("only %d of %d kills landed in the middle", kills, n)
	}
	t.Logf("%d rounds of %d files, %d kills in the middle, %d times yes, %d stored", round, each, kills, len(said), len(seen))
}

// killFolder kills the service while it takes files, at a moment when its database grows.
func killFolder(t *testing.T, exe string, lane, n int) {
	t.Helper()
	server := startCounting(t)
	d := newDesk(t, portSettings(1)...)              // nobody listens there: everything waits
	random := rand.New(rand.NewPCG(uint64(lane), 2)) // #nosec G404 -- chooses moments
	watch := watched(t, d)
	const each = 20
	var names []string
	kills, round := 0, 0
	for ; kills < n && round < tries*n; round++ {
		for i := range each {
			id := fmt.Sprintf("f%d-%d-%d", lane, round, i)
			d.drop(id+".TMP", named(id, "p@example.org"))
			names = append(names, id+".TMP")
		}
		before := stored(t, watch)
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
		if taken := stored(t, watch) - before; c.ProcessState.ExitCode() == -1 && taken > 0 && taken < each {
			kills++
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
	if kills < n {
		t.Errorf("only %d of %d kills landed in the middle of a look", kills, n)
	}
	t.Logf("%d rounds of %d files, %d kills in the middle of a look", round, each, kills)
}

// watched opens the store of a desk beside the program that is killed.
func watched(t *testing.T, d *desk) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), place.At(d.data).Database(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// stored is how many deliveries there are, whatever became of them.
func stored(t *testing.T, s *store.Store) int {
	t.Helper()
	counts, err := s.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n := int64(0)
	for _, of := range counts {
		n += of
	}
	return int(n)
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
			if stored(t, s) > n {
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
