package lists

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"time"

	"smtpgateway/data"
)

// errEnded: the process that takes lists in ended in the middle.
var errEnded = errors.New("the process that takes lists in ended in the middle")

// errNotStarted: there is no such process; whoever wanted it does the work itself.
var errNotStarted = errors.New("the process that takes lists in cannot be started")

// answer is one line of a child.
type answer struct {
	Result *Result  `json:"result,omitempty"`
	Refuse *refusal `json:"refuse,omitempty"`
	Done   bool     `json:"done,omitempty"`
}

type refusal struct {
	Code     data.Code `json:"code"`
	Sentence string    `json:"sentence"`
	Next     string    `json:"next"`
}

// Child has lists taken in by a process of its own: reading a whole school needs ten times the memory of a service, which Go
// and SQLite would not give back. It runs program with args, which is to call Serve. It gets the order by its standard input,
// which stays open as long as this process lives, and ends when that is closed: then it is as if this process had been
// killed, and the import is one transaction.
func Child(program string, args ...string) Taker {
	return func(ctx context.Context, order Order, each func(Result) error) error {
		c := exec.CommandContext(ctx, program, args...) //nolint:gosec // our own program
		c.WaitDelay = time.Second
		in, err := c.StdinPipe()
		if err != nil {
			return err
		}
		out, err := c.StdoutPipe()
		if err != nil {
			return err
		}
		if err := c.Start(); err != nil {
			return errors.Join(errNotStarted, err)
		}
		err = errors.Join(json.NewEncoder(in).Encode(order), hear(out, each))
		_ = in.Close() // it ends, if it did not yet
		ended := c.Wait()
		switch {
		case ctx.Err() != nil: // it was ended with us
			return ctx.Err()
		case errors.Is(err, errEnded):
			return errors.Join(err, ended) // for the log: how
		}
		return err
	}
}

// hear reads what a child says.
func hear(out io.Reader, each func(Result) error) error {
	for lines := json.NewDecoder(out); ; {
		var a answer
		switch err := lines.Decode(&a); {
		case err != nil:
			return errors.Join(errEnded, err)
		case a.Refuse != nil:
			return &data.Error{Code: a.Refuse.Code, Sentence: a.Refuse.Sentence, Next: a.Refuse.Next}
		case a.Done:
			return nil
		case a.Result == nil:
			return errEnded
		}
		if err := each(*a.Result); err != nil {
			return err
		}
	}
}

// Serve is the child's side of Child: it takes in what in asks for, tells it to out, and calls orphaned when its parent is
// gone.
func Serve(ctx context.Context, s Store, in io.Reader, out io.Writer, orphaned func()) error {
	ask := json.NewDecoder(in)
	var order Order
	if err := ask.Decode(&order); err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, in)
		orphaned()
	}()
	say := json.NewEncoder(out)
	if err := Take(ctx, s, time.Now, order, func(r Result) error { return say.Encode(answer{Result: &r}) }); err != nil {
		return Refuse(out, err)
	}
	return say.Encode(answer{Done: true})
}

// Refuse tells why nothing more is taken in.
func Refuse(out io.Writer, err error) error {
	r := refusal{Code: data.CodeOf(err)}
	r.Sentence, r.Next = data.Words(err)
	return json.NewEncoder(out).Encode(answer{Refuse: &r})
}
