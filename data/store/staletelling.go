package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"smtpgateway/data"
)

// telling is how much guardians are told, and which groups get no notices.
type telling struct {
	all    data.Disclosure           // where a group has no rule
	groups map[string]data.GroupRule // by folded name
}

func readTelling(ctx context.Context, tx *sql.Tx) (telling, error) {
	t := telling{groups: map[string]data.GroupRule{}}
	err := tx.QueryRowContext(ctx, `SELECT value FROM setting WHERE name = 'overdue.disclosure'`).Scan(&t.all)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return t, err
	}
	rules, err := groupRules(ctx, tx)
	for _, r := range rules {
		t.groups[foldedGroup(r.Group)] = t.groups[foldedGroup(r.Group)].With(r)
	}
	return t, err
}

// foldedGroup is how groups are compared: lists differ in blanks and capitals.
func foldedGroup(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

func (t telling) rule(group string) data.GroupRule { return t.groups[foldedGroup(group)] }

// guardians is how much those of a group are told.
func (t telling) guardians(group string) data.Disclosure {
	if d := t.rule(group).Disclosure; d != "" {
		return d
	}
	return t.all
}

// tooMuch reports whether a letter says more to a guardian than is to be told. One that speaks of no loan has no titles.
func (t telling) tooMuch(says data.Disclosure, loans bool, group string) bool {
	switch t.guardians(group) {
	case data.DiscloseTitles:
		return false
	case data.DiscloseCount:
		return loans && says != data.DiscloseCount
	case data.DiscloseNothing:
	}
	return true // nothing, or nobody chose
}

// doubtful finds the letters of a page that are worth a closer look because of what is told to whom.
func (t telling) doubtful(ctx context.Context, tx *sql.Tx, after, last int64) ([]int64, error) {
	some := t.all != data.DiscloseTitles
	for _, r := range t.groups {
		some = some || r.Excluded || r.Disclosure != data.DiscloseTitles
	}
	if !some {
		return nil, nil
	}
	rows, err := tx.QueryContext(ctx, `SELECT d.message, l.run <> 0, l.role = 'guardian', l.disclosure, l.loans <> '[]', p.grp
		FROM delivery d INDEXED BY delivery_letter CROSS JOIN letter l ON l.message = d.message CROSS JOIN patron p ON p.id = l.patron
		WHERE d.class IN (4, 6) AND d.message > ? AND d.message <= ? AND (l.role = 'guardian' OR l.run <> 0)`, after, last)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []int64
	for rows.Next() {
		var message int64
		var notice, guardian, loans bool
		var says data.Disclosure
		var group string
		if err := rows.Scan(&message, &notice, &guardian, &says, &loans, &group); err != nil {
			return nil, err
		}
		if notice && t.rule(group).Excluded || guardian && t.tooMuch(says, loans, group) {
			all = append(all, message)
		}
	}
	return all, rows.Err()
}

// atTelling looks at what the letter tells a guardian.
func (l *looking) atTelling(context.Context, *sql.Tx) error {
	if l.Role != data.RoleGuardian || !l.tell.tooMuch(l.says, len(l.Loans) > 0, l.patron.Group) {
		return nil
	}
	l.Cause = data.StaleTelling
	switch l.tell.guardians(l.patron.Group) {
	case data.DiscloseCount:
		l.Why = "Guardians of this group are told no titles any more."
	case data.DiscloseNothing:
		l.Why = "Guardians of this group are told nothing any more."
	default:
		l.Why = "Nobody has chosen what guardians are told."
	}
	return nil
}
