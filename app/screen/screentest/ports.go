package screentest

import (
	"context"

	"smtpgateway/data"
)

// Ports pretends to look at the ports of a mail server.
type Ports struct{ answers[data.PortsLook] }

// Ports gives what was set.
func (p *Ports) Ports(ctx context.Context, host string) data.PortsLook {
	l := p.answer(ctx, host)
	l.Host = host
	return l
}
