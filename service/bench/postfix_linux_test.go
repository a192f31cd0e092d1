package bench_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// postfix is an instance of its own in a temporary folder, that hands everything to the sink over one connection.
type postfix struct {
	etc  string
	port int
}

const mainCF = `compatibility_level = 3.6
queue_directory = %[1]s/queue
data_directory = %[1]s/state
maillog_file = %[1]s/log
maillog_file_prefixes = %[1]s
myhostname = mail.example.net
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
relayhost = [127.0.0.1]:%[2]d
smtp_tls_security_level = none
default_destination_concurrency_limit = 1
initial_destination_concurrency = 1
smtp_connection_cache_on_demand = yes
smtp_connection_cache_destinations = [127.0.0.1]:%[2]d
defer_transports = smtp
minimal_backoff_time = 1s
smtpd_client_connection_count_limit = 0
smtpd_relay_restrictions = permit_mynetworks, reject
`

const masterCF = `127.0.0.1:%d inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
flush unix n - n 1000? 0 flush
showq unix n - n - - showq
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`

// startPostfix gives nil where there is no Postfix, or nobody may start it.
func startPostfix(b *testing.B, sinkPort int) *postfix {
	b.Helper()
	if _, err := exec.LookPath("postfix"); err != nil || os.Geteuid() != 0 {
		b.Log("Postfix is not measured: it is not installed, or this is not root")
		return nil
	}
	dir, err := os.MkdirTemp("", "smtp-gateway-bench-postfix-") //nolint:usetesting // its own account must get in, which b.TempDir does not let it
	must(b, err)
	must(b, os.Chmod(dir, 0o755))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	p := &postfix{etc: filepath.Join(dir, "etc"), port: l.Addr().(*net.TCPAddr).Port}
	must(b, l.Close())
	for _, d := range []string{"etc", "queue", "state"} {
		must(b, os.Mkdir(filepath.Join(dir, d), 0o755))
	}
	run(b, "chown", "postfix", filepath.Join(dir, "state"))
	must(b, os.WriteFile(filepath.Join(p.etc, "main.cf"), fmt.Appendf(nil, mainCF, dir, sinkPort), 0o644))
	must(b, os.WriteFile(filepath.Join(p.etc, "master.cf"), fmt.Appendf(nil, masterCF, p.port), 0o644))
	run(b, "postfix", "-c", p.etc, "start")
	b.Cleanup(func() {
		_ = exec.Command("postfix", "-c", p.etc, "stop").Run()
		_ = os.RemoveAll(dir)
	})
	return p
}

// drain queues n letters while delivery is off, switches it on and measures from the first to the last that arrives:
// what Postfix needs to wake up is not counted.
func (p *postfix) drain(b *testing.B, s *sink, n int) float64 {
	b.Helper()
	run(b, "postconf", "-c", p.etc, "-e", "defer_transports=smtp")
	run(b, "postfix", "-c", p.etc, "reload")
	run(b, "smtp-source", "-s", "10", "-m", fmt.Sprint(n), "-l", fmt.Sprint(letter), "-f", "a@example.org", "-t", "b@example.org", fmt.Sprintf("inet:127.0.0.1:%d", p.port))
	// Delivery must be off until everything lies in the deferred queue.
	p.wait(b, "all messages deferred", func() bool { return p.deferred(b) >= n })
	before := s.taken(b)
	run(b, "postconf", "-c", p.etc, "-e", "defer_transports=")
	run(b, "postfix", "-c", p.etc, "reload")
	run(b, "postqueue", "-c", p.etc, "-f")
	p.wait(b, "the first message", func() bool { return s.taken(b) > before })
	first, began := s.taken(b), time.Now()
	p.wait(b, "the last message", func() bool { return s.taken(b)-before >= n })
	return float64(before+n-first) / time.Since(began).Seconds()
}

func (p *postfix) deferred(b *testing.B) int {
	b.Helper()
	out, err := exec.Command("postqueue", "-c", p.etc, "-j").Output()
	must(b, err)
	return strings.Count(string(out), `"queue_name": "deferred"`)
}

func (p *postfix) wait(b *testing.B, what string, done func() bool) {
	b.Helper()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	limit := time.After(5 * time.Minute)
	for !done() {
		select {
		case <-look.C:
		case <-limit:
			b.Fatal("Postfix: no " + what)
		}
	}
}

func run(b *testing.B, name string, args ...string) {
	b.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		b.Fatalf("%s: %v: %s", name, err, out)
	}
}
