package bench_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
)

// asSink makes this test binary a mail server that throws everything away: in a process of its own, so that its work
// is not counted as ours, and the same for everybody who is measured.
const asSink = "SMTP_GATEWAY_BENCH_SINK"

func TestMain(m *testing.M) {
	if os.Getenv(asSink) != "" {
		sinkProcess()
		return
	}
	os.Exit(m.Run())
}

// sinkProcess serves until standard input ends. It tells its port, then the number of messages at each line asked.
func sinkProcess() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var taken atomic.Int64
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c, func() { taken.Add(1) })
		}
	}()
	fmt.Println(l.Addr().(*net.TCPAddr).Port)
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		fmt.Println(taken.Load())
	}
}

// serve speaks as much SMTP as a client needs, and takes everything.
func serve(c net.Conn, took func()) {
	defer func() { _ = c.Close() }()
	r := bufio.NewReaderSize(c, 1<<16)
	say := func(s string) { _, _ = io.WriteString(c, s+"\r\n") }
	say("220 sink ESMTP")
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(string(line[:min(4, len(line))])); verb {
		case "EHLO":
			say("250-sink\r\n250-8BITMIME\r\n250 SIZE 100000000")
		case "DATA":
			say("354 go on")
			if !skipBody(r) {
				return
			}
			took()
			say("250 2.0.0 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 2.0.0 ok")
		}
	}
}

func skipBody(r *bufio.Reader) bool {
	for {
		line, err := r.ReadSlice('\n')
		if bytes.Equal(line, []byte(".\r\n")) {
			return true
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return false
		}
	}
}

// sink is one such process.
type sink struct {
	port int
	in   io.WriteCloser
	out  *bufio.Scanner
}

func startSink(b *testing.B) *sink {
	b.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), asSink+"=1")
	in, err := c.StdinPipe()
	must(b, err)
	out, err := c.StdoutPipe()
	must(b, err)
	must(b, c.Start())
	s := &sink{in: in, out: bufio.NewScanner(out)}
	b.Cleanup(func() {
		_ = in.Close()
		_ = c.Wait()
	})
	s.port = s.number(b)
	return s
}

func (s *sink) number(b *testing.B) int {
	b.Helper()
	if !s.out.Scan() {
		b.Fatal("the sink ended")
	}
	var n int
	_, err := fmt.Sscan(s.out.Text(), &n)
	must(b, err)
	return n
}

// taken is how many messages it has.
func (s *sink) taken(b *testing.B) int {
	b.Helper()
	_, err := io.WriteString(s.in, "\n")
	must(b, err)
	return s.number(b)
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
