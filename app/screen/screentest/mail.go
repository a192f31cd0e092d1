package screentest

import (
	"context"

	"smtpgateway/data"
)

// Mail pretends to ask DNS who carries the mail of a domain.
type Mail struct{ answers[data.FoundProvider] }

// FindProvider gives what was set; nothing set: DNS does not answer.
func (m *Mail) FindProvider(ctx context.Context, address string) data.FoundProvider {
	if f := m.answer(ctx, address); f.Finding != "" {
		return f
	}
	return data.FoundProvider{Finding: data.FindingUnknown, How: "It could not be looked up now."}
}
