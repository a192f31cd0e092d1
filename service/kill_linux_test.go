package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"smtpgateway/data"
)

// buildOnce makes the program as it is shipped, once for all tests.
var buildOnce = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "smtp-gateway-test-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "smtp-gateway")
	c := exec.Command("go", "build", "-o", path, ".")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

func program(t *testing.T) string {
	t.Helper()
	path, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// rounds is how many times the plug is pulled: 20 by default, 200 with --long.
func rounds() int {
	if os.Getenv("SMTP_GATEWAY_LONG") != "" {
		return 200
	}
	return 20
}

func TestKilledWhileSending(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and kills the real program")
	}
	exe, server := program(t), startCounting(t)
	d := newDesk(t, "server1.host=127.0.0.1", "server1.port="+strconv.Itoa(server.port), "server1.security=none",
		"from.address=library@example.org", "messages_each_check=100000", "log.daily_at=")
	n := rounds()
	moments := []moment{atMail, atRcpt, inBody, afterDot, afterReply}
	random := rand.New(rand.NewPCG(1, uint64(n)))
	for i := range 3 * n {
		d.drop(fmt.Sprintf("m%04d.TMP", i), fmt.Sprintf("Message-ID: <m%d@example.org>\r\n", i)+letterTo("Overdue", "p@example.org"))
	}
	kills, seen := 0, make(map[moment]int)
	for i := range n {
		m := moments[i%len(moments)]
		c := exec.Command(exe, "--data", d.data, "once")
		var said bytes.Buffer
		c.Stdout, c.Stderr = &said, &said
		started, killed := make(chan *os.Process, 1), make(chan struct{})
		server.trap(m, random.IntN(3), func() {
			p := <-started
			// Stopped first: the server may still say its word, and nobody is there to read it.
			_ = p.Signal(syscall.SIGSTOP)
			_ = p.Kill()
			close(killed)
		})
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		started <- c.Process
		err := c.Wait()
		select {
		case <-killed:
			kills++
			seen[m]++
		default:
			t.Fatalf("round %d (%s): the program ended by itself: %v\n%s", i, m, err, said.String())
		}
	}
	server.trap("", 0, nil)
	t.Logf("%d kills: %v", kills, seen)

	// What is uncertain waits an hour, or for a person: here is one.
	for range 3 {
		d.retryEach()
		d.ok("once")
	}
	doubles := 0
	counts := map[data.State]int{}
	for i := range 3 * n {
		id := fmt.Sprintf("<m%d@example.org>", i)
		got := server.count(id)
		if got == 0 {
			t.Errorf("%s was lost", id)
		}
		if got > 1 {
			doubles += got - 1
			if !d.uncertain(id) {
				t.Errorf("%s came %d times and its history does not say uncertain", id, got)
			}
		}
	}
	before := int64(0)
	for {
		page := d.list("--limit", "500", "--before", strconv.FormatInt(before, 10))
		for _, e := range page {
			counts[data.State(e.State)]++
			before = e.ID
		}
		if len(page) < 500 {
			break
		}
	}
	if counts[data.Sent] != 3*n {
		t.Errorf("states at the end: %v", counts)
	}
	if doubles > kills {
		t.Errorf("%d doubles after %d kills", doubles, kills)
	}
	if left := d.files(); len(left) != 0 {
		t.Errorf("left in the folder: %s", strings.Join(left, ", "))
	}
	t.Logf("%d messages, 0 lost, %d twice (all marked uncertain)", 3*n, doubles)
}

// uncertain reports whether the history of a message admits that a try may have arrived.
func (d *desk) uncertain(messageID string) bool {
	d.t.Helper()
	before := int64(0)
	for {
		page := d.list("--limit", "500", "--before", strconv.FormatInt(before, 10))
		for _, e := range page {
			before = e.ID
			if strings.EqualFold(e.MessageID, messageID) {
				var v struct {
					History []attemptView `json:"history"`
				}
				d.json(&v, "queue", "show", strconv.FormatInt(e.ID, 10))
				for _, a := range v.History {
					if a.Outcome.Kind == data.KindUncertain {
						return true
					}
				}
				return false
			}
		}
		if len(page) < 500 {
			return false
		}
	}
}
