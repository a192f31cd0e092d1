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
	v, out, ok := g.withToken(ctx, v, tell)
	if !ok {
		return nil, out
	}
	s, out := g.relay.Dial(ctx, v, tell)
	if s == nil {
		g.tokenUsed(v, out)
		return nil, out
	}
	return session{s}, out
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
