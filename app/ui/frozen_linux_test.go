package ui

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"golang.org/x/sys/unix"

	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

const frozenChild = "SMTP_GATEWAY_FROZEN"

// TestNeverFrozen presses every control of every screen on a thread that the kernel kills at the first try to touch a
// file, a folder, the database or the network. Work on other goroutines may do so; the window's must not, because a dead
// share or a slow disk would freeze it there.
func TestNeverFrozen(t *testing.T) {
	switch os.Getenv(frozenChild) {
	case "":
		t.Run("by a control of any screen", func(t *testing.T) {
			said, err := frozenIn(t, "press")
			if err != nil {
				t.Fatalf("%v\n%s", err, said)
			}
			if n := strings.Count(said, "pressed "); n < 20 {
				t.Fatalf("only %d controls were pressed:\n%s", n, said)
			}
		})
		t.Run("and one that would is found", func(t *testing.T) {
			if said, err := frozenIn(t, "touch"); err == nil || !strings.Contains(said, "bad system call") {
				t.Fatalf("%v\n%s", err, said)
			}
		})
		return
	case "touch":
		frozen(t, func() { _, _ = os.Stat(t.TempDir()) })
		return
	}
	t.Setenv("HOME", t.TempDir()) // exports go there
	b := screentest.New(t)
	b.Configured()
	for i := range 30 {
		b.Message(fmt.Sprintf("Reminder %d", i), fmt.Sprintf("reader%d@school.test", i))
	}
	b.School(data.DateOf(b.Now()))
	ada := b.PatronByKey("1001")
	if err := b.Store.Note(t.Context(), data.JournalLine{Kind: data.JournalTrouble, Text: "Nothing answers."}); err != nil {
		t.Fatal(err)
	}
	look := func() {
		done := make(chan struct{})
		go func() { defer close(done); b.LookOnce() }()
		<-done
		b.Settle()
	}
	look()
	list := schoolList(t, "patrons.csv", twoPatrons)
	w := open(t, b)
	// Fonts, words and the time zone are read once, before the first frame.
	for _, p := range places() {
		w.show(p.name)
		look()
		arrange(w)
		w.window.Canvas().Capture()
	}
	_ = time.Now().Local().String()

	frozen(t, func() {
		for _, name := range []string{"overview", "queue", "patrons", "log", "sender", "settings"} {
			w.show(name)
			b.Settle()
			pressAll(t, b, w, name)
			if name == "patrons" {
				pressPatron(t, b, w, ada)
			}
		}
		pressFolders(t, b, w)
		pressImport(t, b, w, list)
	})
}

// pressImport takes a list in and back again, with every step and every panel on the way.
func pressImport(t *testing.T, b *screentest.Bench, w *Window, list string) {
	t.Helper()
	do := func(names ...string) {
		t.Helper()
		for _, name := range names {
			press(t, w, name)
			b.Settle()
			arrange(w)
		}
	}
	p := newImportPanel(w)
	b.Settle()
	p.im.Type(list)
	do("Choose...", "Cancel", "Next")
	for _, c := range find[*choice](w) {
		was := c.index()
		c.pick((was + 1) % len(c.words))
		b.Settle()
		c.pick(was)
		b.Settle()
	}
	do("Next", "See what would change")
	for i := range 4 {
		find[*choice](w)[0].pick(i)
		b.Settle()
	}
	tab := find[*table](w)[0]
	tab.types(fyne.KeyDown, fyne.KeyReturn)
	w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	do("Export the problems...", "Export", "OK", "Back", "See what would change", "Import", "Undo this import...", "Undo", "Another list", "Earlier imports, kept answers and the folder for lists...")
	do("Choose the folder...", "Use this folder", "Take none in by itself", "Export patrons...", "Export", "OK", "Delete...", "Delete", "Close", "Close")
	if len(w.layers) > 0 {
		t.Errorf("%d cards stay", len(w.layers))
	}
}

// pressPatron does with the panel of a patron, and with an e-mail to them, what can be done there.
func pressPatron(t *testing.T, b *screentest.Bench, w *Window, id int64) {
	t.Helper()
	settle := func() { b.Settle(); arrange(w) }
	find[*entry](w)[0].SetText("")
	settle()
	for _, ask := range [][2]string{{"Switch notices off", "Switch off"}, {"Change the group...", "Next"}} {
		find[*table](w)[0].selectAll()
		settle()
		press(t, w, ask[0])
		settle()
		press(t, w, ask[1])
		settle()
		for len(w.layers) > 0 {
			w.typedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			settle()
		}
	}
	p := newPatronPanel(w, id)
	settle()
	for _, e := range find[*entry](w) {
		test.Type(e, "24")
		settle()
	}
	for _, name := range []string{"Save", "Add a guardian", "Save", "Revert"} {
		press(t, w, name)
		settle()
	}
	p.p.Set("email", "other@school.test")
	press(t, w, "Save")
	settle()
	for _, ask := range []struct{ open, fill, do string }{{"Hold until...", "1 week", "Hold"}, {"Export...", "", "Export"}} {
		press(t, w, ask.open)
		settle()
		if ask.fill != "" {
			press(t, w, ask.fill)
		}
		press(t, w, ask.do)
		settle()
		for len(w.layers) > 1 {
			w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		}
	}
	press(t, w, "E-mail...")
	settle()
	for _, name := range []string{"Copy text", "Send from here"} {
		press(t, w, name)
		settle()
	}
	w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	press(t, w, "Delete...")
	press(t, w, "Delete")
	settle()
	if !p.p.Gone() {
		t.Error("the patron is still there")
	}
}

// pressFolders does with the card on which a folder is looked for what can be done there.
func pressFolders(t *testing.T, b *screentest.Bench, w *Window) {
	t.Helper()
	settle := func() { b.Settle(); arrange(w) }
	chosen := false
	w.chooseFolder(b.Place().Folder, func(string) { chosen = true })
	settle()
	for _, name := range []string{"Up", "Go", "Usual mail folder", "Top of the disk"} {
		press(t, w, name)
		settle()
	}
	for _, tab := range find[*table](w) {
		for _, k := range []fyne.KeyName{fyne.KeyDown, fyne.KeyReturn, fyne.KeyBackspace, fyne.KeyE} {
			tab.TypedKey(&fyne.KeyEvent{Name: k})
			settle()
		}
	}
	find[*entry](w)[0].SetText(b.Place().Folder)
	press(t, w, "Go")
	settle()
	press(t, w, "New folder...")
	find[*entry](w)[0].SetText("post")
	press(t, w, "Make folder")
	settle()
	press(t, w, "Use this folder")
	settle()
	if !chosen {
		t.Error("no folder was chosen")
	}
}

// frozenIn runs this test in a process of its own, which may be killed.
func frozenIn(t *testing.T, part string) (said string, err error) {
	t.Helper()
	self := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestNeverFrozen$", "-test.v")
	self.Env = append(os.Environ(), frozenChild+"="+part, "LANG=en_US.UTF-8")
	out, err := self.CombinedOutput()
	return string(out), err
}

// frozen runs what on a thread that must not touch files or the network.
func frozen(t *testing.T, what func()) {
	t.Helper()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		// Never unlocked: the thread ends with the goroutine, and its rules with it.
		runtime.LockOSThread()
		if err := forbidFiles(); err != nil {
			t.Error(err)
			return
		}
		what()
	}()
	<-ended
}

// pressAll presses every button, ticks every check and types into every field of a screen, and closes what that opened.
func pressAll(t *testing.T, b *screentest.Bench, w *Window, name string) {
	t.Helper()
	settle := func() {
		b.Settle()
		arrange(w)
		for range 5 {
			if len(w.layers) == 0 {
				break
			}
			for _, inner := range find[*button](w) {
				if inner.text == "Copy" || inner.text == "Export" {
					test.Tap(inner)
					b.Settle()
				}
			}
			w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
			b.Settle()
		}
	}
	for _, e := range find[*entry](w) {
		if !e.Disabled() {
			test.Type(e, "24")
			settle()
		}
	}
	for _, c := range find[*choice](w) {
		if !c.Disabled() {
			c.pick(len(c.words) - 1)
			settle()
			c.pick(0)
			settle()
		}
	}
	for _, tab := range find[*table](w) {
		tab.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		tab.selectAll()
		settle()
		tab.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		settle()
	}
	var done []string
	for range 60 {
		i := slices.IndexFunc(find[*button](w), func(x *button) bool { return !x.Disabled() && !slices.Contains(done, x.text) })
		if i < 0 {
			break
		}
		x := find[*button](w)[i]
		done = append(done, x.text)
		t.Logf("pressed %q on %s", x.text, name)
		test.Tap(x)
		settle()
		if w.current != name {
			w.show(name)
			settle()
		}
	}
	for _, c := range find[*check](w) {
		if !c.Disabled() {
			test.Tap(c)
			t.Logf("pressed %q on %s", c.text, name)
			settle()
		}
	}
}

// forbidFiles makes the kernel end the program when this thread opens, looks up, reads at a place, renames, removes,
// locks or syncs a file, lists a folder, or makes or connects a socket (seccomp(2)).
func forbidFiles() error {
	calls := []uint32{
		unix.SYS_OPENAT, unix.SYS_OPENAT2, unix.SYS_STATX, unix.SYS_NEWFSTATAT, unix.SYS_FACCESSAT, unix.SYS_READLINKAT, unix.SYS_GETDENTS64,
		unix.SYS_PREAD64, unix.SYS_PWRITE64, unix.SYS_FSYNC, unix.SYS_FDATASYNC, unix.SYS_FLOCK, unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2,
		unix.SYS_UNLINKAT, unix.SYS_MKDIRAT, unix.SYS_SOCKET, unix.SYS_CONNECT,
	}
	const loadNumber, jumpEqual, give = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, unix.BPF_RET | unix.BPF_K
	filter := []unix.SockFilter{{Code: loadNumber}}
	for i, call := range calls {
		filter = append(filter, unix.SockFilter{Code: jumpEqual, K: call, Jt: uint8(len(calls) - i)})
	}
	filter = append(filter, unix.SockFilter{Code: give, K: unix.SECCOMP_RET_ALLOW}, unix.SockFilter{Code: give, K: unix.SECCOMP_RET_TRAP})
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	return unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0)
}
