package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"smtpgateway/data"
)

// ServerStates is how server 1 and 2 were doing when last seen.
func (s *Store) ServerStates(ctx context.Context) ([2]data.ServerState, error) {
	states := [2]data.ServerState{{Server: 1}, {Server: 2}}
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT server, until_at, pause, step, since_at, outcome FROM server`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var st data.ServerState
			var until, since int64
			var outcome string
			if err := rows.Scan(&st.Server, &until, &st.Pause, &st.Step, &since, &outcome); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(outcome), &st.Outcome); err != nil {
				return fmt.Errorf("outcome of server %d: %w", st.Server, err)
			}
			st.Until, st.Since = moment(until), moment(since)
			states[st.Server-1] = st
		}
		return rows.Err()
	})
	return states, err
}

// SaveServerState keeps how a server is doing, so that a restart hammers nobody.
func (s *Store) SaveServerState(ctx context.Context, st data.ServerState) error {
	outcome, err := json.Marshal(st.Outcome)
	if err != nil {
		return err
	}
	return s.update(ctx, func(tx *work) error {
		_, err := s.exec(tx, `INSERT OR REPLACE INTO server (server, until_at, pause, step, since_at, outcome) VALUES (?, ?, ?, ?, ?, ?)`,
			st.Server, millis(st.Until), string(st.Pause), st.Step, millis(st.Since), string(outcome))
		return err
	})
}
