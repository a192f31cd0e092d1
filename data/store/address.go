package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"smtpgateway/data"
)

const addressColumns = `address, health, reason, since_at, message`

func oneAddress(rows scanner) (data.AddressState, error) {
	var a data.AddressState
	var since int64
	err := rows.Scan(&a.Address, &a.Health, &a.Reason, &since, &a.Message)
	a.Since = moment(since)
	return a, err
}

func addressStates(ctx context.Context, tx *sql.Tx) ([]data.AddressState, error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+addressColumns+` FROM address ORDER BY address`) //nolint:rowserrcheck // collect looks at it
	return collect(rows, err, oneAddress)
}

// Addresses gives the addresses mail does not arrive at, by address.
func (s *Store) Addresses(ctx context.Context) ([]data.AddressState, error) {
	var all []data.AddressState
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		all, err = addressStates(ctx, tx)
		return err
	})
	return all, err
}

// MarkAddress keeps that mail to an address does not arrive or is not wanted, for everybody who uses it. Since is set
// when it is zero. CodeBadAddress: it is no address.
func (s *Store) MarkAddress(ctx context.Context, a data.AddressState) error {
	parsed, err := data.ParseAddress(a.Address)
	if err != nil {
		return err
	}
	if a.Health != data.AddressFailed && a.Health != data.AddressRefused {
		return &data.Error{Code: data.CodeUsage, Sentence: "An address is marked as failed or as refused.", Next: "Choose one of them."}
	}
	a.Address = parsed.Key()
	if a.Since.IsZero() {
		a.Since = s.now()
	}
	return s.update(ctx, func(tx *work) error { return s.markAddress(tx, a, eventPerson) })
}

func (s *Store) markAddress(tx *work, a data.AddressState, kind string) error {
	_, err := s.exec(tx, `INSERT INTO address (`+addressColumns+`) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (address) DO UPDATE SET health = excluded.health, reason = excluded.reason, since_at = excluded.since_at, message = excluded.message`,
		a.Address, string(a.Health), a.Reason, millis(a.Since), a.Message)
	if err != nil {
		return err
	}
	users, err := s.usersOf(tx, a.Address)
	if err != nil {
		return err
	}
	text := "Mail to " + a.Address + " does not arrive: " + a.Reason
	if a.Health == data.AddressRefused {
		text = "Nothing is sent to " + a.Address + " any more: " + a.Reason
	}
	return s.healthChanged(tx, users, kind, text)
}

// ClearAddress forgets what is wrong with an address; one that is well stays so.
func (s *Store) ClearAddress(ctx context.Context, address string) error {
	return s.update(ctx, func(tx *work) error {
		key := addressKey(address)
		n, err := changed(s.exec(tx, `DELETE FROM address WHERE address = ?`, key))
		if err != nil || n == 0 {
			return err
		}
		return s.addressCleared(tx, key, eventPerson, "Mail to "+key+" is sent again.")
	})
}

func (s *Store) addressCleared(tx *work, key, kind, text string) error {
	users, err := s.usersOf(tx, key)
	if err != nil {
		return err
	}
	return s.healthChanged(tx, users, kind, text)
}

// healthChanged writes the marks of those who use an address anew, and says it in their timelines.
func (s *Store) healthChanged(tx *work, users []data.Patron, kind, text string) error {
	if _, err := s.raise(tx); err != nil {
		return err
	}
	bad, err := s.badAddresses(tx)
	if err != nil {
		return err
	}
	edit := rollEdit{}
	for i := range users {
		p := &users[i]
		edit.set(p.ID, rollLine(p, sortOf(p), isBad(p, bad)))
		if err := s.patronEvent(tx, p.ID, kind, text, millis(s.now())); err != nil {
			return err
		}
	}
	return s.writeRoll(tx, edit)
}

// landed keeps what the end of a delivery tells of its address: a refusal for good that is the recipient's own marks it if
// it is one of a patron's, a mail that arrived clears a mark that such a refusal made.
func (s *Store) landed(tx *work, c *data.Claim, v *data.Verdict) error {
	at := slices.IndexFunc(c.Deliveries, func(d data.Delivery) bool { return d.ID == v.Delivery })
	if at < 0 {
		return nil
	}
	recipient := c.Deliveries[at].Recipient
	switch {
	case v.State == data.Sent:
		key := strings.ToLower(recipient) // the doors give recipients in the form of Address.String
		n, err := changed(s.exec(tx, `DELETE FROM address WHERE address = ? AND health = 'failed'`, key))
		if err != nil || n == 0 {
			return err
		}
		return s.addressCleared(tx, key, eventAddress, "Mail to "+key+" arrives again.")
	case v.State == data.Failed && saysDead(&v.Outcome):
		return s.foundDead(tx, addressKey(recipient), c.Message.ID, v.Outcome.Sentence)
	}
	return nil
}

func (s *Store) foundDead(tx *work, key string, message int64, reason string) error {
	var health string
	err := s.row(tx, `SELECT health FROM address WHERE address = ?`, key).Scan(&health)
	if !errors.Is(err, sql.ErrNoRows) {
		return err // known already, for this reason or because its owner wants no mail
	}
	users, err := s.usersOf(tx, key)
	if err != nil || len(users) == 0 {
		return err
	}
	return s.markAddress(tx, data.AddressState{Address: key, Health: data.AddressFailed, Reason: reason, Since: s.now(), Message: message}, eventAddress)
}

// saysDead reports whether a server said for good that it takes nothing for this recipient. A full mailbox empties, and
// what was refused before the server heard of it says nothing of the mailbox.
func saysDead(o *data.Outcome) bool {
	return o.Kind == data.KindPermanent && o.Blame == data.BlameRecipient && o.Phase != data.PhaseLocal && o.Enhanced != "5.2.2"
}

// badAddresses are the keys of all addresses in trouble.
func (s *Store) badAddresses(tx *work) (map[string]bool, error) {
	rows, err := s.rows(tx, `SELECT address FROM address`)
	all, err := collect(rows, err, oneText)
	bad := make(map[string]bool, len(all))
	for _, a := range all {
		bad[a] = true
	}
	return bad, err
}

func oneText(rows scanner) (text string, err error) {
	err = rows.Scan(&text)
	return text, err
}

func isBad(p *data.Patron, bad map[string]bool) bool {
	return len(bad) > 0 && slices.ContainsFunc(addressesOf(p), func(a string) bool { return bad[addressKey(a)] })
}

// usersOf finds the patrons who use an address, by the roll: an index of addresses would cost every import more than a
// refusal costs once in a while.
func (s *Store) usersOf(tx *work, key string) ([]data.Patron, error) {
	search := rollSearch{words: [][]byte{[]byte(fold(key))}}
	var ids []int64
	rows, err := s.rows(tx, `SELECT lines FROM roll ORDER BY part`)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var lines []byte
		if err := rows.Scan(&lines); err != nil {
			_ = rows.Close()
			return nil, err
		}
		search.in(lines, func(line []byte) { ids = append(ids, parseRoll(line).id) })
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	var users []data.Patron
	for _, id := range ids {
		p, err := s.patronOf(tx, id)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(addressesOf(&p), func(a string) bool { return addressKey(a) == key }) {
			users = append(users, p)
		}
	}
	return users, nil
}
