package screentest

import (
	"context"
	"sync"

	"smtpgateway/data"
)

// Ports pretends to look at the ports of a mail server.
type Ports struct {
	mu    sync.Mutex
	look  data.PortsLook
	wait  chan struct{}
	asked []string
}

// Finds sets what is found from now on. wait, unless it is nil, holds the answer back until it is closed.
func (p *Ports) Finds(l data.PortsLook, wait chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.look, p.wait = l, wait
}

// Asked lists the servers that were looked at.
func (p *Ports) Asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.asked...)
}

// Ports gives what was set.
func (p *Ports) Ports(ctx context.Context, host string) data.PortsLook {
	p.mu.Lock()
	p.asked = append(p.asked, host)
	l, wait := p.look, p.wait
	p.mu.Unlock()
	if wait != nil {
		select {
		case <-wait:
		case <-ctx.Done():
		}
	}
	l.Host = host
	return l
}
