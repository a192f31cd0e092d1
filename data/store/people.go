package store

import (
	"bytes"
	"container/heap"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"smtpgateway/data"
)

const patronColumns = `p.id, p.key, p.card, p.first_name, p.last_name, p.grp, p.level, p.email, p.language, p.auto_overdue,
	p.address, p.hold_until, p.hold_reason, p.left_day, p.changed_at, p.by_hand`

// onePatron reads patronColumns; guardians are read apart.
func onePatron(rows scanner) (data.Patron, error) {
	var p data.Patron
	var changed int64
	var marks string
	err := rows.Scan(&p.ID, &p.Key, &p.Card, &p.First, &p.Last, &p.Group, &p.Level, &p.Email, &p.Language, &p.AutoOverdue,
		&p.Address, &p.HoldUntil, &p.HoldReason, &p.Left, &changed, &marks)
	p.Changed, p.ByHand = moment(changed), marksOf(marks)
	return p, err
}

type ofPatron struct {
	patron int64
	data.Guardian
}

const guardianColumns = `g.patron, g.name, g.email, g.role, g.notices`

func oneGuardian(rows scanner) (ofPatron, error) {
	var g ofPatron
	err := rows.Scan(&g.patron, &g.Name, &g.Email, &g.Role, &g.Notices)
	return g, err
}

func noPatron(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return &data.Error{
			Code: data.CodeNotFound, Sentence: "This patron is not in the list any more.",
			Next: "Look at the list again.", Err: err,
		}
	}
	return err
}

// Patron gives one patron with guardians. CodeNotFound: there is none of this number.
func (s *Store) Patron(ctx context.Context, id int64) (data.Patron, error) {
	var p data.Patron
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		p, err = patronIn(ctx, tx, id)
		return err
	})
	return p, noPatron(err)
}

func patronIn(ctx context.Context, tx *sql.Tx, id int64) (data.Patron, error) {
	all, err := patronsIn(ctx, tx, []int64{id})
	if err == nil && len(all) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return data.Patron{}, err
	}
	return all[0], nil
}

// patronsIn reads patrons with guardians, in the order of their numbers.
func patronsIn(ctx context.Context, tx *sql.Tx, ids []int64) ([]data.Patron, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT `+patronColumns+` FROM patron p WHERE p.id IN (SELECT value FROM json_each(?)) ORDER BY p.id`, string(list)) //nolint:rowserrcheck // collect looks at it
	all, err := collect(rows, err, onePatron)
	if err != nil {
		return nil, err
	}
	rows, err = tx.QueryContext(ctx, `SELECT `+guardianColumns+` FROM guardian g WHERE g.patron IN (SELECT value FROM json_each(?)) ORDER BY g.patron, g.seq`, string(list)) //nolint:rowserrcheck // collect looks at it
	guardians, err := collect(rows, err, oneGuardian)
	giveGuardians(all, guardians)
	return all, err
}

// giveGuardians puts guardians to their patrons; both are in the order of the patrons' numbers.
func giveGuardians(all []data.Patron, guardians []ofPatron) {
	for i := range all {
		n := 0
		for len(guardians) > 0 && guardians[0].patron < all[i].ID {
			guardians = guardians[1:]
		}
		for n < len(guardians) && guardians[n].patron == all[i].ID {
			all[i].Guardians = append(all[i].Guardians, guardians[n].Guardian)
			n++
		}
		guardians = guardians[n:]
	}
}

// Patrons gives one page of patrons. Its cost grows with the number of patrons, but so little that it can be asked at
// every key that is typed: see roll.go.
func (s *Store) Patrons(ctx context.Context, q data.PatronQuery) ([]data.PatronLine, error) {
	limit := min(max(q.Limit, 1), 500)
	var page []data.PatronLine
	err := s.view(ctx, func(tx *sql.Tx) error {
		chosen, err := s.choosePatrons(ctx, tx, q, limit)
		if err != nil || len(chosen) == 0 {
			return err
		}
		page, err = patronLines(ctx, tx, q, chosen)
		return err
	})
	return page, err
}

// place is where a patron stands in the order.
type place struct {
	sort []byte
	id   int64
	bad  bool
}

func (a *place) compare(b *place) int {
	if c := bytes.Compare(a.sort, b.sort); c != 0 {
		return c
	}
	switch {
	case a.id < b.id:
		return -1
	case a.id > b.id:
		return 1
	}
	return 0
}

// nearest keeps the first few places of all it is shown: a heap with the last of them on top.
type nearest []place

func (n nearest) Len() int           { return len(n) }
func (n nearest) Less(i, j int) bool { return n[i].compare(&n[j]) > 0 }
func (n nearest) Swap(i, j int)      { n[i], n[j] = n[j], n[i] }

// Push is for container/heap.
func (n *nearest) Push(x any) { *n = append(*n, x.(place)) } //nolint:forcetypeassert,errcheck // only places are pushed

// Pop is for container/heap.
func (n *nearest) Pop() any {
	last := (*n)[len(*n)-1]
	*n = (*n)[:len(*n)-1]
	return last
}

// beyond reports whether one of this sort would come behind all of a full page.
func (n nearest) beyond(sort []byte, limit int) bool {
	return len(n) == limit && bytes.Compare(sort, n[0].sort) > 0
}

// show takes a place if it is among the first limit.
func (n *nearest) show(p place, limit int) {
	if len(*n) == limit {
		if p.compare(&(*n)[0]) > 0 {
			return
		}
		p.sort = append((*n)[0].sort[:0], p.sort...)
		(*n)[0] = p
		heap.Fix(n, 0)
		return
	}
	p.sort = bytes.Clone(p.sort)
	heap.Push(n, p)
}

// choosePatrons finds who is on the page, in order.
func (s *Store) choosePatrons(ctx context.Context, tx *sql.Tx, q data.PatronQuery, limit int) ([]place, error) {
	parts, err := s.rollNow(ctx, tx)
	if err != nil {
		return nil, err
	}
	var overdue map[int64]bool
	if q.Filter == data.FilterOverdue {
		if overdue, err = s.overdueNow(ctx, tx, q.Today); err != nil {
			return nil, err
		}
	}
	after := place{id: -1}
	if q.After != nil {
		after = place{sort: []byte(sortOf(q.After)), id: q.After.ID}
	}
	search := newRollSearch(q.Search)
	group := []byte(rollWord(q.Group))
	var found nearest
	for _, lines := range parts {
		search.in(lines, func(line []byte) {
			sort := rollSort(line)
			if bytes.Compare(sort, after.sort) < 0 || found.beyond(sort, limit) {
				return
			}
			e := parseRoll(line)
			p := place{sort: e.sort, id: e.id, bad: e.marked(markBad)}
			if p.compare(&after) <= 0 || (len(group) > 0 && !bytes.Equal(e.group, group)) {
				return
			}
			if wantedByFilter(&e, q, overdue, len(search.words) > 0) {
				found.show(p, limit)
			}
		})
	}
	slices.SortFunc(found, func(a, b place) int { return a.compare(&b) })
	return found, nil
}

func wantedByFilter(e *rollEntry, q data.PatronQuery, overdue map[int64]bool, searched bool) bool {
	left := e.marked(markLeft)
	switch q.Filter {
	case data.FilterOverdue:
		return overdue[e.id]
	case data.FilterNoAddress:
		return !left && e.marked(markUnreachable)
	case data.FilterBad:
		return !left && e.marked(markBad)
	case data.FilterHeld:
		return !left && e.hold != 0 && e.hold >= q.Today
	case data.FilterLeft:
		return left
	case data.FilterAll:
	}
	return !left || searched
}

// patronLines reads the chosen ones, in their order.
func patronLines(ctx context.Context, tx *sql.Tx, q data.PatronQuery, chosen []place) ([]data.PatronLine, error) {
	ids := make([]int64, len(chosen))
	at := make(map[int64]int, len(chosen))
	for i := range chosen {
		ids[i], at[chosen[i].id] = chosen[i].id, i
	}
	all, err := patronsIn(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	page := make([]data.PatronLine, len(chosen))
	for i := range all {
		k := at[all[i].ID]
		page[k] = data.PatronLine{Patron: all[i], Bad: chosen[k].bad}
	}
	if !q.WithOut {
		return page, nil
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT patron, count(*), sum(due < ?) FROM loan
		WHERE patron IN (SELECT value FROM json_each(?)) AND returned_at = 0 GROUP BY patron`, int64(q.Today), string(list))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id int64
		var out, late int
		if err := rows.Scan(&id, &out, &late); err != nil {
			return nil, err
		}
		page[at[id]].Out, page[at[id]].Overdue = out, late
	}
	return page, rows.Err()
}

// PatronCounts counts what the filters of the list would show.
func (s *Store) PatronCounts(ctx context.Context, today data.Date) (data.PatronCounts, error) {
	var c data.PatronCounts
	err := s.view(ctx, func(tx *sql.Tx) error {
		c = data.PatronCounts{}
		parts, err := s.rollNow(ctx, tx)
		if err != nil {
			return err
		}
		for _, lines := range parts {
			newRollSearch("").in(lines, func(line []byte) {
				e := parseRoll(line)
				if e.marked(markLeft) {
					c.Left++
					return
				}
				c.Patrons++
				if e.marked(markUnreachable) {
					c.NoAddress++
				}
				if e.marked(markBad) {
					c.Bad++
				}
				if e.hold != 0 && e.hold >= today {
					c.Held++
				}
			})
		}
		overdue, err := s.overdueNow(ctx, tx, today)
		if err != nil {
			return err
		}
		c.Overdue = len(overdue)
		return tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM loan) - (SELECT count(*) FROM loan WHERE returned_at <> 0)`).Scan(&c.Loans)
	})
	return c, err
}

// Groups gives every group with how many are in it, those who left not counted; patrons without one are the group "".
func (s *Store) Groups(ctx context.Context) ([]data.GroupCount, error) {
	counts := map[string]int{}
	err := s.view(ctx, func(tx *sql.Tx) error {
		clear(counts)
		parts, err := s.rollNow(ctx, tx)
		for _, lines := range parts {
			newRollSearch("").in(lines, func(line []byte) {
				if e := parseRoll(line); !e.marked(markLeft) {
					counts[string(e.group)]++
				}
			})
		}
		return err
	})
	all := make([]data.GroupCount, 0, len(counts))
	for group, n := range counts {
		all = append(all, data.GroupCount{Group: group, Patrons: n})
	}
	slices.SortFunc(all, func(a, b data.GroupCount) int {
		return strings.Compare(fold(a.Group)+"\x00"+a.Group, fold(b.Group)+"\x00"+b.Group)
	})
	return all, err
}
