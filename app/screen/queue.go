package screen

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"smtpgateway/data"
)

// How much of the queue is in hand: pages as they are asked for, and all of them together, however much there is.
const (
	queuePage = 100
	queueMost = 500
	newMost   = 100 // new ones counted above, at most
)

// Queue is the screen of all messages: a window of at most 500 lines that slides over what may be a million.
type Queue struct {
	actor

	OnChange func()     // something shown changed; nil: nobody looks
	Place    func() int // the first line a person sees, as the one who draws knows it; nil: the top

	filter data.State // empty: all
	search string     // as typed
	date   string     // as typed
	wrong  string     // what is wrong with date

	window []data.Entry
	rows   []Row // words for window, made when they are asked for
	top    bool  // nothing newer than the window
	newest int64 // the newest that was ever in sight: what is beyond is news
	news   int

	paging

	chosen map[int64]data.State // by number, with the state last seen; also what is out of the window now
	all    bool                 // everything that matches, be it in sight or not
}

// Move says what happened to the lines under a person's eyes since it was last asked.
type Move struct {
	By   int  // lines put in front of the window; negative: taken away there
	Jump bool // the window shows another part of the queue: line To goes to the top
	To   int
}

// NewQueue makes the screen; nothing is asked before Refresh.
func NewQueue(d *Desk) *Queue {
	q := &Queue{actor: actor{desk: d}, chosen: map[int64]data.State{}}
	q.progress = q.changed
	return q
}

// Refresh takes in that something changed, or reads for the first time. What a person looks at and has chosen stays.
func (q *Queue) Refresh(c Change) {
	other := q.reopened(q.desk)
	switch {
	case other:
		q.begin()
	case !q.loaded:
		if q.stop == nil {
			q.fresh()
		}
	case c.Store:
		q.reread()
	case c.Minute || c.Service:
		q.rows = nil
		q.changed()
	}
}

func (q *Queue) changed() {
	if q.OnChange != nil {
		q.OnChange()
	}
}

// queueFilters are the choices of states in the order shown; the empty one is all.
var queueFilters = []data.State{"", data.Waiting, data.Sending, data.Failed, data.Held, data.Sent, data.Cancelled}

// Filters are the words of the state filter, with how many there are.
func (q *Queue) Filters() []string {
	counts := q.desk.facts.Counts
	words := make([]string, len(queueFilters))
	for i, state := range queueFilters {
		n := counts[state]
		if state == "" {
			for _, one := range counts {
				n += one
			}
		}
		words[i] = q.desk.Say("{{.State}} ({{.N}})", With("State", q.filterName(state), "N", thousands(n)))
	}
	return words
}

func (q *Queue) filterName(state data.State) string {
	switch state {
	case data.Waiting:
		return q.desk.Say("Waiting")
	case data.Sending:
		return q.desk.Say("Being sent")
	case data.Failed:
		return q.desk.Say("Failed")
	case data.Held:
		return q.desk.Say("Held")
	case data.Sent:
		return q.desk.Say("Sent")
	case data.Cancelled:
		return q.desk.Say("Cancelled")
	default:
		return q.desk.Say("All")
	}
}

// Filter is the choice in force, an index of Filters.
func (q *Queue) Filter() int { return max(slices.Index(queueFilters, q.filter), 0) }

// SetFilter takes another choice.
func (q *Queue) SetFilter(i int) {
	if i >= 0 && i < len(queueFilters) && queueFilters[i] != q.filter {
		q.filter = queueFilters[i]
		q.begin()
	}
}

// ShowState shows all of one state, whatever was looked for before; empty: all.
func (q *Queue) ShowState(state data.State) {
	if !slices.Contains(queueFilters, state) {
		return
	}
	q.filter, q.search = state, ""
	q.begin()
}

// Search is the text looked for, as typed.
func (q *Queue) Search() string { return q.search }

// SetSearch looks for a text in addresses and subjects, from three letters on.
func (q *Queue) SetSearch(text string) {
	before := q.words()
	q.search = text
	if q.words() != before {
		q.begin()
		return
	}
	q.changed()
}

// SearchHint says why a text is not looked for; empty: it is, or there is none.
func (q *Queue) SearchHint() string {
	if strings.TrimSpace(q.search) == "" || q.words() != "" {
		return ""
	}
	return q.desk.Say("Type at least three letters.")
}

// words is the search as the store gets it: an index of three letters finds nothing by two.
func (q *Queue) words() string {
	words := strings.Fields(q.search)
	if !slices.ContainsFunc(words, func(w string) bool { return utf8.RuneCountInString(w) >= 3 }) {
		return ""
	}
	return strings.Join(words, " ")
}

// Date is the date gone to, as typed; DateError what is wrong with it.
func (q *Queue) Date() string { return q.date }

// DateError is what is wrong with the date typed; empty: nothing.
func (q *Queue) DateError() string { return q.wrong }

// GoTo shows the queue from a day on, typed as 24.11.2026, 2026-11-24 or 24 Nov 2026; empty: from the newest.
func (q *Queue) GoTo(text string) {
	q.date, q.wrong = text, ""
	if strings.TrimSpace(text) == "" {
		q.fresh()
		return
	}
	day, ok := parseDay(text, q.desk.Now().Location())
	if !ok {
		q.wrong = q.desk.Say("Write the date as 24 Nov 2026 or 24.11.2026.")
		q.changed()
		return
	}
	q.jump(day.AddDate(0, 0, 1).Add(-time.Millisecond))
}

// parseDay reads a date in the ways that mean the same everywhere; with slashes it is one day here and another there.
func parseDay(text string, where *time.Location) (time.Time, bool) {
	text = strings.Join(strings.Fields(strings.NewReplacer(",", " ").Replace(text)), " ")
	for _, layout := range []string{"2.1.2006", "2. 1. 2006", "2006-1-2", "2 Jan 2006", "2 January 2006", "Mon 2 Jan 2006", "Jan 2 2006", "January 2 2006"} {
		if day, err := time.ParseInLocation(layout, text, where); err == nil {
			return day, true
		}
	}
	return time.Time{}, false
}

// News is how many new ones lie above the window ("12 new above"); empty: none, or they are shown.
func (q *Queue) News() string {
	switch {
	case q.news == 0:
		return ""
	case q.news >= newMost:
		return q.desk.Say("{{.N}}+ new above", With("N", newMost))
	}
	return q.desk.Say("{{.N}} new above", With("N", q.news))
}

// ShowNews goes to the newest.
func (q *Queue) ShowNews() {
	q.date, q.wrong = "", ""
	q.fresh()
}

// Reading reports whether an answer is awaited.
func (q *Queue) Reading() bool { return q.stop != nil }

// Choose takes the lines a person has chosen. One line alone is a new choice; several are what is in sight of one that
// may reach beyond the window.
func (q *Queue) Choose(rows []int) {
	q.all = false
	next := map[int64]data.State{}
	if len(rows) > 1 {
		maps.Copy(next, q.chosen)
		for i := range q.window {
			delete(next, q.window[i].ID)
		}
	}
	for _, i := range rows {
		if i >= 0 && i < len(q.window) {
			next[q.window[i].ID] = q.window[i].State
		}
	}
	q.chosen = next
	q.changed()
}

// ChooseAll takes everything that matches filter and search, in sight or not.
func (q *Queue) ChooseAll() {
	q.all = true
	q.changed()
}

// Chosen are the lines of the window that are chosen.
func (q *Queue) Chosen() []int {
	var rows []int
	for i := range q.window {
		if _, ok := q.chosen[q.window[i].ID]; ok || q.all {
			rows = append(rows, i)
		}
	}
	return rows
}

// ChosenWords says how much is chosen; empty: nothing.
func (q *Queue) ChosenWords() string {
	switch {
	case q.all && q.words() == "" && q.filter != "":
		return q.desk.Say("All {{.N}} are chosen", With("N", thousands(q.desk.facts.Counts[q.filter])))
	case q.all:
		return q.desk.Say("All that match are chosen")
	case len(q.chosen) == 0:
		return ""
	case len(q.chosen) == 1:
		return q.desk.Say("1 message is chosen")
	}
	return q.desk.Say("{{.N}} messages are chosen", With("N", thousands(len(q.chosen))))
}

// Empty says what stands in place of the lines when there are none, and what to do.
func (q *Queue) Empty() (what, next string) {
	say := q.desk.Say
	switch {
	case q.problem != nil:
		return q.problem.Sentence, q.problem.Next
	case !q.loaded:
		return say("Reading the queue."), ""
	case q.words() != "":
		return say("Nothing here has \"{{.Text}}\" in an address or the subject.", With("Text", data.Clean(q.words(), 60))),
			say("Try a part of the address, or choose All in place of one state.")
	}
	switch q.filter {
	case data.Waiting:
		return say("Nothing is waiting."), say("Everything that came in has been dealt with.")
	case data.Sending:
		return say("Nothing is being sent at this moment."), ""
	case data.Failed:
		return say("Nothing has failed."), ""
	case data.Held:
		return say("Nothing is held."), say("Hold a waiting message to keep it here until you decide.")
	case data.Sent:
		return say("Nothing has been sent yet."), ""
	case data.Cancelled:
		return say("Nothing has been cancelled."), ""
	default:
	}
	return say("There are no messages yet."),
		say("Every message put into the folder {{.Folder}} appears here, with what became of it. To try it, press Test in Settings.", With("Folder", q.desk.facts.Folder))
}

// State is data's, for those who show and may not import data.
type State = data.State

// AllWords is what choosing everything that matches is called; empty: everything in hand is all there is, or it is
// chosen already.
func (q *Queue) AllWords() string {
	switch {
	case q.all, len(q.window) == 0, q.top && q.bottom:
		return ""
	case q.words() != "":
		return q.desk.Say("Choose all that match")
	}
	n := q.desk.facts.Counts[q.filter]
	if q.filter == "" {
		for _, one := range q.desk.facts.Counts {
			n += one
		}
	}
	return q.desk.Say("Choose all {{.N}}", With("N", thousands(n)))
}
