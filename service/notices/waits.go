package notices

import (
	"context"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
)

// Switched keeps in mind since when notices are switched on; to be called when settings changed.
func (n *Notices) Switched(ctx context.Context, s data.Settings) error {
	return n.mailer.Switched(ctx, &s)
}

// Again forgets that a run could not be done: what kept it from that may be mended.
func (n *Notices) Again() {
	n.mu.Lock()
	n.failed, n.tried = nil, time.Time{}
	n.mu.Unlock()
}

// Waits says what keeps notices from going out, and what a person can do about it; both empty: nothing does.
func (n *Notices) Waits(ctx context.Context, s data.Settings) (sentence, remedy string, err error) {
	if !s.Overdue.Enabled {
		return "", "", nil
	}
	n.mu.Lock()
	failed := n.failed
	n.mu.Unlock()
	if failed != nil {
		sentence, remedy = data.Words(failed)
		return "Automatic notices could not be made: " + sentence, remedy, nil
	}
	st, err := n.mailer.Standing(ctx, &s)
	if err != nil {
		return "", "", err
	}
	if st.Open == nil {
		if st.Lacks != nil {
			return st.Lacks.Why, "Choose another letter for them under Automatic notices, or write its text; then run the notices of today once more.", nil
		}
		return "", "", nil
	}
	switch st.Open.State {
	case data.RunAwaiting:
		return st.Open.Why, "Look at them under Automatic notices, then approve or refuse them.", nil
	case data.RunHeld:
		if fresh, err := n.mailer.Fresh(ctx, &s); err != nil || fresh { // then it goes on by itself
			return "", "", err
		}
		return st.Open.Why, "Take in a new list of loans, or approve the notices as they are.", nil
	default:
		return "", "", nil
	}
}

// Recheck looks at waiting letters before a check sends any.
func (n *Notices) Recheck(ctx context.Context, s data.Settings) (mailing.Rechecked, error) {
	n.running.Lock()
	defer n.running.Unlock()
	revision, err := n.o.Store.RosterRevision(ctx)
	if err != nil {
		return mailing.Rechecked{}, err
	}
	done, err := n.mailer.Recheck(ctx, &s)
	n.mu.Lock()
	n.checked = revision
	n.mu.Unlock()
	return done, err
}

// Changed reports whether people, loans or addresses changed since waiting letters were last looked at: a check under way
// may be about to send what no longer fits.
func (n *Notices) Changed(ctx context.Context) (bool, error) {
	revision, err := n.o.Store.RosterRevision(ctx)
	n.mu.Lock()
	defer n.mu.Unlock()
	return err == nil && n.checked >= 0 && revision != n.checked, err
}
