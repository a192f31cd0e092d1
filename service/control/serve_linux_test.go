package control

import (
	"bytes"
	"context"
	"net"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// manager listens as systemd does for what the service says.
func manager(t *testing.T) *net.UnixConn {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	t.Setenv("NOTIFY_SOCKET", path)
	t.Setenv("INVOCATION_ID", "1")
	t.Setenv("JOURNAL_STREAM", "")
	t.Setenv("WATCHDOG_USEC", "60000000")
	t.Setenv("WATCHDOG_PID", "")
	return conn
}

func hears(t *testing.T, conn *net.UnixConn, want string) {
	t.Helper()
	buffer := make([]byte, 4096)
	n, err := conn.Read(buffer)
	if err != nil || string(buffer[:n]) != want {
		t.Fatalf("heard %q, %v; want %q", buffer[:n], err, want)
	}
}

func TestServe(t *testing.T) {
	t.Run("ready, alive, stopping and stopped reach systemd in this order", func(t *testing.T) {
		conn := manager(t)
		code := make(chan int, 1)
		go func() {
			code <- Serve(Name, func(ctx context.Context, h Host) Exit {
				if h.AliveEvery() != 30*time.Second || !h.Managed() {
					t.Errorf("AliveEvery %v, Managed %v", h.AliveEvery(), h.Managed())
				}
				h.Ready()
				h.Ready()
				h.Status("3 waiting.\nREADY=0")
				h.Alive()
				h.Alive()
				<-ctx.Done()
				return Exit{Cause: Ended}
			})
		}()
		hears(t, conn, "READY=1")
		hears(t, conn, "STATUS=3 waiting. READY=0")
		hears(t, conn, "WATCHDOG=1")
		if err := syscall.Kill(syscall.Getpid(), syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		hears(t, conn, "STOPPING=1\nSTATUS=Stopping.")
		hears(t, conn, "STATUS=Stopped.")
		if got := <-code; got != 0 {
			t.Fatalf("exit status %d", got)
		}
	})
	t.Run("an end by itself leaves its reason for everybody", func(t *testing.T) {
		conn := manager(t)
		code := make(chan int, 1)
		go func() {
			code <- Serve(Name, func(context.Context, Host) Exit {
				return Exit{Cause: BadSettings, Reason: "server1.port: 70000 is no port."}
			})
		}()
		hears(t, conn, "STATUS=Stopped: server1.port: 70000 is no port.")
		if got := <-code; got != 78 {
			t.Fatalf("exit status %d", got)
		}
	})
	t.Run("an event has its priority for the journal and stays one line", func(t *testing.T) {
		var out bytes.Buffer
		h := &systemdHost{out: &out, journal: true}
		h.Event(Fault, 202, "Settings invalid:\nno server")
		if out.String() != "<3>E202 Settings invalid: no server\n" {
			t.Fatalf("%q", out.String())
		}
	})
	t.Run("without a manager nothing is sent and nothing fails", func(*testing.T) { notifier{}.send("READY=1") })
}

func TestSupervise(t *testing.T) {
	t.Run("work that does not stop is ended by force, and its stacks are told", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			hold := make(chan struct{})
			told := ""
			e := supervise(ctx, time.Minute, func() Exit { <-hold; return Exit{} }, func(stacks string) { told = stacks })
			close(hold)
			if e.Cause != Broken || !strings.Contains(told, "goroutine") {
				t.Fatalf("%+v, told %d bytes", e, len(told))
			}
		})
	})
	t.Run("work that stops in time ends as it says", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			e := supervise(ctx, time.Minute, func() Exit { <-ctx.Done(); return Exit{Cause: Ended} }, func(string) { t.Error("told") })
			if e.Cause != Ended {
				t.Fatalf("%+v", e)
			}
		})
	})
}
