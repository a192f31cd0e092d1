package store

// cancelledDelivery is before in the words of import_row.
type cancelledDelivery struct {
	ID       int64  `json:"id"`
	State    string `json:"state"`
	Due      int64  `json:"due"`
	Deferred int64  `json:"deferred"`
	Code     int64  `json:"code"`
	Changed  int64  `json:"changed"`
	Reason   string `json:"reason"`
	Remedy   string `json:"remedy"`
	Enhanced string `json:"enhanced"`
	Line     string `json:"line"`
	At       int64  `json:"at"`  // when it was cancelled
	Why      string `json:"why"` // the reason it was left with
}

func cancelledBefore(b *before) cancelledDelivery {
	return cancelledDelivery{
		ID: b.id, State: b.state, Due: b.due, Deferred: b.deferred, Code: b.code, Changed: b.changed,
		Reason: b.reason, Remedy: b.remedy, Enhanced: b.enhanced, Line: b.line, At: b.leftChanged, Why: b.leftReason,
	}
}

// before is the other way round.
func (c *cancelledDelivery) before() before {
	return before{
		id: c.ID, state: c.State, due: c.Due, deferred: c.Deferred, code: c.Code, changed: c.Changed,
		reason: c.Reason, remedy: c.Remedy, enhanced: c.Enhanced, line: c.Line,
		leftState: "cancelled", leftReason: c.Why, leftChanged: c.At,
	}
}
