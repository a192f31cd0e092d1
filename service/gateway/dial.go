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
	defer g.counted(&g.dialling)()
	var opened *relay.Session
	out := g.withSignIn(ctx, v, tell, func(v data.Server, tell func(data.Step)) (out data.Outcome) {
		opened, out = g.relay.Dial(ctx, v, tell)
		return out
	})
	if opened == nil {
		return nil, out
	}
	return session{opened, g}, out
}

// session puts one claim into relay's words.
type session struct {
	*relay.Session

	g *Gateway
}

// Send offers the claim to the server and brings one outcome per delivery.
func (s session) Send(ctx context.Context, c *data.Claim, b data.Body) ([]data.Outcome, bool) {
	defer s.g.counted(&s.g.sending)()
	recipients := make([]string, len(c.Deliveries))
	for i, d := range c.Deliveries {
		recipients[i] = d.Recipient
	}
	return s.Session.Send(ctx, c.Message, recipients, b)
}

// counted counts what is under way until the function it gives is called.
func (g *Gateway) counted(n *int) func() {
	g.mu.Lock()
	defer g.mu.Unlock()
	*n++
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		*n--
	}
}

// onlyDialling reports whether connections are being made and no message is in anybody's hands.
func (g *Gateway) onlyDialling() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.dialling > 0 && g.sending == 0
}
