package main

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"smtpgateway/data"
)

// first opens a window on a data folder that comes to the front at once when asked.
func first(t *testing.T, folder, dataFolder string) (*instance, *atomic.Int32) {
	t.Helper()
	f, err := becomeFirst(t.Context(), folder, dataFolder)
	if err != nil || f == nil {
		t.Fatalf("not the first: %v", err)
	}
	t.Cleanup(f.close)
	raised := new(atomic.Int32)
	f.serve(func(done func()) { raised.Add(1); done() })
	return f, raised
}

func TestInstance(t *testing.T) {
	t.Run("a second start brings the first window to the front", func(t *testing.T) {
		folder := t.TempDir()
		_, raised := first(t, folder, "/data")
		second, err := becomeFirst(t.Context(), folder, "/data")
		if second != nil || err != nil || raised.Load() != 1 {
			t.Fatalf("second %v, error %v, raised %d times", second, err, raised.Load())
		}
	})
	t.Run("windows on different data folders do not know each other", func(t *testing.T) {
		folder := t.TempDir()
		_, raised := first(t, folder, "/data")
		first(t, folder, "/other")
		if raised.Load() != 0 {
			t.Error("the wrong window came")
		}
	})
	t.Run("after the first was closed the next is the first", func(t *testing.T) {
		folder := t.TempDir()
		f, _ := first(t, folder, "/data")
		f.close()
		first(t, folder, "/data")
		if left, err := filepath.Glob(filepath.Join(folder, "*.new")); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	})
	t.Run("a window that hangs does not keep a second one from opening", func(t *testing.T) {
		folder := t.TempDir()
		f, err := becomeFirst(t.Context(), folder, "/data")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(f.close)
		f.serve(func(func()) {})
		second, err := becomeFirst(t.Context(), folder, "/data")
		if second != nil || data.CodeOf(err) != data.CodeInUse {
			t.Fatalf("second %v, error %v", second, err)
		}
		second.serve(nil) // as the program goes on without one
		second.close()
	})
	t.Run("what a crash left behind does not matter", func(t *testing.T) {
		folder := t.TempDir()
		f, _ := first(t, folder, "/data")
		text, err := os.ReadFile(f.file)
		if err != nil {
			t.Fatal(err)
		}
		f.close()
		if err := os.WriteFile(f.file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		first(t, folder, "/data")
	})
	t.Run("only who can read the person's files may ask, and only for that", func(t *testing.T) {
		f, raised := first(t, t.TempDir(), "/data")
		if info, err := os.Stat(f.file); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("the file with the token: %v, %v", info, err)
		}
		address, ok := f.listener.Addr().(*net.TCPAddr)
		if !ok || !address.IP.IsLoopback() {
			t.Fatalf("listens on %v", f.listener.Addr())
		}
		for _, word := range []string{"", "\n", "raise \n", "raise wrong\n", "raise " + f.token[1:] + "\n", "close " + f.token + "\n", strings.Repeat("x", 1000)} {
			c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(address.Port)))
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.WriteString(c, word)
			if tcp, ok := c.(*net.TCPConn); ok {
				_ = tcp.CloseWrite()
			}
			if got, _ := io.ReadAll(c); len(got) > 0 || raised.Load() != 0 {
				t.Errorf("%q was answered with %q", word, got)
			}
			_ = c.Close()
		}
	})
	t.Run("without a folder to write in it says so and goes on", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := becomeFirst(t.Context(), filepath.Join(file, "below"), "/data")
		if f != nil || data.CodeOf(err) != data.CodeNoAccess {
			t.Fatalf("%v, %v", f, err)
		}
	})
}
