package signin

import (
	"context"
	"net"

	"smtpgateway/data"
)

// Listen puts another way of listening into a Provider.
func (p *Provider) Listen(f func(ctx context.Context, network, address string) (net.Listener, error)) {
	p.listen = f
}

// LastWait is lastWait.
const LastWait = lastWait

// Renew is renew.
func (p *Provider) Renew(ctx context.Context, v data.Server, proxy string, refresh data.Secret) (Grant, error) {
	return p.renew(ctx, v, proxy, refresh)
}
