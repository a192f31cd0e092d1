package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/gateway"
)

// The power cuts happen in installer/ci/powercut.sh, which runs this test program again for its parts: as the one who
// works until the cut, and as the one who looks at what the disk kept.
const partVariable = "SMTP_GATEWAY_POWERCUT"

func init() { //nolint:gochecknoinits // before the tests begin: as a part it is no test
	part := os.Getenv(partVariable)
	if part == "" {
		return
	}
	parts := map[string]func() error{
		"accept-setup": acceptSetup, "accept": acceptWriter, "accept-check": acceptCheck,
		"send-setup": sendSetup, "send": sendWriter, "send-check": sendCheck,
		"save-setup": saveSetup, "save": saveWriter, "save-check": saveCheck,
	}
	if err := parts[part](); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func TestPowerCuts(t *testing.T) {
	needLong(t)
	needRoot(t)
	script, err := filepath.Abs("../installer/ci/powercut.sh")
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ part, promise string }{
		{"accept", "during intake: what was said yes to is there once, and a dropped file or its message, never neither"},
		{"send", "while sending: what a server took is sent or marked as under way, and no sent one goes again"},
		{"save", "while settings are saved: old or new, never mixed"},
	} {
		t.Run(c.promise, func(t *testing.T) {
			as := func(part string) string { return fmt.Sprintf("%s=%s exec '%s'", partVariable, part, self) }
			run := exec.Command(script, "-n", "20", "-s", as(c.part+"-setup"), as(c.part), as(c.part+"-check")) // #nosec G204
			out, err := run.CombinedOutput()
			t.Logf("%s", out)
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func cutData() string { return filepath.Join(os.Getenv("DIR"), "data") }

// command is one command line on the disk that will lose its power, in this process: the script can wait for one only.
func command(out io.Writer, args ...string) error {
	code := Main(context.Background(), append([]string{"--data", cutData()}, args...), Streams{In: strings.NewReader(""), Out: out, Err: os.Stderr})
	if code != exitOK {
		return fmt.Errorf("%v: exit %d", args, code)
	}
	return nil
}

func configure(more ...string) error {
	return command(io.Discard, append([]string{"settings", "set"}, portSettings(1, more...)...)...)
}

// missing ends a check in the words of the script.
func missingf(n int, format string, args ...any) {
	_, _ = fmt.Fprintf(os.Stdout, "%d missing: %s\n", n, fmt.Sprintf(format, args...))
}

// acknowledged reads the lines that were promised; a last one without its end was not.
func acknowledged() (map[string]bool, error) {
	raw, err := os.ReadFile(os.Getenv("ACK"))
	if err != nil {
		return nil, err
	}
	all := make(map[string]bool)
	for line := range strings.Lines(string(raw)) {
		if word, whole := strings.CutSuffix(line, "\n"); whole {
			all[word] = true
		}
	}
	return all, nil
}

// survived is the queue that the disk kept, by the names of the messages.
func survived(look func(*store.Store, map[string][]data.Entry) error) (err error) {
	ctx := context.Background()
	s, err := store.Open(ctx, place.At(cutData()).Database(), store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	all := make(map[string][]data.Entry)
	q := data.ListQuery{Limit: 500}
	for {
		page, err := s.List(ctx, q)
		if err != nil {
			return err
		}
		for _, e := range page {
			name := strings.TrimSuffix(strings.Trim(e.Letter.MessageID, "<>"), "@example.org")
			all[name] = append(all[name], e)
		}
		if len(page) < q.Limit {
			return look(s, all)
		}
		q.Before = page[len(page)-1].ID
	}
}

const cutFiles = 200

func writeLetter(dir, name, suffix string) (string, error) {
	path := filepath.Join(dir, name+suffix)
	return path, os.WriteFile(path, []byte(named(name, "p@example.org")), 0o600)
}

func acceptSetup() error {
	if err := configure(); err != nil {
		return err
	}
	in := filepath.Join(os.Getenv("DIR"), "in")
	if err := os.Mkdir(in, 0o700); err != nil {
		return err
	}
	for i := range cutFiles {
		if _, err := writeLetter(in, fmt.Sprintf("e%d", i), ".eml"); err != nil {
			return err
		}
	}
	for i := range 30 {
		if _, err := writeLetter(place.At(cutData()).Folder, fmt.Sprintf("f%d", i), ".TMP"); err != nil {
			return err
		}
	}
	return nil
}

// acceptWriter passes on each yes, and takes the folder in at the same time.
func acceptWriter() error {
	files, err := filepath.Glob(filepath.Join(os.Getenv("DIR"), "in", "*.eml"))
	if err != nil {
		return err
	}
	go func() {
		if err := takeFolder(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}()
	out, in := io.Pipe()
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if _, id, yes := strings.Cut(lines.Text(), "as message "); yes {
				_, _ = fmt.Fprintln(os.Stdout, strings.TrimSuffix(id, "."))
			}
		}
	}()
	for {
		if err := command(in, append([]string{"enqueue"}, files...)...); err != nil {
			return err
		}
	}
}

// takeFolder takes every file in at once: an hour from now nobody can still be writing it.
func takeFolder() (err error) {
	later := clock{}
	later.add(time.Hour)
	g := gateway.New(gateway.Options{Place: place.At(cutData()), Now: later.now})
	if err := g.Open(context.Background()); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	_, err = g.Once(context.Background())
	return err
}

func acceptCheck() error {
	said, err := acknowledged()
	if err != nil {
		return err
	}
	return survived(func(_ *store.Store, all map[string][]data.Entry) error {
		numbers := make(map[string]bool)
		for _, entries := range all {
			for _, e := range entries {
				numbers[strconv.FormatInt(e.Message, 10)] = true
			}
		}
		lost := 0
		for id := range said {
			if !numbers[id] {
				lost++
			}
		}
		for i := range 30 {
			name := fmt.Sprintf("f%d", i)
			_, err := os.Stat(filepath.Join(place.At(cutData()).Folder, name+".TMP"))
			if n := len(all[name]); n > 1 || (n == 0 && err != nil) {
				return fmt.Errorf("%s: %d in the queue, file: %w", name, n, err)
			}
		}
		missingf(lost, "%d said yes to, %d stored", len(said), len(numbers))
		return nil
	})
}

func sendSetup() error {
	if err := configure(); err != nil {
		return err
	}
	for i := range cutFiles {
		if _, err := writeLetter(place.At(cutData()).Folder, fmt.Sprintf("s%d", i), ".TMP"); err != nil {
			return err
		}
	}
	return takeFolder() // nobody listens: everything waits
}

// sendWriter is the server, too: it tells of each message it took before it says so to the client.
func sendWriter() error {
	port, _, err := listening(func(id string) { _, _ = fmt.Fprintln(os.Stdout, id) })
	if err != nil {
		return err
	}
	if err := command(io.Discard, "settings", "set", "server1.port="+strconv.Itoa(port)); err != nil {
		return err
	}
	if err := command(io.Discard, "once"); err != nil {
		return err
	}
	select {} // all sent before the cut: nothing more to do
}

// listening takes messages and tells the Message-ID of each before the client hears of it.
func listening(took func(id string)) (port int, stop io.Closer, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // lives as long as the program
	if err != nil {
		return 0, nil, err
	}
	s := &countingServer{taken: make(map[string]int)}
	told := make(map[string]int)
	var tell func()
	tell = func() {
		s.mu.Lock()
		for id, n := range s.taken {
			for ; told[id] < n; told[id]++ {
				took(id)
			}
		}
		s.mu.Unlock()
		s.trap(afterDot, 0, tell)
	}
	s.trap(afterDot, 0, tell)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.serve(c) // one after the other, so that the telling has an order
		}
	}()
	return l.Addr().(*net.TCPAddr).Port, l, nil
}

func sendCheck() error {
	taken, err := acknowledged()
	if err != nil {
		return err
	}
	forgotten, sending := 0, 0
	sent := make(map[string]bool)
	if err := survived(func(_ *store.Store, all map[string][]data.Entry) error {
		if len(all) != cutFiles {
			return fmt.Errorf("%d of %d messages are left", len(all), cutFiles)
		}
		for name, entries := range all {
			switch entries[0].State {
			case data.Sent:
				sent[name] = true
			case data.Sending:
				sending++
			default:
				if taken["<"+name+"@example.org>"] {
					forgotten++
				}
			}
		}
		return nil
	}); err != nil {
		return err
	}
	if sending > 1 {
		return fmt.Errorf("%d are under way on one connection", sending)
	}
	var got []string
	port, stop, err := listening(func(id string) { got = append(got, strings.TrimSuffix(strings.Trim(id, "<>"), "@example.org")) })
	if err != nil {
		return err
	}
	defer func() { _ = stop.Close() }()
	if err := command(io.Discard, "settings", "set", "server1.port="+strconv.Itoa(port)); err != nil {
		return err
	}
	if err := command(io.Discard, "once"); err != nil {
		return err
	}
	for _, name := range got {
		if sent[name] {
			return fmt.Errorf("%s went again", name)
		}
		sent[name] = true
	}
	if len(sent)+sending != cutFiles {
		return fmt.Errorf("%d sent and %d uncertain of %d", len(sent), sending, cutFiles)
	}
	files, err := filepath.Glob(filepath.Join(place.At(cutData()).Folder, "*"))
	if err != nil || len(files) != sending {
		return fmt.Errorf("%d files are left, %d are uncertain: %w", len(files), sending, err)
	}
	missingf(forgotten, "%d taken by the server, %d went after the cut", len(taken), len(got))
	return nil
}

func saveSetup() error { return configure() }

func saving(i int) []string {
	return []string{fmt.Sprintf("server1.host=h%d.example.org", i), fmt.Sprintf("from.name=n%d", i), fmt.Sprintf("test_to=t%d@example.org", i)}
}

func saveWriter() error {
	for i := 1; ; i++ {
		if err := command(io.Discard, append([]string{"settings", "set"}, saving(i)...)...); err != nil {
			return err
		}
		_, _ = fmt.Fprintln(os.Stdout, i)
	}
}

func saveCheck() error {
	said, err := acknowledged()
	if err != nil {
		return err
	}
	return survived(func(s *store.Store, _ map[string][]data.Entry) error {
		values, _, err := s.Settings(context.Background())
		if err != nil {
			return err
		}
		name, saved := strings.CutPrefix(values["from.name"], "n")
		if !saved {
			missingf(len(said), "nothing was saved")
			return nil
		}
		i, err := strconv.Atoi(name)
		if err != nil {
			return err
		}
		for _, setting := range saving(i) {
			field, want, _ := strings.Cut(setting, "=")
			if values[field] != want {
				return fmt.Errorf("mixed: %s is %q beside number %d", field, values[field], i)
			}
		}
		missingf(max(len(said)-i, 0), "%d saved, number %d is there", len(said), i)
		return nil
	})
}
