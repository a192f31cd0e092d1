package data

import "log/slog"

// Secret is a password in the clear, for the moments it is needed. Printing, logging or encoding it gives nothing
// away.
type Secret string

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return "not set"
	}
	return "set"
}

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return s.String() }

// LogValue hides the secret from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText hides the secret from JSON and the like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Reveal is the password itself.
func (s Secret) Reveal() string { return string(s) }
