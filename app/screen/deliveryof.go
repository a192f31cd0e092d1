package screen

import (
	"context"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// FirstDelivery finds a message in the queue: found gets its first delivery, or none is told why there is nothing to show.
func (d *Desk) FirstDelivery(message int64, found func(delivery int64), none func(what, next string)) {
	GoStore(d, func(ctx context.Context, s *store.Store) ([]data.Delivery, error) {
		return s.Deliveries(ctx, message)
	}, func(all []data.Delivery, err error) {
		switch {
		case err != nil:
			e := asError(err)
			none(e.Sentence, e.Next)
		case len(all) == 0:
			none(d.Say("Not kept any more"), d.Say("Nothing is known of this message any more: the time to keep it is over."))
		default:
			found(all[0].ID)
		}
	})
}
