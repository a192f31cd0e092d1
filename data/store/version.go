package store

import "context"

// DataVersion is a number that changes when another connection has committed something, another process or another
// Store, and never by what this Store commits. Asking costs no input or output, so it may be asked every second.
func (s *Store) DataVersion(ctx context.Context) (int64, error) {
	var n int64
	err := s.alone(ctx, func(w *writer) error { return w.row(`PRAGMA data_version`).Scan(&n) })
	return n, mapError(err)
}
