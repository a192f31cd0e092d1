package relay

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"smtpgateway/data"
)

// trust is how sure we are who answers.
type trust int

const (
	trustNone   trust = iota // no certificate was shown
	trustProved              // vouched for by somebody this computer believes
	trustPinned              // the very certificate a person trusted
	trustFailed              // neither; goes on only because the settings allow it
)

// proof is what the handshake found out.
type proof struct {
	state       tls.ConnectionState
	leaf        *x509.Certificate
	fingerprint string // SHA-256 of the leaf, hex
	trust       trust
}

// certificateError says that the server could not prove who it is.
type certificateError struct {
	err    error
	pinned bool // another certificate was trusted by hand
}

// Error is for the log.
func (e *certificateError) Error() string { return "certificate not proved: " + e.err.Error() }

// Unwrap gives the reason.
func (e *certificateError) Unwrap() error { return e.err }

// tlsConfig asks for TLS with the proof that the settings want. The usual check of crypto/tls is replaced, not left
// out: a certificate trusted by hand is accepted instead of it, and the certificate must be known even when it fails,
// so that a person can be shown what to trust.
func (r *Relay) tlsConfig(s data.Server, p *proof) *tls.Config {
	oldest := uint16(tls.VersionTLS12)
	if s.AllowInsecure {
		oldest = tls.VersionTLS10
	}
	return &tls.Config{
		ServerName:         s.Host,
		MinVersion:         oldest,
		InsecureSkipVerify: true, //nolint:gosec // VerifyConnection below is the check
		VerifyConnection: func(state tls.ConnectionState) error {
			return p.check(state, s, r.o.RootCAs)
		},
	}
}

func (p *proof) check(state tls.ConnectionState, s data.Server, roots *x509.CertPool) error {
	p.state = state
	if len(state.PeerCertificates) == 0 {
		return &certificateError{err: errors.New("the server showed no certificate")}
	}
	p.leaf = state.PeerCertificates[0]
	sum := sha256.Sum256(p.leaf.Raw)
	p.fingerprint = hex.EncodeToString(sum[:])
	if s.Certificate != "" && strings.EqualFold(p.fingerprint, s.Certificate) {
		p.trust = trustPinned
		return nil
	}
	between := x509.NewCertPool()
	for _, c := range state.PeerCertificates[1:] {
		between.AddCert(c)
	}
	_, err := p.leaf.Verify(x509.VerifyOptions{DNSName: s.Host, Roots: roots, Intermediates: between})
	if err == nil {
		p.trust = trustProved
		return nil
	}
	p.trust = trustFailed
	if s.AllowInsecure {
		return nil
	}
	return &certificateError{err: err, pinned: s.Certificate != ""}
}

// protection says in words how the connection is protected.
func (p *proof) protection() string {
	if !p.state.HandshakeComplete {
		return "not encrypted"
	}
	version := strings.Replace(tls.VersionName(p.state.Version), "TLS 1.0", "outdated TLS 1.0", 1)
	version = strings.Replace(version, "TLS 1.1", "outdated TLS 1.1", 1)
	switch p.trust {
	case trustProved:
		return "encrypted with " + version + ", the server proved who it is"
	case trustPinned:
		return "encrypted with " + version + ", with the certificate you trust"
	default:
		return "encrypted with " + version + ", but the server did not prove who it is (allowed in the settings)"
	}
}

// describe names the certificate for IT: for whom, by whom, until when, SHA-256. The server wrote most of it.
func (p *proof) describe() string {
	if p.leaf == nil {
		return ""
	}
	names := append([]string{p.leaf.Subject.CommonName}, p.leaf.DNSNames...)
	for _, ip := range p.leaf.IPAddresses {
		names = append(names, ip.String())
	}
	seen := make(map[string]bool)
	var kept []string
	for _, n := range names {
		if n != "" && !seen[n] && len(kept) < 5 {
			seen[n] = true
			kept = append(kept, n)
		}
	}
	return fmt.Sprintf("certificate for %s, issued by %s, valid until %s, SHA-256 %s",
		data.Clean(strings.Join(kept, " "), 200), data.Clean(p.leaf.Issuer.String(), 100),
		p.leaf.NotAfter.UTC().Format(time.DateOnly), p.fingerprint)
}
