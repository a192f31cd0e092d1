package gateway

import (
	"context"

	"smtpgateway/data"
	"smtpgateway/service/dispatch"
	"smtpgateway/service/relay"
)

// dial lets dispatch open a session without knowing relay.
func (g *Gateway) dial(ctx context.Context, v data.Server) (dispatch.Session, data.Outcome) {
	g.mu.Lock()
	tell := g.steps
	g.mu.Unlock()
	var opened *relay.Session
	out := g.withSignIn(ctx, v, tell, func(v data.Server, tell func(data.Step)) (out data.Outcome) {
		opened, out = g.relay.Dial(ctx, v, tell)
		return out
	})
	if opened == nil {
		return nil, out
	}
	return session{opened}, out
}

// session puts one claim into relay's words.
type session struct{ *relay.Session }

// Send offers the claim to the server and brings one outcome per delivery.
func (s session) Send(ctx context.Context, c *data.Claim, b data.Body) ([]data.Outcome, bool) {
	recipients := make([]string, len(c.Deliveries))
	for i, d := range c.Deliveries {
		recipients[i] = d.Recipient
	}
	return s.Session.Send(ctx, c.Message, recipients, b)
}
