package store

import (
	"context"
	"database/sql"
)

// AlsoTold are the addresses that the other letters of the same telling went or go to: those of the same run about the same
// patron, or of the same batch a person sent. Who has one of these is not written to in place of somebody else.
func (s *Store) AlsoTold(ctx context.Context, message int64) (addresses []string, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, alsoTold, message, oneBatch) //nolint:rowserrcheck // collect looks at it
		addresses, err = collect(rows, err, func(rows scanner) (to string, err error) {
			err = rows.Scan(&to)
			return to, err
		})
		return err
	})
	return addresses, err
}

const alsoTold = `SELECT recipient FROM letter own CROSS JOIN message q ON q.id = own.message
		CROSS JOIN letter l INDEXED BY letter_patron ON l.patron = own.patron AND l.message <> own.message AND l.run = own.run
		CROSS JOIN message m ON m.id = l.message
		CROSS JOIN (SELECT message, recipient FROM delivery UNION ALL SELECT message, recipient FROM history) d ON d.message = l.message
	WHERE own.message = ?1 AND (own.run <> 0 OR (l.letter = own.letter AND m.queued_at >= q.queued_at - ?2))`

// oneBatch is within how many milliseconds a batch of letters is queued.
const oneBatch = 3600 * 1000
