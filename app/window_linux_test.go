package main_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/gateway/school"
)

// programs builds the window as tests drive it, and the service beside it, where the window looks for it.
func programs(t *testing.T) (window string) {
	t.Helper()
	for _, build := range [][]string{
		{"../installer/window", "--driven"},
		{"go", "build", "-trimpath", "-o", "../build/smtp-gateway", "../service"},
	} {
		c := exec.CommandContext(t.Context(), build[0], build[1:]...)
		if build[0] == "go" {
			c.Env = append(os.Environ(), "CGO_ENABLED=0")
		}
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", strings.Join(build, " "), err, out)
		}
	}
	path, err := filepath.Abs("../build/smtp-gateway-manager-driven")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// stopService ends the service of a data folder, should the test not have come to that.
func stopService(t *testing.T, folder string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	st, err := house.Open(ctx, place.At(folder), false, store.Options{})
	if err != nil {
		return
	}
	defer func() { _ = st.Close() }()
	if beat, err := st.Heartbeat(ctx); err == nil && beat.PID > 1 && beat.Stopped.IsZero() {
		_ = syscall.Kill(beat.PID, syscall.SIGTERM)
	}
}

// TestDriven works with the real window in the way a person does: with keyboard and mouse, looking at what it says, on a
// display where the processor draws.
func TestDriven(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and drives the real window")
	}
	program := programs(t)
	for _, way := range []struct {
		how     string
		display []string
	}{{"", nil}, {", without OpenGL", []string{"-extension", "GLX"}}} {
		t.Run("a librarian sets it up, tests it, and is told when the mail server is down and when it is back"+way.how, func(t *testing.T) {
			story(t, program, way.display...)
		})
		t.Run("a librarian brings in the school, sends letters, and lets notices go out"+way.how, func(t *testing.T) { librarian(t, program, way.display...) })
		t.Run("50,000 patrons are shown, and searched, and left to rest"+way.how, func(t *testing.T) { crowd(t, program, way.display...) })
		t.Run("every screen and every control on it is reached by keyboard"+way.how, func(t *testing.T) { byKeyboard(t, program, way.display...) })
		t.Run("a second start brings the first window to the front and ends"+way.how, func(t *testing.T) { secondStart(t, program, way.display...) })
	}
	t.Run("a school on Google or Microsoft is connected from the window alone", func(t *testing.T) { browserSchools(t, program) })
	t.Run("a mail program shows the letter as it was written", mailClient)
	t.Run("a patron is written to from the window, in the mail program", func(t *testing.T) { mailFromWindow(t, program) })
	t.Run("--software draws it without OpenGL where there is some", func(t *testing.T) {
		d := newDesk(t)
		folder := filepath.Join(d.home, "data")
		w := d.open(program, "--software", "--data", folder)
		w.key("ctrl+8")
		w.reads("The window is drawn without OpenGL: it was started with --software.")
		if code := w.closes(); code != 0 {
			t.Errorf("exit code %d", code)
		}
	})
	t.Run("without a display it says so in words and ends with a code of its own", func(t *testing.T) {
		d := newDesk(t)
		d.env = append(d.env, "DISPLAY=")
		w := d.start(program, "--data", t.TempDir())
		if code := w.ends(); code != 69 || !strings.Contains(w.said(), "no display here") {
			t.Fatalf("exit code %d:\n%s", code, w.said())
		}
	})
}

func story(t *testing.T, program string, display ...string) {
	t.Helper()
	s := school.Start(t, school.Password("seven letters"))
	d := newDesk(t, display...)
	d.env = append(d.env, "SSL_CERT_FILE="+s.CAFile)
	folder := filepath.Join(d.home, "data")
	t.Cleanup(func() { stopService(t, folder) })
	w := d.open(program, "--data", folder)
	t.Logf("measured: the window is there after %v", w.first.Round(10*time.Millisecond))
	w.reads("Overview")
	w.shot("empty")

	w.key("ctrl+2")
	w.reads("What is the library's e-mail address?")
	w.fill("Mail server (SMTP)", s.Host)
	w.fill("Port", strconv.Itoa(s.SubmissionPort))
	w.fill("User name", s.User)
	w.fill("Password", s.Password)
	w.fill("From address", "library@example.org")
	w.fill("Test to", "tester@example.org")
	w.reads("Unsaved changes")
	w.shot("filled-in")
	w.press("Save")
	w.reads("Saved. The service is stopped.")
	w.shot("saved")
	w.press("Start the service")
	w.reads("The service runs with the new settings")

	w.press("Test")
	if letter := s.Arrived(t, "tester@example.org", 1)[0]; letter.Field("From") == "" {
		t.Errorf("arrived as:\n%s", letter.Raw)
	}
	w.readsNot("Not tested yet")
	w.scroll("5", "10")
	w.shot("tested")

	w.key("ctrl+1")
	letter(t, folder, "first.TMP", "reader@example.org")
	w.press("Send now")
	s.Arrived(t, "reader@example.org", 1)

	s.StopPostfix()
	letter(t, folder, "second.TMP", "late@example.org")
	w.press("Send now")
	w.reads("Nothing answers at")
	w.shot("trouble")
	s.StartPostfix(t)
	w.press("Send now")
	s.Arrived(t, "late@example.org", 1)
	w.readsNot("Nothing answers at")
	w.shot("well-again")

	w.key("ctrl+3")
	w.reads("late@example.org")
	w.shot("queue")
	w.press("Log")
	w.reads("Server 1 takes mail again.")
	if d.software {
		w.reads("The window is drawn without OpenGL: This computer's display")
	}
	w.shot("log")
	idle(t, w)
	w.key("ctrl+1")
	w.press("Stop")
	w.reads("Stop the service?")
	w.shot("stop")
	w.press("Stop") // the one of the question, which lies above
	w.reads("The service is stopped")
	if code := w.closes(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// letter puts a message into the watched folder as a library program does.
func letter(t *testing.T, folder, name, to string) {
	t.Helper()
	path := filepath.Join(place.At(folder).Folder, name)
	text := "From: Circulation <circulation@example.org>\r\nTo: " + to + "\r\nSubject: Overdue\r\n\r\nPlease bring it back.\r\n"
	if err := os.WriteFile(path+".part", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".part", path); err != nil {
		t.Fatal(err)
	}
}

// idle tells what the window costs while nothing happens.
func idle(t *testing.T, w *window) {
	t.Helper()
	const seconds = 5
	before := w.processorTime()
	<-time.After(seconds * time.Second)
	used := w.processorTime() - before
	t.Logf("measured: idle, %.1f %% of a core, %d MB", float64(used)/float64(seconds*time.Second)*100, w.memory())
}

// byKeyboard goes to each screen and round all its controls.
func byKeyboard(t *testing.T, program string, display ...string) {
	t.Helper()
	d := newDesk(t, display...)
	folder := filepath.Join(d.home, "data")
	lend(t, openStore(t, folder, nil), data.DateOf(time.Now())-1) // screens without anybody on them have less to reach
	w := d.open(program, "--data", folder)
	for i, title := range []string{"Overview", "Settings", "Queue", "Patrons", "Letters", "Automatic notices", "Sender check", "Log"} {
		w.key("ctrl+" + strconv.Itoa(i+1))
		w.until(title+" is shown", func() bool {
			return slices.ContainsFunc(w.spots(), func(s spot) bool { return s.Words == title && s.Kind == "*canvas.Text" && s.X > 180 && !s.Hidden })
		})
		var round []spot
		came := false
		var s spot
		for range 150 {
			w.key("Tab")
			last := s
			w.until("the keyboard goes on", func() bool {
				var ok bool
				s, ok = w.focused()
				return ok && !s.same(last)
			})
			// The rail does not scroll, so its first row looks the same each time round.
			if len(round) == 0 && s.Kind != "*ui.railRow" {
				continue
			}
			if came = len(round) > 0 && s.same(round[0]); came {
				break
			}
			if s.Hidden {
				t.Errorf("%s: %q has the keyboard and cannot be seen", title, s.Words)
			}
			round = append(round, s)
		}
		t.Logf("%s: %d controls by keyboard", title, len(round))
		if len(round) < 5 || !came { // the rail has more
			t.Errorf("%s: Tab reaches %d controls, and came round: %t", title, len(round), came)
		}
		w.shot("keyboard-" + strings.ReplaceAll(strings.ToLower(title), " ", "-"))
	}
	if code := w.closes(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func secondStart(t *testing.T, program string, display ...string) {
	t.Helper()
	d := newDesk(t, display...)
	folder := filepath.Join(d.home, "data")
	w := d.open(program, "--data", folder)
	d.background("xmessage", "-geometry", "1300x800+20+20", "-title", "in front", "in front")
	active := func(name string) func() bool {
		return func() bool {
			c := exec.CommandContext(t.Context(), "xdotool", "getactivewindow", "getwindowname")
			c.Env = d.env
			out, err := c.Output()
			return err == nil && strings.TrimSpace(string(out)) == name
		}
	}
	d.until("the other window is in front", active("in front"))
	if second := d.start(program, "--data", folder); second.ends() != 0 {
		t.Errorf("the second start ended with %d:\n%s", second.cmd.ProcessState.ExitCode(), second.said())
	}
	d.until("our window is in front again", active("SMTP Gateway Manager"))
	if code := w.closes(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
