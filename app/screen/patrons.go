package screen

import (
	"slices"
	"strings"

	"smtpgateway/data"
)

// How much of the list is in hand: pages as they are asked for, and all of them together, however many people there are.
const (
	patronPage = 100
	patronMost = 500
)

// Patrons is the screen of all people of the library: a window of at most 500 lines that slides over the list.
type Patrons struct {
	OnChange func()                          // something shown changed; nil: nobody looks
	OnNotice func(words string, undo func()) // something was done; nil: nobody listens
	Place    func() int                      // the first line a person sees; nil: the top

	desk   *Desk
	search string // as typed
	filter data.Filter
	group  string // empty: all

	counts data.PatronCounts
	groups []data.GroupCount
	known  bool // counts and groups are as the store has them, or nearly

	window []data.PatronLine
	rows   []PatronRow    // words for window, made when they are asked for
	fronts []*data.Patron // behind whom window begins, and above it each page taken away in front; the first is nil

	paging

	chosen map[int64]data.Patron // by number, as last seen; also who is out of the window now
	all    bool                  // everybody who matches, in sight or not
	doing  string                // what is being done to many; empty: nothing
}

// NewPatrons makes the screen; nothing is asked before Refresh.
func NewPatrons(d *Desk) *Patrons {
	return &Patrons{desk: d, chosen: map[int64]data.Patron{}, fronts: []*data.Patron{nil}}
}

// Refresh takes in that something changed, or reads for the first time. What a person looks at and has chosen stays.
func (p *Patrons) Refresh(c Change) {
	other := p.reopened(p.desk)
	switch {
	case other:
		p.known = false
		p.begin()
	case !p.loaded:
		if p.stop == nil {
			p.fresh()
		}
	case c.Store:
		p.reread()
	case c.Minute:
		p.rows = nil
		p.changed()
	}
}

func (p *Patrons) changed() {
	if p.OnChange != nil {
		p.OnChange()
	}
}

func (p *Patrons) notice(words string, undo func()) {
	if p.OnNotice != nil {
		p.OnNotice(words, undo)
	}
}

// patronFilters are the choices in the order shown.
var patronFilters = []data.Filter{data.FilterAll, data.FilterOverdue, data.FilterNoAddress, data.FilterBad, data.FilterHeld, data.FilterLeft}

// Filters are the words of the filter, with how many there are.
func (p *Patrons) Filters() []string {
	say, c := p.desk.Say, &p.counts
	words := []string{say("Everybody"), say("Something overdue"), say("No address"), say("Address fails"), say("Held"), say("Left")}
	for i, n := range []int{c.Patrons, c.Overdue, c.NoAddress, c.Bad, c.Held, c.Left} {
		words[i] = say("{{.State}} ({{.N}})", With("State", words[i], "N", thousands(n)))
	}
	return words
}

// Filter is the choice in force, an index of Filters.
func (p *Patrons) Filter() int { return max(slices.Index(patronFilters, p.filter), 0) }

// SetFilter takes another choice.
func (p *Patrons) SetFilter(i int) {
	if i >= 0 && i < len(patronFilters) && patronFilters[i] != p.filter {
		p.filter = patronFilters[i]
		p.begin()
	}
}

// Groups are the words of the choice of groups; the first is all.
func (p *Patrons) Groups() []string {
	words := []string{p.desk.Say("All groups")}
	for _, g := range p.groups {
		words = append(words, p.desk.Say("{{.State}} ({{.N}})", With("State", p.desk.groupName(g.Group), "N", thousands(g.Patrons))))
	}
	return words
}

// groupName is how a group is called; some people are in none.
func (d *Desk) groupName(group string) string {
	if group == "" {
		return d.Say("no group")
	}
	return group
}

// GroupNames are the groups people are in.
func (p *Patrons) GroupNames() []string {
	var names []string
	for _, g := range p.groups {
		names = append(names, g.Group)
	}
	return names
}

// Group is the choice in force, an index of Groups.
func (p *Patrons) Group() int {
	if p.group == "" {
		return 0
	}
	return 1 + slices.IndexFunc(p.groups, func(g data.GroupCount) bool { return g.Group == p.group })
}

// SetGroup takes another group.
func (p *Patrons) SetGroup(i int) {
	group := ""
	if i > 0 && i <= len(p.groups) {
		group = p.groups[i-1].Group
	}
	if group != p.group {
		p.group = group
		p.begin()
	}
}

// Search is the text looked for, as typed.
func (p *Patrons) Search() string { return p.search }

// SetSearch looks for words with which a name, group, card, number or address begins, at every letter typed.
func (p *Patrons) SetSearch(text string) {
	before := p.words()
	p.search = text
	if p.words() != before {
		p.begin()
	}
}

func (p *Patrons) words() string { return strings.Join(strings.Fields(p.search), " ") }

// narrowed reports whether not everybody is asked for.
func (p *Patrons) narrowed() bool {
	return p.words() != "" || p.group != "" || p.filter != data.FilterAll
}

// Counts is the line on everybody: "412 patrons, 37 with something overdue, 12 without an address".
func (p *Patrons) Counts() string {
	say, c := p.desk.Say, &p.counts
	if !p.loaded || p.Nobody() {
		return ""
	}
	parts := []string{say("1 patron")}
	if c.Patrons != 1 {
		parts[0] = say("{{.N}} patrons", With("N", thousands(c.Patrons)))
	}
	if c.Loans == 1 {
		parts = append(parts, say("1 loan"))
	} else {
		parts = append(parts, say("{{.N}} loans", With("N", thousands(c.Loans))))
	}
	add := func(n int, words string) {
		if n > 0 {
			parts = append(parts, words)
		}
	}
	add(c.Overdue, say("{{.N}} with something overdue", With("N", thousands(c.Overdue))))
	add(c.NoAddress, say("{{.N}} without an address", With("N", thousands(c.NoAddress))))
	add(c.Bad, say("{{.N}} whose address fails", With("N", thousands(c.Bad))))
	return strings.Join(parts, ", ")
}

// Nobody reports whether there are no people at all, not even such as left.
func (p *Patrons) Nobody() bool {
	return p.loaded && p.problem == nil && !p.narrowed() && len(p.window) == 0 && p.counts.Patrons == 0 && p.counts.Left == 0
}

// Empty says what stands in place of the lines when there are none, and what to do.
func (p *Patrons) Empty() (what, next string) {
	say := p.desk.Say
	switch {
	case p.problem != nil:
		return p.problem.Sentence, p.problem.Next
	case !p.loaded:
		return say("Reading the list of patrons."), ""
	case p.words() != "" && (p.group != "" || p.filter != data.FilterAll):
		return say("Nobody here fits \"{{.Text}}\".", With("Text", data.Clean(p.words(), 60))), say("Choose Everybody and All groups to look everywhere.")
	case p.words() != "":
		return say("Nobody here fits \"{{.Text}}\".", With("Text", data.Clean(p.words(), 60))), say("Type the beginning of a name, group, card number or e-mail address.")
	}
	switch p.filter {
	case data.FilterOverdue:
		return say("Nobody has anything overdue."), ""
	case data.FilterNoAddress:
		return say("Everybody has an e-mail address, their own or a guardian's."), ""
	case data.FilterBad:
		return say("No address is known to fail."), say("When a server refuses an address for good, whoever uses it is listed here.")
	case data.FilterHeld:
		return say("Nobody is held."), say("Open a patron to hold their letters and notices until a day.")
	case data.FilterLeft:
		return say("Nobody has left."), say("Who is missing from a complete list of patrons is listed here and gets no mail.")
	default:
	}
	if p.group != "" {
		return say("Nobody is in this group."), say("Choose All groups to see everybody.")
	}
	return say("No patrons yet."), say("Import the list your library system exports.")
}
