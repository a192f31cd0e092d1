package secret

import (
	"bytes"
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// The files of a key folder. The folder belongs to the service and nobody else can write in it: who could replace the
// public key would read the next password that is typed.
const (
	privateFile = "private.key"
	publicFile  = "public.key"
	idSize      = 16 // octets at the start of the private file: the install id, which wraps the rest on Windows
	keySize     = 32 // octets of an X25519 key
)

// Make creates the key pair in dir at the first start; later it only sees to it that the public half is there and
// fits. Two programs may call it at once. An account that can read the public key but not the private one, as a
// member of the group, finds everything in order. Never is a private key that is there replaced: that would throw
// every password away.
func Make(dir string) error {
	key, err := loadPrivate(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err = createPrivate(dir); err != nil {
			return err
		}
		if key, err = loadPrivate(dir); err != nil {
			return noKey(err)
		}
	case errors.Is(err, fs.ErrPermission):
		_, err = readPublic(dir)
		return err
	case err != nil:
		return noKey(err)
	}
	want := key.PublicKey().Bytes()
	have, err := os.ReadFile(filepath.Join(dir, publicFile)) //nolint:gosec // the caller's key folder
	if err == nil && bytes.Equal(have, want) {
		return nil
	}
	temp, err := writeTemp(dir, want, public)
	if err != nil {
		return err
	}
	if err := os.Rename(temp, filepath.Join(dir, publicFile)); err != nil {
		_ = os.Remove(temp)
		return fmt.Errorf("making the public key: %w", err)
	}
	return syncDir(dir)
}

// createPrivate puts a new private key in place, complete or not at all, and never over another one.
func createPrivate(dir string) error {
	key, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("making a key: %w", err)
	}
	id := make([]byte, idSize)
	_, _ = rand.Read(id) // never fails: crypto/rand
	wrapped, err := wrap(key.Bytes(), id)
	if err != nil {
		return fmt.Errorf("protecting a key: %w", err)
	}
	temp, err := writeTemp(dir, append(id, wrapped...), private)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp) }()
	err = os.Link(temp, filepath.Join(dir, privateFile)) // unlike a rename, fails when there is one
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("keeping a key: %w", err)
	}
	return syncDir(dir)
}

// writeTemp writes a file beside its final place, durable and with its final rights, and gives its path.
func writeTemp(dir string, content []byte, who audience) (string, error) {
	f, err := os.CreateTemp(dir, ".key-*") // 0600
	if err != nil {
		return "", fmt.Errorf("making a key: %w", err)
	}
	err = guard(f, dir, who)
	if err == nil {
		_, err = f.Write(content)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(f.Name())
		return "", fmt.Errorf("making a key: %w", err)
	}
	return f.Name(), nil
}

// audience is who may read a file of the key folder.
type audience int

const (
	private audience = iota // the service's account
	public                  // the group too
)

func loadPrivate(dir string) (hpke.PrivateKey, error) {
	raw, err := os.ReadFile(filepath.Join(dir, privateFile)) //nolint:gosec // the caller's key folder
	if err != nil {
		return nil, err
	}
	if len(raw) <= idSize {
		return nil, errors.New("the private key is damaged")
	}
	plain, err := unwrap(raw[idSize:], raw[:idSize])
	if err != nil {
		return nil, fmt.Errorf("the private key cannot be unwrapped: %w", err)
	}
	key, err := ecdh.X25519().NewPrivateKey(plain)
	if err != nil {
		return nil, errors.New("the private key is damaged")
	}
	return hpke.NewDHKEMPrivateKey(key)
}

func readPrivate(dir string) (hpke.PrivateKey, error) {
	key, err := loadPrivate(dir)
	if err != nil {
		return nil, noKey(err)
	}
	return key, nil
}

func readPublic(dir string) (hpke.PublicKey, error) {
	raw, err := os.ReadFile(filepath.Join(dir, publicFile)) //nolint:gosec // the caller's key folder
	if err != nil {
		return nil, noKey(err)
	}
	if len(raw) != keySize {
		return nil, noKey(errors.New("the public key is damaged"))
	}
	pub, err := ecdh.X25519().NewPublicKey(raw)
	if err != nil {
		return nil, noKey(err)
	}
	return hpke.NewDHKEMPublicKey(pub)
}

// keyError keeps the cause for the log beside the sentence for the person.
type keyError struct {
	*Problem
	cause error
}

// Unwrap gives the sentinel and the cause.
func (e *keyError) Unwrap() []error { return []error{ErrNoKey, e.cause} }

func noKey(cause error) error {
	p, _ := ErrNoKey.(*Problem) //nolint:errcheck,errorlint // it is one
	return &keyError{Problem: p, cause: cause}
}
