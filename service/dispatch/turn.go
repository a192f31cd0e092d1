package dispatch

import "smtpgateway/data"

// turn takes one new and one deferred message in turn, so that 300 retries do not hold back today's mail, nor today's
// mail the retries. It lasts from check to check: with one message a check there would be no turns otherwise.
type turn struct{ deferred bool }

// took notes what went, so that the other kind is asked for next. Looking at what really went keeps the order fair when
// one kind was not there.
func (t *turn) took(c *data.Claim) {
	t.deferred = true
	for i := range c.Deliveries {
		if c.Deliveries[i].Attempts > 0 {
			t.deferred = false
		}
	}
}
