package store

// waitingLetter is a delivery that an import may end.
type waitingLetter struct {
	id     int64
	patron int64
	notice bool // of a run
}

// endLetters cancels what waits or is held for a patron, or only the notices of runs. A look at waiting letters would cancel
// the same before anything leaves; done here, taking the list back lets them wait again.
func (im *importing) endLetters(patron int64, why string, noticesOnly bool) error {
	if im.letters == nil {
		if err := im.findLetters(); err != nil {
			return err
		}
	}
	for _, l := range im.letters[patron] {
		if noticesOnly && !l.notice {
			continue
		}
		b, ok, err := im.s.step(im.tx, StepCancel, l.id, im.now, why)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		im.record.Notices++
		if err := im.before("delivery", l.id, cancelledBefore(&b)); err != nil {
			return err
		}
	}
	return nil
}

// findLetters reads once who has a letter that waits: most of those a list changes have none.
func (im *importing) findLetters() error {
	rows, err := im.s.rows(im.tx, `SELECT d.id, l.patron, l.run <> 0 FROM delivery d INDEXED BY delivery_letter CROSS JOIN letter l ON l.message = d.message
		WHERE d.class IN (4, 6) AND d.state IN ('waiting', 'held') ORDER BY d.id`)
	all, err := collect(rows, err, func(rows scanner) (l waitingLetter, err error) {
		err = rows.Scan(&l.id, &l.patron, &l.notice)
		return l, err
	})
	im.letters = make(map[int64][]waitingLetter, len(all))
	for _, l := range all {
		im.letters[l.patron] = append(im.letters[l.patron], l)
	}
	return err
}
