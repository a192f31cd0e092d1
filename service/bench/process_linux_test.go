package bench_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
)

// build makes the program as it is shipped.
func build(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "smtp-gateway")
	c := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, "smtpgateway/service")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := c.CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return path
}

func command(b *testing.B, program string, args ...string) *exec.Cmd {
	b.Helper()
	return exec.CommandContext(b.Context(), program, args...)
}

// usage is what the system says of a process.
type usage struct{ rss, cpu, wakes float64 }

func look(b *testing.B, pid int) usage {
	b.Helper()
	var u usage
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	must(b, err)
	f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	for _, i := range []int{11, 12} { // utime, stime in ticks of 10 ms
		n, err := strconv.ParseFloat(f[i], 64)
		must(b, err)
		u.cpu += n / 100
	}
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	must(b, err)
	for _, t := range tasks {
		text, err := os.ReadFile(t)
		must(b, err)
		for line := range strings.Lines(string(text)) {
			name, value, _ := strings.Cut(line, ":")
			n, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
			switch name {
			case "VmRSS":
				u.rss = n / 1024
			case "voluntary_ctxt_switches":
				u.wakes += n
			}
		}
	}
	return u
}

// highest follows a process to its end and gives its highest memory in MB. What the system says afterwards
// (ru_maxrss) would hold our own memory too, from before the program took our copy's place.
func highest(pid int) float64 {
	var peak float64
	for {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		_, after, found := bytes.Cut(text, []byte("VmHWM:"))
		if err != nil || !found {
			return peak
		}
		var kB float64
		if _, err := fmt.Sscan(string(after), &kB); err == nil {
			peak = max(peak, kB/1024)
		}
		<-time.After(time.Millisecond)
	}
}

// fill queues many small messages at once: through the doors, each on the disk by itself, a million take a quarter of
// an hour. One real message is the pattern.
func fill(b *testing.B, p place.Place, n int) {
	b.Helper()
	s, err := house.Open(b.Context(), p, false, store.Options{})
	must(b, err)
	id, err := s.Accept(b.Context(), message(0, 500))
	must(b, err)
	must(b, s.Close())
	db, err := sql.Open("sqlite", p.Database())
	must(b, err)
	defer func() { _ = db.Close() }()
	copies := func(table, columns, values string) {
		_, err := db.Exec(fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
			INSERT INTO %s (%s) SELECT %s FROM n, %s AS t WHERE t.%s = %d`, n-1, table, columns, values, table, key(table), id))
		must(b, err)
	}
	copies("message", "class, door, message_id, sender, no_return, from_text, to_text, subject, size, sha256, eight_bit, utf8, practice, queued_at, file, crashes",
		"class, door, message_id, sender, no_return, from_text, to_text, subject, size, sha256, eight_bit, utf8, practice, queued_at, file, crashes")
	copies("body", "message, seq, bytes", fmt.Sprintf("%d + n.i, seq, bytes", id))
	copies("delivery", "message, class, practice, recipient, state, due_at, changed_at", fmt.Sprintf("%d + n.i, class, practice, 'p' || n.i || '@example.org', state, due_at, changed_at", id))
}

func key(table string) string {
	if table == "message" {
		return "id"
	}
	return "message"
}
