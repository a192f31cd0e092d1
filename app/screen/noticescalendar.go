package screen

import (
	"strings"

	"smtpgateway/data"
)

const mostClosed = 80 // letters of a name

// ClosedDays is how many spans of closed days there are.
func (n *Notices) ClosedDays() int { return len(n.seen.closed) }

// ClosedSpan is one of them, the earliest first.
func (n *Notices) ClosedSpan(i int) data.Closed {
	if i < 0 || i >= len(n.seen.closed) {
		return data.Closed{}
	}
	return n.seen.closed[i]
}

// Span is a span of days in words.
func (n *Notices) Span(c data.Closed) string {
	if c.First == c.Last {
		return n.desk.Date(c.First)
	}
	return n.desk.Say("{{.From}} to {{.To}}", With("From", n.desk.Date(c.First), "To", n.desk.Date(c.Last)))
}

// Over reports whether a span lies behind.
func (n *Notices) Over(c data.Closed) bool { return c.Last < n.desk.today() }

// ClosedWords say which closed days come next, and what they mean.
func (n *Notices) ClosedWords() string {
	d := n.desk
	if !n.loaded {
		return ""
	}
	words := d.Say("No holidays are known.")
	if len(n.seen.closed) > 0 {
		words = d.Say("No holidays are known from today on.")
	}
	for i := range n.seen.closed {
		c := &n.seen.closed[i]
		if n.Over(*c) {
			continue
		}
		with := With("Name", c.Name, "Days", n.Span(*c))
		switch now := c.First <= d.today(); {
		case now && c.Name == "":
			words = d.Say("Closed now: {{.Days}}.", with)
		case now:
			words = d.Say("Closed now: {{.Name}}, {{.Days}}.", with)
		case c.Name == "":
			words = d.Say("Closed next: {{.Days}}.", with)
		default:
			words = d.Say("Closed next: {{.Name}}, {{.Days}}.", with)
		}
		break
	}
	if n.seen.set.Overdue.Calendar == data.CalendarIgnore {
		words += " " + d.Say("Notices go out on closed days too, as it is set under When and what.")
	}
	return words
}

// ClosedTyped is a span as typed.
type ClosedTyped struct{ First, Last, Name string }

// ClosedWrong is what is wrong with each; all empty: nothing.
func (n *Notices) ClosedWrong(t ClosedTyped) (first, last, name string) {
	_, first, last = n.readSpan(t)
	return first, last, n.desk.plainWrong(t.Name, mostClosed)
}

func (n *Notices) readSpan(t ClosedTyped) (c data.Closed, first, last string) {
	d := n.desk
	const layout = "Write the day as 24.11.2026 or 2026-11-24."
	var ok bool
	if c.First, ok = d.readDate(t.First); !ok {
		first = d.Say(layout)
	}
	if c.Last = c.First; strings.TrimSpace(t.Last) != "" {
		if c.Last, ok = d.readDate(t.Last); !ok {
			last = d.Say(layout)
		}
	}
	if first == "" && last == "" && c.Last < c.First {
		last = d.Say("The last day lies before the first.")
	}
	c.Name = strings.TrimSpace(t.Name)
	return c, first, last
}

// AddClosed enters a span by hand; false: something of it is wrong.
func (n *Notices) AddClosed(t ClosedTyped) bool {
	c, first, last := n.readSpan(t)
	if first != "" || last != "" || n.desk.plainWrong(t.Name, mostClosed) != "" || n.doing != "" {
		return false
	}
	n.do(n.desk.Say("Saving."), func(w *noticesWork) error { return w.store.SaveClosed(w.ctx, c) }, nil)
	return true
}

// RemoveClosed takes a span out, with the way back.
func (n *Notices) RemoveClosed(c data.Closed) {
	n.do(n.desk.Say("Removing."), func(w *noticesWork) error { return w.store.DeleteClosed(w.ctx, c.ID) }, func() {
		n.notice(n.desk.Say("Removed: {{.Days}}.", With("Days", n.Span(c))), func() {
			again := c
			again.ID = 0
			n.do(n.desk.Say("Saving."), func(w *noticesWork) error { return w.store.SaveClosed(w.ctx, again) }, nil)
		})
	})
}

// RemoveSource takes out all that came from one file, with the way back.
func (n *Notices) RemoveSource(source string) {
	var was []data.Closed
	for _, c := range n.seen.closed {
		if c.Source == source {
			was = append(was, c)
		}
	}
	if source == "" || len(was) == 0 {
		return
	}
	n.do(n.desk.Say("Removing."), func(w *noticesWork) error { return w.store.ReplaceClosed(w.ctx, source, nil) }, func() {
		n.notice(n.desk.Say("What came from {{.File}} is removed.", With("File", source)), func() {
			n.do(n.desk.Say("Saving."), func(w *noticesWork) error { return w.store.ReplaceClosed(w.ctx, source, was) }, nil)
		})
	})
}
