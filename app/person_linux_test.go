package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long anything may take before the test gives up on it. Frames are drawn by the processor here.
const patience = 60 * time.Second

// desk is a screen of its own with a window manager, and a person who works at it with keyboard and mouse.
type desk struct {
	t     *testing.T
	home  string
	env   []string
	shots string
	taken int

	software bool // there is no OpenGL
}

// newDesk sets up the screen; what is given to Xvfb beside takes OpenGL away. Without what that needs t is skipped, or fails where the environment says CI=true.
func newDesk(t *testing.T, xvfb ...string) *desk {
	t.Helper()
	for _, tool := range []string{"Xvfb", "xdotool", "openbox", "dbus-daemon", "import"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("the window has to be driven here, but %v", err)
			}
			t.Skipf("%v; ./installer/test installs it", err)
		}
	}
	home, err := os.MkdirTemp("", "library-") //nolint:usetesting // its path is seen in the pictures
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	d := &desk{t: t, home: home, shots: os.Getenv("SMTP_GATEWAY_SHOTS")}
	if d.shots == "" {
		d.shots = filepath.Join("..", "build", "window")
	}
	if d.software = len(xvfb) > 0; d.software {
		d.shots = filepath.Join(d.shots, "software")
	}
	if err := os.MkdirAll(d.shots, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"config", "cache", "runtime"} {
		if err := os.Mkdir(filepath.Join(d.home, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	d.env = append(os.Environ(), "HOME="+d.home, "LANG=en_US.UTF-8", "LC_ALL=", "XDG_CONFIG_HOME="+d.home+"/config", "XDG_CACHE_HOME="+d.home+"/cache",
		"XDG_RUNTIME_DIR="+d.home+"/runtime", "SMTP_GATEWAY_CONTROLS="+d.controlsFile(), "SMTP_GATEWAY_DATA=", "FYNE_THEME=light", "FYNE_SCALE=")
	number := d.serve(append([]string{"Xvfb", "-displayfd", "3", "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset"}, xvfb...)...)
	d.env = append(d.env, "DISPLAY=:"+number)
	d.env = append(d.env, "DBUS_SESSION_BUS_ADDRESS="+d.serve("dbus-daemon", "--session", "--nofork", "--print-address=3"))
	d.background("openbox")
	d.until("a window manager", func() bool {
		c := exec.CommandContext(t.Context(), "xdotool", "get_num_desktops")
		c.Env = d.env
		return c.Run() == nil
	})
	return d
}

func (d *desk) controlsFile() string { return filepath.Join(d.home, "controls.json") }

// serve runs a program until the test ends and gives the line it writes to its third descriptor when it is ready.
func (d *desk) serve(command ...string) string {
	d.t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	d.run(command, w)
	_ = w.Close()
	if err := r.SetReadDeadline(time.Now().Add(patience)); err != nil {
		d.t.Fatal(err)
	}
	var line strings.Builder
	for one := make([]byte, 1); ; {
		if _, err := r.Read(one); err != nil {
			d.t.Fatalf("%s never got ready: %v", command[0], err)
		}
		if one[0] == '\n' {
			return line.String()
		}
		line.Write(one)
	}
}

func (d *desk) background(command ...string) { d.t.Helper(); d.run(command, nil) }

func (d *desk) run(command []string, ready *os.File) {
	d.t.Helper()
	c := exec.Command(command[0], command[1:]...)
	c.Env = d.env
	if ready != nil {
		c.ExtraFiles = []*os.File{ready}
	}
	if err := c.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
}

// tool runs a program to its end and gives what it printed.
func (d *desk) tool(command ...string) string {
	d.t.Helper()
	c := exec.CommandContext(d.t.Context(), command[0], command[1:]...)
	c.Env = d.env
	out, err := c.CombinedOutput()
	if err != nil {
		d.t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// shot keeps a picture of the screen, once it looks as it did a moment before: drawing comes after the answer to what is
// shown. A cursor that blinks never rests, so it is not waited for long.
func (d *desk) shot(name string) {
	d.t.Helper()
	d.taken++
	file := filepath.Join(d.shots, fmt.Sprintf("%02d-%s.png", d.taken, name))
	last := ""
	for range 4 {
		d.tool("import", "-window", "root", file)
		now := d.tool("identify", "-format", "%#", file)
		if now == last {
			return
		}
		last = now
	}
}

// until looks again and again until something is so, as a person does who waits for it.
func (d *desk) until(what string, so func() bool) {
	d.t.Helper()
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	late := time.After(patience)
	for !so() {
		select {
		case <-look.C:
		case <-late:
			d.shot("never")
			d.t.Fatalf("never: %s", what)
		}
	}
}

// window is our program, opened.
type window struct {
	*desk
	cmd    *exec.Cmd
	id     string
	log    string // its standard error
	first  time.Duration
	exited chan struct{}
}

// open starts the program and waits for its window.
func (d *desk) open(program string, args ...string) *window {
	d.t.Helper()
	w := d.start(program, args...)
	began := time.Now()
	d.until("a window", func() bool {
		c := exec.CommandContext(d.t.Context(), "xdotool", "search", "--onlyvisible", "--name", "^SMTP Gateway Manager$")
		c.Env = d.env
		out, err := c.Output()
		w.id, _, _ = strings.Cut(strings.TrimSpace(string(out)), "\n")
		select {
		case <-w.exited:
			d.t.Fatalf("the program ended: %v\n%s", w.cmd.ProcessState, w.said())
		default:
		}
		return err == nil && w.id != ""
	})
	w.first = time.Since(began)
	return w
}

// start starts the program.
func (d *desk) start(program string, args ...string) *window {
	d.t.Helper()
	w := &window{desk: d, log: filepath.Join(d.home, fmt.Sprintf("window-%d.log", time.Now().UnixNano())), exited: make(chan struct{})}
	f, err := os.Create(w.log)
	if err != nil {
		d.t.Fatal(err)
	}
	w.cmd = exec.Command(program, args...)
	w.cmd.Env, w.cmd.Stderr, w.cmd.Stdout = d.env, f, f
	if err := w.cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	_ = f.Close()
	go func() {
		_ = w.cmd.Wait()
		close(w.exited)
	}()
	d.t.Cleanup(func() {
		_ = w.cmd.Process.Kill()
		<-w.exited
		if said := w.said(); strings.Contains(said, "Error in Fyne call thread") || strings.Contains(said, "panic") || strings.Contains(said, "DATA RACE") {
			d.t.Errorf("the window said:\n%s", said)
		}
		if d.t.Failed() {
			d.t.Logf("the window said:\n%s", w.said())
		}
	})
	return w
}

func (w *window) said() string {
	text, err := os.ReadFile(w.log)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// ends waits for the end of the program and gives its exit code.
func (w *window) ends() int {
	w.t.Helper()
	select {
	case <-w.exited:
	case <-time.After(patience):
		w.shot("does-not-end")
		_ = w.cmd.Process.Signal(syscall.SIGQUIT) // it says what it is doing
		select {
		case <-w.exited:
		case <-time.After(patience):
		}
		w.t.Fatal("the program does not end")
	}
	return w.cmd.ProcessState.ExitCode()
}

// closes closes the window as a person does, and gives the exit code. The window manager may miss a key that is pressed
// while windows change places; a person presses it again.
func (w *window) closes() int {
	w.t.Helper()
	again := time.NewTicker(3 * time.Second)
	defer again.Stop()
	for range int(patience/(3*time.Second)) - 1 {
		w.key("alt+F4")
		select {
		case <-w.exited:
			return w.ends()
		case <-again.C:
		}
	}
	return w.ends()
}

// spot is one thing on the screen, as the program built for tests tells it.
type spot struct {
	Kind     string  `json:"kind"`
	Words    string  `json:"words"`
	X        float64 `json:"x"`
	Y        float64 `json:"y"`
	W        float64 `json:"w"`
	H        float64 `json:"h"`
	Layer    int     `json:"layer"`
	Hidden   bool    `json:"hidden"`
	Active   bool    `json:"active"`
	Focused  bool    `json:"focused"`
	Disabled bool    `json:"disabled"`
}

func (s spot) middle() (x, y float64) { return s.X + s.W/2, s.Y + s.H/2 }

// spots asks the program what it shows.
func (w *window) spots() []spot {
	w.t.Helper()
	_ = os.Remove(w.controlsFile())
	if err := w.cmd.Process.Signal(syscall.SIGUSR1); err != nil {
		w.t.Fatalf("the window is gone: %v\n%s", err, w.said())
	}
	var text []byte
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	late := time.After(patience)
	for {
		var err error
		if text, err = os.ReadFile(w.controlsFile()); err == nil {
			break
		}
		select {
		case <-look.C:
		case <-w.exited:
			w.t.Fatalf("the program ended: %v\n%s", w.cmd.ProcessState, w.said())
		case <-late:
			w.shot("frozen")
			w.t.Fatal("the window is frozen")
		}
	}
	var s []spot
	if err := json.Unmarshal(text, &s); err != nil {
		w.t.Fatal(err)
	}
	return s
}

// same reports whether both are one thing, also when it scrolled in between.
func (s spot) same(other spot) bool {
	return s.Kind == other.Kind && s.Words == other.Words && s.X == other.X && s.Y == other.Y
}

// words is all that can be read.
func (w *window) words() string {
	var all strings.Builder
	layer := -1
	for _, s := range w.spots() {
		if s.Layer != layer { // the first of a layer holds the words of all in it
			layer = s.Layer
			all.WriteString(s.Words + "\n")
		}
	}
	return strings.Join(strings.Fields(all.String()), " ")
}

// reads waits until a text can be read.
func (w *window) reads(text string) {
	w.t.Helper()
	last := ""
	w.untilOr(fmt.Sprintf("%q", text), func() bool { last = w.words(); return strings.Contains(last, text) }, func() string { return last })
}

// readsNot waits until a text can no longer be read.
func (w *window) readsNot(text string) {
	w.t.Helper()
	last := ""
	w.untilOr(fmt.Sprintf("no %q", text), func() bool { last = w.words(); return !strings.Contains(last, text) }, func() string { return last })
}

func (w *window) untilOr(what string, so func() bool, instead func() string) {
	w.t.Helper()
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	late := time.After(patience)
	for !so() {
		select {
		case <-look.C:
		case <-late:
			w.shot("never")
			w.t.Fatalf("never: %s; the window reads: %s", what, instead())
		}
	}
}

// press clicks what has these words, when it can be clicked.
func (w *window) press(words string) {
	w.t.Helper()
	w.click("something to press: "+words, func(all []spot) (spot, bool) {
		for _, s := range slices.Backward(all) {
			if s.Active && !s.Disabled && s.Words == words {
				return s, true
			}
		}
		return spot{}, false
	})
}

// click finds a thing, brings it into sight and clicks its middle.
func (w *window) click(what string, find func([]spot) (spot, bool)) {
	w.t.Helper()
	last := ""
	w.untilOr(what, func() bool {
		all := w.spots()
		s, found := find(all)
		if !found {
			last = w.words()
			return false
		}
		x, y := s.middle()
		if s.Hidden {
			turn := "5"
			if y < 300 {
				turn = "4"
			}
			w.scroll(turn, "3")
			return false
		}
		w.tool("xdotool", "mousemove", "--window", w.id, number(x), number(y), "click", "1")
		return true
	}, func() string { return last })
}

// scroll turns the mouse's wheel, 4 up or 5 down, in the middle of the forms: a field hands it on to the page.
func (w *window) scroll(turn, times string) {
	w.t.Helper()
	w.tool("xdotool", "mousemove", "--window", w.id, "640", "400", "click", "--repeat", times, "--delay", "30", turn)
}

func number(f float64) string { return strconv.Itoa(int(f)) }

// beside finds the control of a form's row by the row's label.
func beside(label string) func([]spot) (spot, bool) {
	return func(all []spot) (best spot, found bool) {
		for _, at := range all {
			if at.Words != label || at.Active || at.Kind != "*canvas.Text" {
				continue
			}
			_, line := at.middle()
			for _, s := range all {
				_, y := s.middle()
				if s.Active && s.X > at.X+at.W && s.Layer == at.Layer && max(y-line, line-y) < 22 && (!found || s.X < best.X) {
					best, found = s, true
				}
			}
		}
		return best, found
	}
}

// fill types a text into the field with a label, in the place of what stands there.
func (w *window) fill(label, text string) {
	w.t.Helper()
	w.untilOr("the keyboard in "+label, func() bool {
		w.click("the field "+label, beside(label))
		s, found := beside(label)(w.spots())
		return found && s.Focused
	}, w.words)
	w.key("ctrl+a")
	w.tool("xdotool", "type", "--delay", "25", "--", text)
	w.untilOr(text+" in "+label, func() bool {
		s, found := beside(label)(w.spots())
		return found && (strings.Contains(s.Words, text) || strings.Count(s.Words, "•") >= len(text))
	}, w.words)
}

// key presses keys, such as ctrl+2.
func (w *window) key(keys ...string) {
	w.t.Helper()
	w.tool(append([]string{"xdotool", "key", "--delay", "25"}, keys...)...)
}

// focused is what the keyboard works on.
func (w *window) focused() (spot, bool) {
	for _, s := range slices.Backward(w.spots()) {
		if s.Focused {
			return s, true
		}
	}
	return spot{}, false
}

// processorTime is what the program has used so far.
func (w *window) processorTime() time.Duration {
	w.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", w.cmd.Process.Pid))
	if err != nil {
		w.t.Fatal(err)
	}
	_, rest, _ := bytes.Cut(text, []byte(") "))
	fields := strings.Fields(string(rest))
	var ticks int
	for _, f := range fields[11:13] {
		n, err := strconv.Atoi(f)
		if err != nil {
			w.t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// memory is how much of it the program holds, in MB.
func (w *window) memory() int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", w.cmd.Process.Pid))
	if err != nil {
		w.t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		w.t.Fatal(err)
	}
	return pages * os.Getpagesize() >> 20
}
