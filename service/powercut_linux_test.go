package main

import (
	"bufio"
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

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
)

// The power cuts happen in installer/ci/powercut.sh, which runs this test program again for its parts: as the one who
// works until the cut, and as the one who looks at what the disk kept.
const (
	partVariable = "SMTP_GATEWAY_POWERCUT"
	exeVariable  = "SMTP_GATEWAY_PROGRAM"
)

func init() {
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
	exe := program(t)
	for _, c := range []struct{ part, promise string }{
		{"accept", "during intake: what was said yes to is there once, and a dropped file or its message, never neither"},
		{"send", "while sending: what a server took is sent or marked as under way, and no sent one goes again"},
		{"save", "while settings are saved: old or new, never mixed"},
	} {
		t.Run(c.promise, func(t *testing.T) {
			as := func(part string) string { return fmt.Sprintf("%s=%s exec '%s'", partVariable, part, self) }
			run := exec.Command(script, "-n", "20", "-s", as(c.part+"-setup"), as(c.part), as(c.part+"-check")) // #nosec G204
			run.Env = append(os.Environ(), exeVariable+"="+exe)
			out, err := run.CombinedOutput()
			t.Logf("%s", out)
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func cutData() string { return filepath.Join(os.Getenv("DIR"), "data") }

// command runs the program on the disk that will lose its power.
func command(args ...string) *exec.Cmd {
	c := exec.Command(os.Getenv(exeVariable), append([]string{"--data", cutData()}, args...)...) // #nosec G204
	c.Stderr = os.Stderr
	return c
}

func configure(more ...string) error {
	return command(append([]string{"settings", "set"}, portSettings(1, more...)...)...).Run()
}

// missing ends a check in the words of the script.
func missing(n int, format string, args ...any) {
	fmt.Printf("%d missing: %s\n", n, fmt.Sprintf(format, args...))
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
	ctx := testContext
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

// acceptWriter passes on each yes, while another process takes the folder in.
func acceptWriter() error {
	files, err := filepath.Glob(filepath.Join(os.Getenv("DIR"), "in", "*.eml"))
	if err != nil {
		return err
	}
	once := command("once")
	if err := once.Start(); err != nil {
		return err
	}
	for {
		c := command(append([]string{"enqueue"}, files...)...)
		out, err := c.StdoutPipe()
		if err != nil {
			return err
		}
		if err := c.Start(); err != nil {
			return err
		}
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if _, id, yes := strings.Cut(lines.Text(), "as message "); yes {
				fmt.Println(strings.TrimSuffix(id, "."))
			}
		}
		if err := c.Wait(); err != nil {
			return err
		}
	}
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
		missing(lost, "%d said yes to, %d stored", len(said), len(numbers))
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
	return command("once").Run() // nobody listens: everything is taken in and waits
}

// sendWriter is the server, too: it tells of each message it took before it says so to the client.
func sendWriter() error {
	port, _, err := listening(func(id string) { fmt.Println(id) })
	if err != nil {
		return err
	}
	if err := command("settings", "set", "server1.port="+strconv.Itoa(port)).Run(); err != nil {
		return err
	}
	if err := command("once").Run(); err != nil {
		return err
	}
	select {} // all sent before the cut: nothing more to do
}

// listening takes messages and tells the Message-ID of each.
func listening(took func(id string)) (int, io.Closer, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, nil, err
	}
	s := &countingServer{taken: make(map[string]int), told: took}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return l.Addr().(*net.TCPAddr).Port, l, nil
}
