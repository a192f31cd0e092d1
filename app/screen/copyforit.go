package screen

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// copiedLines is how much of the journal goes to IT.
const copiedLines = 60

// CopyForIT puts what IT needs on the clipboard: versions, places, settings without passwords, the last test, and what
// happened lately. Addresses of patrons are masked: IT needs the domain and the server's answer, not the child.
func (l *Log) CopyForIT(done func(said string)) {
	d, f := l.desk, l.desk.Facts()
	GoStore(d, func(ctx context.Context, s *store.Store) ([]data.JournalLine, error) {
		return s.Log(ctx, data.LogQuery{Limit: copiedLines, Kinds: []data.JournalKind{
			data.JournalTrouble, data.JournalFailed, data.JournalService, data.JournalSettings, data.JournalMail,
		}})
	}, func(lines []data.JournalLine, err error) {
		text := forIT(d, f, lines)
		if err != nil {
			text += "\nThe log cannot be read: " + asError(err).Error() + "\n"
		}
		d.Desktop().Copy(text)
		done(d.Say("Copied. Paste it into a message to your IT department; it holds no password and no patron's address."))
	})
}

// forIT is in English on purpose: support reads it.
func forIT(d *Desk, f Facts, lines []data.JournalLine) string {
	var b strings.Builder
	p := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-18s "+format+"\n", append([]any{name}, args...)...)
	}
	p("SMTP Gateway", "%s on %s/%s", d.Version(), runtime.GOOS, runtime.GOARCH)
	if d.o.Drawn != "" {
		p("Window", "drawn %s", d.o.Drawn)
	}
	p("Time", "%s", d.Now().Format(time.RFC3339))
	p("Data folder", "%s", d.Place().Data)
	p("Service", "%s %s", f.Service.State, f.Service.Reason)
	if f.Problem != nil {
		p("Database", "%s", f.Problem.Error())
	} else {
		p("Trouble", "%s %s", f.Beat.Trouble, f.Beat.Remedy)
		p("Checks", "last %s, next %s", stamp(f.Beat.LastCheck), stamp(f.Beat.NextCheck))
		for _, st := range data.States() {
			p(string(st), "%d", f.Counts[st])
		}
		p("Last test", "%s ok=%t %s", stamp(f.TestedOn), f.TestOK, f.TestSaid)
		b.WriteString("\nSettings (revision " + fmt.Sprint(f.Revision) + ")\n")
		for _, field := range data.Fields() {
			p("  "+field.Name, "%s", f.Settings.Shown(field))
		}
		for _, problem := range f.Problems {
			p("  !"+problem.Name, "%s", problem.Sentence)
		}
		for _, s := range f.Servers {
			if !s.Since.IsZero() {
				p("Server "+fmt.Sprint(s.Server), "since %s: %s %d %s %s (left alone until %s)", stamp(s.Since), s.Outcome.Phase, s.Outcome.Code, s.Outcome.Enhanced, s.Outcome.Line, stamp(s.Until))
			}
		}
	}
	b.WriteString("\nWhat happened, newest first\n")
	for i := range lines {
		b.WriteString(logText(&lines[i]) + "\n")
	}
	return data.MaskAddresses(b.String(), f.Settings.OwnAddresses()...)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Format(time.RFC3339)
}

func logText(l *data.JournalLine) string {
	event := ""
	if l.Event != 0 {
		event = fmt.Sprintf(" E%d", l.Event)
	}
	return l.At.Format("2006-01-02 15:04:05") + " " + string(l.Kind) + event + "  " + l.Text
}
