package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/gateway"
	"smtpgateway/service/relay/relaytest"
)

// descriptors is how many a process has open; 0: it is gone.
func descriptors(pid string) int {
	entries, err := os.ReadDir("/proc/" + pid + "/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}

// TestManyFailedConnections leaves no descriptor and no goroutine behind. It runs alone: others' would be counted, too.
func TestManyFailedConnections(t *testing.T) {
	var kind int
	server := relaytest.Raw(t, relaytest.RawScript{Answer: func(verb, _ string) string {
		ways := []string{relaytest.Abort, relaytest.Drop, "421 4.3.2 Too busy", "554 5.7.1 Go away", "!nonsense\r\n"}
		if verb == relaytest.Greeting {
			kind++ // one connection after the other
			return ways[kind%len(ways)]
		}
		return relaytest.Default
	}})
	d := newDesk(t, portSettings(server.Port)...)
	d.enqueue(named("a", "p@example.org"))
	g := d.gateway(gateway.Options{})
	n := 100
	if rounds() > 20 {
		n = 10_000
	}
	for range 20 { // until everything is there that stays
		d.check(g)
	}
	files, routines := descriptors("self"), runtime.NumGoroutine()
	for range n {
		d.check(g)
	}
	server.WaitClosed(n + 20)
	d.until("as few descriptors as before", func() bool { return descriptors("self") <= files+2 })
	d.until("as few goroutines as before", func() bool { return runtime.NumGoroutine() <= routines+2 })
	if server.Connections() < n {
		t.Errorf("only %d connections", server.Connections())
	}
	if e := d.to("p@example.org"); e.State != string(data.Waiting) {
		t.Errorf("%+v", e)
	}
}

func TestFewDescriptors(t *testing.T) {
	t.Parallel()
	exe := program(t)
	server := startCounting(t)
	d := newDesk(t, portSettings(1)...)
	const count = 60
	for i := range count {
		d.drop(fmt.Sprintf("m%d.TMP", i), named(fmt.Sprintf("m%d", i), "p@example.org"))
	}
	p := d.spawn(nil, "sh", "-c", `ulimit -n 64; exec "$0" "$@"`, exe, "--data", d.data, "run")
	d.until("it runs", func() bool { return !d.status().LastCheck.IsZero() })
	for range 6 {
		d.run("once")
	}
	most := descriptors(strconv.Itoa(p.Process.Pid))
	d.ok("settings", "set", "server1.port="+strconv.Itoa(server.port))
	d.ok("once")
	d.until("all sent", func() bool { return d.states()[data.Sent] == count && len(d.files()) == 0 })
	for i := range count {
		if n := server.count(fmt.Sprintf("<m%d@example.org>", i)); n != 1 {
			t.Errorf("%d came %d times", i, n)
		}
	}
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := p.code(); code != exitOK {
		t.Errorf("exit %d: %s", code, p.output())
	}
	t.Logf("%d descriptors after many failures", most)
}

// highWater is the most memory the program had at one time, in KiB, as long as it could be asked. What the system counts
// for a child that ended holds the memory of its parent, too.
func highWater(p *proc) (most int64) {
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-p.over:
			return most
		case <-look.C:
		}
		status, err := os.ReadFile("/proc/" + strconv.Itoa(p.Process.Pid) + "/status")
		if err != nil || !strings.Contains(string(status), "Name:\tsmtp-gateway") {
			continue
		}
		_, rest, _ := strings.Cut(string(status), "VmHWM:")
		line, _, _ := strings.Cut(rest, " kB")
		if n, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64); err == nil {
			most = max(most, n)
		}
	}
}

func TestLargeMessages(t *testing.T) {
	t.Parallel()
	const limit, room = 35 << 20, 80 << 10 // room in KiB, as the system counts it
	peak := func(t *testing.T, d *desk, args ...string) (int, string) {
		t.Helper()
		p := d.spawn(func(c *exec.Cmd) { c.Env = append(os.Environ(), "GOMEMLIMIT=40MiB") }, program(t), append([]string{"--data", d.data}, args...)...)
		most := highWater(p)
		code := p.code()
		t.Logf("%s: exit %d, %d MiB at most", args[0], code, most>>10)
		if most > room {
			t.Errorf("%s took %d MiB", args[0], most>>10)
		}
		return code, p.output()
	}
	t.Run("35 MB are streamed through under a memory limit", func(t *testing.T) {
		t.Parallel()
		server := relaytest.Start(t, relaytest.Script{Discard: true})
		d := newDesk(t, serverSettings(server)...)
		file := filepath.Join(t.TempDir(), "large.eml")
		if err := os.WriteFile(file, []byte(large("a", limit-1024, "p@example.org")), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, out := peak(t, d, "enqueue", file); code != exitOK {
			t.Fatal(out)
		}
		if code, out := peak(t, d, "once"); code != exitOK {
			t.Fatal(out)
		}
		if got := server.Messages(); len(got) != 1 || got[0].Size < limit-2048 {
			t.Errorf("%d messages", len(got))
		}
	})
	t.Run("36 MB are refused in words, at the command line and in the folder", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, portSettings(1)...)
		whole := large("a", 36<<20, "p@example.org")
		file := filepath.Join(t.TempDir(), "large.eml")
		if err := os.WriteFile(file, []byte(whole), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, out := peak(t, d, "enqueue", file); code != exitData || !strings.Contains(out, "35") || !strings.Contains(out, "36") {
			t.Errorf("exit %d: %s", code, out)
		}
		d.drop("large.TMP", whole)
		if code, out := peak(t, d, "once"); code != exitOK {
			t.Errorf("exit %d: %s", code, out)
		}
		why, err := os.ReadFile(filepath.Join(d.folder(), "large.BAD.txt"))
		if err != nil || !strings.Contains(string(why), "35") {
			t.Errorf("%v: %s, there are %v", err, why, d.files())
		}
		if len(d.all()) != 0 {
			t.Errorf("%+v", d.all())
		}
	})
}
