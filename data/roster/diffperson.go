package roster

import (
	"strings"

	"smtpgateway/data"
)

// twins stands for several people at once.
const twins = -2

// index makes the people who were here findable.
func (d *diff) index() {
	n := len(d.old.Patrons)
	d.byKey, d.byCard, d.byName = make(map[string]int32, n), make(map[string]int32, n), make(map[string]int32, n)
	named := d.b.Kind == data.RosterLoans && (d.b.Known[fieldPatronLast] || d.b.Known[fieldPatronName]) || d.b.Kind == data.RosterPatrons && !d.b.Known[fieldKey] && !d.b.Known[fieldCard]
	for pass := range 2 { // those who are there go before those who left
		for i := range d.old.Patrons {
			p := &d.old.Patrons[i]
			if (p.Left != 0) != (pass == 1) {
				continue
			}
			at := int32(i) //nolint:gosec // patrons are counted
			d.byKey[strings.ToLower(p.Key)] = at
			if p.Card != "" {
				note(d.byCard, strings.ToLower(p.Card), at, pass == 1)
			}
			if named {
				name := foldName(p.First, p.Last)
				note(d.byName, name, at, pass == 1)
				if p.Email != "" {
					note(d.byName, name+partMark+strings.ToLower(p.Email), at, pass == 1)
				}
			}
		}
	}
	for i := range d.old.Patrons {
		if p := &d.old.Patrons[i]; len(p.ByHand) > 0 {
			d.indexOfList(p, int32(i), named) //nolint:gosec // patrons are counted
		}
	}
}

// indexOfList lets a person be found by the card and the name the list has, where others were entered by hand; nobody
// else who has them now is taken for that person.
func (d *diff) indexOfList(p *data.Patron, at int32, named bool) {
	l := p.OfList()
	if l.Card != "" && l.Card != p.Card {
		note(d.byCard, strings.ToLower(l.Card), at, true)
	}
	if !named || l.First+l.Last == "" {
		return
	}
	name := foldName(l.First, l.Last)
	if name != foldName(p.First, p.Last) {
		note(d.byName, name, at, true)
	}
	if l.Email != "" {
		note(d.byName, name+partMark+strings.ToLower(l.Email), at, true)
	}
}

func note(m map[string]int32, key string, at int32, left bool) {
	if _, there := m[key]; there {
		if !left {
			m[key] = twins
		}
		return
	}
	m[key] = at
}

func foldName(first, last string) string {
	return strings.ToLower(first) + partMark + strings.ToLower(last)
}

func found(m map[string]int32, key string) int32 {
	if key == "" {
		return -1
	}
	if at, ok := m[strings.ToLower(key)]; ok {
		return at
	}
	return -1
}

// person finds who a row of people is about; negative: nobody who is here.
func (d *diff) person(p *data.BatchPatron) int32 {
	if !d.b.Known[fieldKey] && p.Card != "" { // p.Key is the card too, and may be somebody else's number
		if at := found(d.byCard, p.Card); at != -1 {
			return at
		}
	}
	if at := found(d.byKey, p.Key); at >= 0 && (d.b.Known[fieldKey] || !d.otherCard(at, p.Card)) {
		return at
	}
	if p.Card != "" {
		// Somebody known by the card alone, until a list with numbers came. A card that passed on to somebody with another
		// number is another person.
		if at := found(d.byCard, p.Card); at >= 0 && strings.EqualFold(d.old.Patrons[at].Key, d.old.Patrons[at].Card) {
			return at
		}
	}
	if d.b.Known[fieldKey] && p.Card == "" && d.b.Kind == data.RosterAddresses && d.cards() {
		return found(d.byCard, p.Key)
	}
	if !d.b.Known[fieldKey] && !d.b.Known[fieldCard] && p.Last != "" {
		name := foldName(p.First, p.Last)
		if p.Email != "" {
			if at := found(d.byName, name+partMark+p.Email); at != -1 {
				return at
			}
			return -1
		}
		return found(d.byName, name)
	}
	return -1
}

// otherCard reports whether a patron is known to have another card than this one: then a number that is equal to it means
// nothing.
func (d *diff) otherCard(at int32, card string) bool {
	p := &d.old.Patrons[at]
	return card != "" && p.Card != "" && !strings.EqualFold(p.Card, card) && !strings.EqualFold(p.OfList().Card, card)
}

// cards reports whether the numbers of the list are, or may be, card numbers, whatever their column is called. Where most
// are numbers, or some number is the card of somebody else, one by one they would be mistaken for each other.
func (d *diff) cards() bool {
	if d.asCards != nil {
		return *d.asCards
	}
	numbers, cards, both := 0, 0, 0
	count := func(key string) {
		number, card := found(d.byKey, key), found(d.byCard, key)
		if number != -1 {
			numbers++
		}
		if card != -1 {
			cards++
		}
		if number != -1 && card != -1 && number != card {
			both++
		}
	}
	for i := range d.b.Loans {
		count(d.b.Loans[i].PatronKey)
	}
	if d.b.Kind != data.RosterLoans {
		for i := range d.b.Patrons {
			count(d.b.Patrons[i].Key)
		}
	}
	d.asCards = new(both == 0 && numbers <= cards || numbers*10 < cards)
	return *d.asCards
}

// mark notes that those of whom a row may be one do not leave.
func (d *diff) mark(there []bool, p *data.BatchPatron) {
	who := strings.ToLower(p.Card)
	if who == "" {
		who = foldName(p.First, p.Last)
	}
	if d.marked[who] {
		return
	}
	if d.marked == nil {
		d.marked = map[string]bool{}
	}
	d.marked[who] = true
	for i := range d.old.Patrons {
		o := &d.old.Patrons[i]
		if p.Card != "" && strings.EqualFold(o.Card, p.Card) || p.Card == "" && foldName(o.First, o.Last) == foldName(p.First, p.Last) {
			there[i] = true
		}
	}
}
