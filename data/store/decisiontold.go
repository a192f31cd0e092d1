package store

import "context"

// DecisionsTold writes into the decisions of a run which message tells them, as far as the ledger has one of that run. A run
// writes down what it decided before it queues anything, so that one that is broken off still knows.
func (s *Store) DecisionsTold(ctx context.Context, run int64) error {
	return s.update(ctx, func(tx *work) error {
		_, err := s.exec(tx, decisionsTold, run)
		return err
	})
}

const decisionsTold = `UPDATE decision SET message = coalesce((SELECT l.message FROM ledger l JOIN run r ON r.id = decision.run
		WHERE l.loan = decision.loan AND l.due = decision.due AND l.stage = decision.stage AND l.role = decision.role
			AND l.practice = r.practice AND l.run = decision.run), 0)
	WHERE run = ?1 AND message = 0 AND ruling IN ('send', 'along')`

// QueuedOfRun is how many mails a run has queued, whatever became of them since. It reads every letter that is kept: for a
// run that was broken off.
func (s *Store) QueuedOfRun(ctx context.Context, run int64) (int, error) {
	var n int
	err := s.r.QueryRowContext(ctx, `SELECT count(*) FROM letter WHERE run = ?`, run).Scan(&n)
	return n, mapError(err)
}
