// Package secret is in charge of passwords at rest: anybody who may change the settings can seal one, and only the
// account that holds the private key can open it. A sealed password is bound to the setting it was typed for, so it
// is of no use with another server's address.
package secret

import (
	"crypto/hpke"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// Context is what a password is bound to. Change any of it and the password has to be entered again.
type Context struct {
	Name        string // of the setting: server1.password
	Host        string // server it may be shown to
	User        string // login it belongs to
	Certificate string // SHA-256 of the certificate trusted by hand; empty: the ordinary check
}

const (
	prefix  = "sealed1:"
	longest = 1 << 20 // octets of a sealed password that are looked at
)

// Problem is an error of this package in words. The package imports nothing of the house, so the code is a plain word
// here; data.CodeOf understands it.
type Problem struct{ code, sentence, next string }

// Error is what happened and what to do now.
func (p *Problem) Error() string { return p.sentence + " " + p.next }

// ErrorCode is the word for programs.
func (p *Problem) ErrorCode() string { return p.code }

// Words are the sentence and the next step, apart.
func (p *Problem) Words() (sentence, next string) { return p.sentence, p.next }

// The ways this can fail that a caller must tell apart.
var (
	// ErrCannotOpen: sealed for something else, on another computer, or damaged.
	ErrCannotOpen error = &Problem{"bad-secret", "The stored password cannot be opened on this computer for this server.", "Enter the password again."}
	// ErrNoKey: there is no key pair yet, or this account cannot read the half it needs.
	ErrNoKey error = &Problem{"bad-secret", "The key that protects passwords is not there or cannot be read.", "Start the service once, which makes the key, then enter the password again."}
)

// Seal closes a password with the public key in keyDir. The empty password stays empty: it means that none is set.
// Without a public key the error is ErrNoKey.
func Seal(keyDir string, c Context, password string) (string, error) {
	if password == "" {
		return "", nil
	}
	info, err := c.info()
	if err != nil {
		return "", err
	}
	pub, err := readPublic(keyDir)
	if err != nil {
		return "", err
	}
	blob, err := hpke.Seal(pub, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), info, []byte(password))
	if err != nil {
		return "", fmt.Errorf("sealing a password: %w", err)
	}
	return prefix + encoding.EncodeToString(blob), nil
}

// Open is the password again. It takes the private key, so only the service's account and administrators can. The
// error is ErrCannotOpen when anything differs from what was sealed, ErrNoKey when the key is missing or not ours to
// read.
func Open(keyDir string, c Context, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	info, err := c.info()
	if err != nil {
		return "", ErrCannotOpen
	}
	text, ok := strings.CutPrefix(sealed, prefix)
	if !ok || len(text) > longest {
		return "", ErrCannotOpen
	}
	blob, err := encoding.DecodeString(text)
	if err != nil || encoding.EncodeToString(blob) != text { // line breaks are not seen by the decoder
		return "", ErrCannotOpen
	}
	key, err := readPrivate(keyDir)
	if err != nil {
		return "", err
	}
	password, err := hpke.Open(key, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), info, blob)
	if err != nil {
		return "", ErrCannotOpen // what exactly failed is nobody's business
	}
	return string(password), nil
}

// Sealed reports whether a value looks like one Seal made.
func Sealed(value string) bool { return strings.HasPrefix(value, prefix) }

var encoding = base64.RawURLEncoding.Strict()

// info is the context in one string that no other context has: the parts hold no NUL, so NUL can stand between them.
func (c Context) info() ([]byte, error) {
	parts := []string{"smtp-gateway password 1", c.Name, c.Host, c.User, c.Certificate}
	for _, part := range parts {
		if strings.ContainsRune(part, 0) {
			return nil, errors.New("sealing a password: a setting holds an invisible character")
		}
	}
	return []byte(strings.Join(parts, "\x00")), nil
}
