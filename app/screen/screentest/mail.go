package screentest

import (
	"context"
	"slices"
	"sync"

	"smtpgateway/data"
)

// Mail pretends to ask DNS who carries the mail of a domain.
type Mail struct {
	mu    sync.Mutex
	found data.FoundProvider
	wait  chan struct{}
	asked []string
}

// Finds sets what is found from now on. wait, unless it is nil, holds the answer back until it is closed.
func (m *Mail) Finds(f data.FoundProvider, wait chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.found, m.wait = f, wait
}

// Asked lists the addresses that were asked about.
func (m *Mail) Asked() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.asked)
}

// FindProvider gives what was set; nothing set: DNS does not answer.
func (m *Mail) FindProvider(ctx context.Context, address string) data.FoundProvider {
	m.mu.Lock()
	m.asked = append(m.asked, address)
	f, wait := m.found, m.wait
	m.mu.Unlock()
	if wait != nil {
		select {
		case <-wait:
		case <-ctx.Done():
		}
	}
	if f.Finding == "" {
		return data.FoundProvider{Finding: data.FindingUnknown, How: "It could not be looked up now."}
	}
	return f
}
