//go:build linux

package control_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestSystemd asks a real systemd whether the service keeps its promises there.
func TestSystemd(t *testing.T) {
	needs(t, true, "systemd-nspawn", "nsenter", "systemd-analyze", "setpriv", "python3")
	if _, err := os.Stat("/lib/systemd/systemd"); err != nil {
		missing(t, "needs the Debian package systemd-sysv")
	}
	script(t, "systemd.sh", build(t, "linux"), ci(t, "systemd-test.sh"))
}

// build makes the program as it is shipped.
func build(t *testing.T, system string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "smtp-gateway.exe")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", path, "smtpgateway/service") //nolint:gosec // our own program
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build for %s: %v\n%s", system, err, out)
	}
	return path
}

// ci is the path of a file of the scripts.
func ci(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "installer", "ci", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// script runs one and makes each of its checks a test of that name.
func script(t *testing.T, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), ci(t, name), args...) //nolint:gosec // our own scripts
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = time.Minute // for what it has mounted and started
	out, err := cmd.CombinedOutput()
	checks := 0
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSpace(line)
		if check, ok := strings.CutPrefix(line, "ok: "); ok {
			checks++
			t.Run(check, func(*testing.T) {})
		} else if check, ok := strings.CutPrefix(line, "FAILED: "); ok {
			t.Run(check, func(t *testing.T) { t.Error("failed; see what the script said") })
		}
	}
	if err != nil || checks == 0 {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
}

// needs skips a test this machine cannot run; where the tests must all run, it fails instead.
func needs(t *testing.T, root bool, tools ...string) {
	t.Helper()
	if testing.Short() {
		t.Skip("a system test: not with -short")
	}
	if root && os.Geteuid() != 0 {
		missing(t, "needs root")
	}
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			missing(t, "needs "+tool)
		}
	}
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}
