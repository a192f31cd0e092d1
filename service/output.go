package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"smtpgateway/data"
)

// encode writes v as JSON with line breaks, for programs and for people who pipe.
func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// when is a time as a person here would say it.
func when(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	t = t.Local()
	if t.Format(time.DateOnly) == time.Now().Format(time.DateOnly) {
		return "today " + t.Format("15:04:05")
	}
	return t.Format("Mon 2 Jan 2006 15:04")
}

// entryView is one line of the queue for programs. The names are part of the interface.
type entryView struct {
	ID        int64     `json:"id"`
	Message   int64     `json:"message"`
	State     string    `json:"state"`
	Words     string    `json:"words"`
	Recipient string    `json:"recipient"`
	Subject   string    `json:"subject"`
	From      string    `json:"from"`
	Class     string    `json:"class"`
	Source    string    `json:"source"`
	File      string    `json:"file,omitempty"`
	MessageID string    `json:"message_id"`
	Size      int64     `json:"size"`
	Queued    time.Time `json:"queued"`
	Changed   time.Time `json:"changed"`
	Due       time.Time `json:"due,omitzero"`
	Attempts  int       `json:"attempts"`
	Uncertain int       `json:"uncertain"`
	Reason    string    `json:"reason,omitempty"`
	Remedy    string    `json:"remedy,omitempty"`
	Code      int       `json:"code,omitempty"`
	Enhanced  string    `json:"enhanced,omitempty"`
	Line      string    `json:"line,omitempty"`
	Practice  bool      `json:"practice,omitempty"`
}

func viewOf(e data.Entry) entryView {
	v := entryView{
		ID: e.ID, Message: e.Message, State: string(e.State), Words: e.State.Words(), Recipient: e.Recipient,
		Subject: e.Letter.Subject, From: e.Letter.From, Class: e.Letter.Class.String(), Source: string(e.Letter.Door),
		File: e.Letter.File, MessageID: e.Letter.MessageID, Size: e.Letter.Size, Queued: e.Letter.Queued, Changed: e.Changed,
		Attempts: e.Attempts, Uncertain: e.Uncertain, Reason: e.Reason, Remedy: e.Remedy, Code: e.Code, Enhanced: e.Enhanced,
		Line: e.Line, Practice: e.Letter.Practice,
	}
	if e.State == data.Waiting {
		v.Due = e.Due
	}
	return v
}

// attemptView is one try for programs.
type attemptView struct {
	Server  int          `json:"server"`
	Host    string       `json:"host"`
	Started time.Time    `json:"started"`
	Ended   time.Time    `json:"ended,omitzero"`
	Charged bool         `json:"charged"`
	Outcome data.Outcome `json:"outcome"`
}

func attemptViews(all []data.Attempt) []attemptView {
	views := make([]attemptView, len(all))
	for i, t := range all {
		views[i] = attemptView{Server: t.Server, Host: t.Host, Started: t.Started, Ended: t.Ended, Charged: t.Charged, Outcome: t.Outcome}
	}
	return views
}

// isTerminal reports whether somebody looks at what is written.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && console(f.Fd())
}

// between refuses a limit that a list cannot keep.
func between(limit, most int) error {
	if limit < 1 || limit > most {
		return usage(fmt.Sprintf("The limit is a number from 1 to %d.", most), "More is shown page by page.")
	}
	return nil
}

// openNamed opens a file that a person named.
func openNamed(name string) (*os.File, error) {
	f, err := os.Open(name) // #nosec G304 -- the person named it
	if err == nil {
		if info, e := f.Stat(); e == nil && info.IsDir() {
			_ = f.Close()
			return nil, &data.Error{Code: data.CodeNotFound, Sentence: data.Clean(name, 200) + " is a folder.", Next: "Name a file in it."}
		}
		return f, nil
	}
	bad := &data.Error{Code: data.CodeNotFound, Sentence: "The file " + data.Clean(name, 200) + " cannot be read.", Next: "Look at its name.", Err: err}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		bad.Sentence = "There is no file " + data.Clean(name, 200) + "."
	case errors.Is(err, fs.ErrPermission):
		bad.Code, bad.Next = data.CodeNoAccess, "Ask whoever made it for the right to read it."
	}
	return nil, bad
}

// cut shortens text for a column.
func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s + strings.Repeat(" ", n-len(r))
	}
	return string(r[:n-1]) + "~"
}

func printStep(w io.Writer, s data.Step) {
	mark := "ok  "
	if !s.OK {
		mark = "NO  "
	}
	_, _ = fmt.Fprintf(w, "%s%-12s %s", mark, s.Name, s.Text)
	if s.Took >= time.Millisecond {
		_, _ = fmt.Fprintf(w, " (%s)", s.Took.Round(time.Millisecond))
	}
	_, _ = fmt.Fprintln(w)
	if s.Detail != "" {
		_, _ = fmt.Fprintf(w, "                 %s\n", s.Detail)
	}
	if s.Remedy != "" {
		_, _ = fmt.Fprintf(w, "                 -> %s\n", inTerminal(s.Remedy, signinAny))
	}
}
