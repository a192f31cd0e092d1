package store

import (
	"context"
	"encoding/json"
	"fmt"

	"smtpgateway/data"
)

// Heartbeat is what the service last said of itself; zero: no service ever ran on this database.
func (s *Store) Heartbeat(ctx context.Context) (data.Heartbeat, error) {
	var h data.Heartbeat
	var text string
	if err := s.r.QueryRowContext(ctx, `SELECT heartbeat FROM service`).Scan(&text); err != nil {
		return h, mapError(err)
	}
	if err := json.Unmarshal([]byte(text), &h); err != nil {
		return data.Heartbeat{}, fmt.Errorf("heartbeat: %w", err)
	}
	return h, nil
}

// Beat is the service's: it replaces what it said before.
func (s *Store) Beat(ctx context.Context, h data.Heartbeat) error {
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	return s.update(ctx, func(tx *work) error {
		_, err := s.exec(tx, `UPDATE service SET heartbeat = ?`, string(text))
		return err
	})
}
