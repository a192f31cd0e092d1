package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/gofrs/flock"

	"smtpgateway/data"
)

// A second start on the same data folder brings the first window to the front and ends. Only the same person's programs
// can ask for that, and nothing else can be asked for.
const (
	raisePatience = 2 * time.Second // how long a second start waits for the first window
	raiseAtOnce   = 4               // questions answered side by side; more are turned away
)

// instance is the right to be the window on a data folder, and the ear for a second start.
type instance struct {
	lock     *flock.Flock
	file     string // names port and token
	token    string
	listener net.Listener
}

// door is what the first window leaves for a second one.
type door struct {
	Port  int    `json:"port"`
	Token string `json:"token"`
}

// becomeFirst makes this program the one window on a data folder. Neither instance nor error means that another window
// was that already, and is in front now. With an error the window may still be shown, as one of two.
func becomeFirst(ctx context.Context, folder, dataFolder string) (*instance, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, noWord(err)
	}
	sum := sha256.Sum256([]byte(dataFolder))
	base := filepath.Join(folder, "window-"+hex.EncodeToString(sum[:8]))
	lock := flock.New(base+".lock", flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	if err != nil {
		return nil, noWord(err)
	}
	if !got {
		_ = lock.Close()
		return nil, askToRaise(ctx, base+".json")
	}
	f := &instance{lock: lock, file: base + ".json"}
	if err := f.listen(ctx); err != nil {
		return f, noWord(err)
	}
	return f, nil
}

func noWord(err error) error {
	return &data.Error{Code: data.CodeNoAccess, Sentence: "A second window on the same data cannot be recognised.", Next: "Look whether you may write in your own settings folder.", Err: err}
}

func (f *instance) listen(ctx context.Context) error {
	var listen net.ListenConfig
	l, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return errors.Join(errors.New("no port"), l.Close())
	}
	f.listener, f.token = l, rand.Text()
	word, err := json.Marshal(door{Port: address.Port, Token: f.token})
	if err != nil {
		return err
	}
	// Whole or not at all: a second start may be reading.
	if err := os.WriteFile(f.file+".new", word, 0o600); err != nil {
		return err
	}
	return os.Rename(f.file+".new", f.file)
}

// serve answers second starts from now on; raise gets a function to call when the window is in front.
func (f *instance) serve(raise func(done func())) {
	if f == nil || f.listener == nil {
		return
	}
	free := make(chan struct{}, raiseAtOnce)
	go func() {
		for {
			c, err := f.listener.Accept()
			if err != nil {
				return
			}
			select {
			case free <- struct{}{}:
				go func() {
					f.answer(c, raise)
					<-free
				}()
			default:
				_ = c.Close()
			}
		}
	}()
}

// answer says yes when the window really is in front: one that hangs must not keep a second one from opening.
func (f *instance) answer(c net.Conn, raise func(done func())) {
	defer func() { _ = c.Close() }()
	if c.SetDeadline(time.Now().Add(raisePatience)) != nil {
		return
	}
	line, err := bufio.NewReader(io.LimitReader(c, 128)).ReadString('\n')
	if err != nil || subtle.ConstantTimeCompare([]byte(line), []byte(raiseWord(f.token))) != 1 {
		return
	}
	raised := make(chan struct{})
	raise(func() { close(raised) })
	late := time.NewTimer(raisePatience)
	defer late.Stop()
	select {
	case <-raised:
		_, _ = io.WriteString(c, raisedWord)
	case <-late.C:
	}
}

func raiseWord(token string) string { return "raise " + token + "\n" }

const raisedWord = "raised\n"

// close gives the right back, for the next start.
func (f *instance) close() {
	if f == nil {
		return
	}
	if f.listener != nil {
		_ = os.Remove(f.file)
		_ = f.listener.Close()
	}
	_ = f.lock.Close()
}

// askToRaise asks the first window to come to the front. It may be starting still, so it is asked until the patience is
// over.
func askToRaise(ctx context.Context, file string) error {
	ctx, cancel := context.WithTimeout(ctx, raisePatience)
	defer cancel()
	letToFront()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		err := knock(ctx, file)
		if err == nil {
			return nil
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return &data.Error{
				Code: data.CodeInUse, Sentence: "A window on the same data is open already and does not answer.", Next: "Here is a second one; close the other when you can.", Err: err,
			}
		}
	}
}

func knock(ctx context.Context, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var d door
	if err := json.Unmarshal(text, &d); err != nil {
		return err
	}
	var dial net.Dialer
	c, err := dial.DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(d.Port)))
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	if until, ok := ctx.Deadline(); ok {
		if err := c.SetDeadline(until); err != nil {
			return err
		}
	}
	if _, err := io.WriteString(c, raiseWord(d.Token)); err != nil {
		return err
	}
	got, err := io.ReadAll(io.LimitReader(c, 128))
	if err == nil && string(got) != raisedWord {
		err = errors.New("the window did not come")
	}
	return err
}
