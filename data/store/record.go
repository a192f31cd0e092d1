package store

import (
	"smtpgateway/data"
)

// secondUncertain is what a person reads who has to decide.
const (
	secondUncertain = "It may have arrived: the connection was lost twice before the server's answer came."
	askFirst        = "Ask the recipient whether it arrived; send it again only if not."
)

// record writes what became of a claim. Every verdict stands alone: one that comes too late is passed over.
func (s *Store) record(tx *work, r *data.Result) error {
	unspent, landed := 0, 0
	for i := range r.Verdicts {
		v := &r.Verdicts[i]
		if err := s.endAttempt(tx, r, v); err != nil {
			return err
		}
		ok, err := s.land(tx, r, v)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		landed++
		if v.Outcome.Kind != data.KindSent && v.Outcome.Kind != data.KindUncertain {
			unspent++
		}
	}
	if landed == 0 {
		return nil
	}
	return s.refund(tx, r, unspent)
}

func (s *Store) endAttempt(tx *work, r *data.Result, v *data.Verdict) error {
	o := &v.Outcome
	_, err := s.exec(tx, `UPDATE attempt SET host = ?, ended_at = ?, charged = ?, kind = ?, phase = ?, code = ?, enhanced = ?,
			line = ?, sentence = ?, remedy = ?, blame = ? WHERE message = ? AND delivery = ? AND started_at = ? AND ended_at = 0`,
		r.Host, millis(r.Ended), v.Charged, string(o.Kind), string(o.Phase), o.Code, o.Enhanced,
		o.Line, o.Sentence, o.Remedy, string(o.Blame), r.Claim.Message.ID, v.Delivery, millis(r.Claim.Started))
	return err
}

// land lets one verdict come true, if its delivery is still sending in this very try.
func (s *Store) land(tx *work, r *data.Result, v *data.Verdict) (bool, error) {
	switch v.State {
	case data.Sent, data.Failed:
		return s.end(tx, r, v)
	case data.Held:
		return s.putBack(tx, r, v, data.Held)
	default:
		// Whatever else was decided, nothing may be lost: it waits.
		return s.putBack(tx, r, v, data.Waiting)
	}
}

// end moves a delivery to the history. What needs neither a file removed nor anybody told is settled with it.
func (s *Store) end(tx *work, r *data.Result, v *data.Verdict) (bool, error) {
	o := &v.Outcome
	n, err := changed(s.exec(tx, `INSERT INTO history (id, message, class, practice, recipient, state, attempts, first_ms,
			tried_at, uncertain, bound, reason, remedy, code, enhanced, line, changed_at, server, settled)
		SELECT d.id, d.message, d.class, d.practice, d.recipient, ?1, d.attempts + ?2, d.first_ms,
			d.tried_at, d.uncertain + ?3, d.bound, ?4, ?5, ?6, ?7, ?8, ?9, d.server, ?1 = 'sent' AND m.file = ''
		FROM delivery d JOIN message m ON m.id = d.message WHERE d.id = ?10 AND d.state = 'sending' AND d.tried_at = ?11`,
		string(v.State), v.Charged, o.Kind == data.KindUncertain, o.Sentence, o.Remedy, o.Code, o.Enhanced, o.Line,
		millis(r.Ended), v.Delivery, millis(r.Claim.Started)))
	if err != nil || n == 0 {
		return false, err
	}
	if _, err := s.exec(tx, `DELETE FROM delivery WHERE id = ?`, v.Delivery); err != nil {
		return false, err
	}
	return true, s.landed(tx, r.Claim, v)
}

// putBack makes a delivery wait again, or holds it. A delivery that may have arrived stays bound to its server until a
// person decides otherwise, and the second time it is held whatever was decided. A try that never reached it (the
// server's own trouble, or not offered) leaves it as new as it was; one not offered keeps its reason too.
func (s *Store) putBack(tx *work, r *data.Result, v *data.Verdict, state data.State) (bool, error) {
	o := &v.Outcome
	uncertain := o.Kind == data.KindUncertain
	bound := v.Bound
	if uncertain && bound == 0 {
		bound = r.Claim.Server
	}
	tried := v.Charged || (o.Kind != data.KindServer && o.Kind != data.KindUntouched)
	n, err := changed(s.exec(tx, `UPDATE delivery SET
			state = CASE WHEN ?2 AND uncertain > 0 THEN 'held' ELSE ?1 END,
			reason = CASE WHEN ?17 THEN reason WHEN ?1 = 'waiting' AND ?2 AND uncertain > 0 THEN ?3 ELSE ?4 END,
			remedy = CASE WHEN ?17 THEN remedy WHEN ?1 = 'waiting' AND ?2 AND uncertain > 0 THEN ?5 ELSE ?6 END,
			uncertain = uncertain + ?2, bound = CASE WHEN ?7 > 0 THEN ?7 ELSE bound END,
			due_at = ?8, attempts = attempts + ?9, deferred = max(deferred, ?10),
			tried_at = CASE WHEN ?10 THEN tried_at ELSE 0 END,
			code = CASE WHEN ?17 THEN code ELSE ?11 END, enhanced = CASE WHEN ?17 THEN enhanced ELSE ?12 END,
			line = CASE WHEN ?17 THEN line ELSE ?13 END, changed_at = ?14, server = 0
		WHERE id = ?15 AND state = 'sending' AND tried_at = ?16`,
		string(state), uncertain, secondUncertain, o.Sentence, askFirst, o.Remedy, bound, millis(v.Due), v.Charged, tried,
		o.Code, o.Enhanced, o.Line, millis(r.Ended), v.Delivery, millis(r.Claim.Started),
		o.Kind == data.KindUntouched && state == data.Waiting))
	return n > 0, err
}
