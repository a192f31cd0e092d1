package relaytest

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// mechanism is the server's half of one way of signing in; ok is told when it ended well.
func mechanism(name, user, password string, ok func()) (sasl.Server, error) {
	check := func(u, p string) error {
		if u != user || p != password {
			return smtp.ErrAuthFailed
		}
		ok()
		return nil
	}
	switch name {
	case "PLAIN":
		return sasl.NewPlainServer(func(_, u, p string) error { return check(u, p) }), nil
	case "LOGIN":
		return &loginServer{check: check}, nil
	case "CRAM-MD5":
		return &cramServer{user: user, password: password, ok: ok}, nil
	case "SCRAM-SHA-1":
		return &scramServer{h: sha1.New, user: user, password: password, ok: ok}, nil
	case "SCRAM-SHA-256":
		return &scramServer{h: sha256.New, user: user, password: password, ok: ok}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

type loginServer struct {
	check func(user, password string) error
	step  int
	user  string
}

func (s *loginServer) Next(response []byte) ([]byte, bool, error) {
	s.step++
	switch s.step {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		s.user = string(response)
		return []byte("Password:"), false, nil
	default:
		return nil, true, s.check(s.user, string(response))
	}
}

type cramServer struct {
	user, password string
	ok             func()
	challenge      string
}

func (s *cramServer) Next(response []byte) ([]byte, bool, error) {
	if s.challenge == "" {
		s.challenge = "<" + rand.Text() + "@mail.school.test>"
		return []byte(s.challenge), false, nil
	}
	mac := hmac.New(md5.New, []byte(s.password))
	mac.Write([]byte(s.challenge))
	if string(response) != s.user+" "+hex.EncodeToString(mac.Sum(nil)) {
		return nil, true, smtp.ErrAuthFailed
	}
	s.ok()
	return nil, true, nil
}

// scramServer is RFC 5802 without channel binding.
type scramServer struct {
	h              func() hash.Hash
	user, password string
	ok             func()

	step   int
	bare   string
	first  string
	nonce  string
	salted []byte
}

func (s *scramServer) mac(key []byte, text string) []byte {
	m := hmac.New(s.h, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

func (s *scramServer) Next(response []byte) ([]byte, bool, error) {
	s.step++
	switch s.step {
	case 1:
		return nil, false, nil // the client sends nothing at first and is asked to begin
	case 2:
		bare, ok := strings.CutPrefix(string(response), "n,,")
		fields := strings.Split(bare, ",")
		if !ok || len(fields) < 2 || fields[0] != "n="+s.user {
			return nil, true, smtp.ErrAuthFailed
		}
		salt := []byte("salt of this test")
		s.bare, s.nonce = bare, strings.TrimPrefix(fields[1], "r=")+rand.Text()
		var err error
		if s.salted, err = pbkdf2.Key(s.h, s.password, salt, 4096, s.h().Size()); err != nil {
			return nil, true, err
		}
		s.first = fmt.Sprintf("r=%s,s=%s,i=4096", s.nonce, base64.StdEncoding.EncodeToString(salt))
		return []byte(s.first), false, nil
	case 3:
		final, proof, ok := strings.Cut(string(response), ",p=")
		if !ok || final != "c=biws,r="+s.nonce {
			return nil, true, smtp.ErrAuthFailed
		}
		message := s.bare + "," + s.first + "," + final
		client := s.mac(s.salted, "Client Key")
		stored := s.h()
		stored.Write(client)
		signature := s.mac(stored.Sum(nil), message)
		for i := range client {
			client[i] ^= signature[i]
		}
		if base64.StdEncoding.EncodeToString(client) != proof {
			return nil, true, smtp.ErrAuthFailed
		}
		server := s.mac(s.mac(s.salted, "Server Key"), message)
		return []byte("v=" + base64.StdEncoding.EncodeToString(server)), false, nil
	default:
		s.ok()
		return nil, true, nil
	}
}

// TokenRefused is what a server says in a 334 before it refuses a token, as Google does.
const TokenRefused = `{"status":"401","schemes":"bearer mac","scope":"https://mail.google.com/"}`

// tokenServer is XOAUTH2: one answer with user and token, also if the server has to ask for it; a refusal says why in a
// 334 and waits for an empty line.
type tokenServer struct {
	good    func(user, token string) bool
	ok      func()
	asked   bool
	refused bool
}

func (s *tokenServer) Next(response []byte) ([]byte, bool, error) {
	switch {
	case s.refused && len(response) == 0:
		return nil, true, Reply(535, "5.7.8", "Username and Password not accepted.")
	case s.refused:
		return nil, true, Reply(501, "5.5.2", "Cannot decode response")
	case response == nil && !s.asked:
		s.asked = true
		return nil, false, nil
	}
	user, rest, _ := strings.Cut(strings.TrimPrefix(string(response), "user="), "\x01auth=Bearer ")
	token, end, _ := strings.Cut(rest, "\x01\x01")
	if !strings.HasPrefix(string(response), "user=") || token == "" || end != "" || s.good == nil || !s.good(user, token) {
		s.refused = true
		return []byte(TokenRefused), false, nil
	}
	s.ok()
	return nil, true, nil
}

// Base64 is how challenges travel.
func Base64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// ScramNonce is the nonce in a client's first SCRAM message, as it came.
func ScramNonce(line string) string {
	b, err := base64.StdEncoding.DecodeString(line)
	if err != nil {
		return ""
	}
	_, nonce, _ := strings.Cut(string(b), "r=")
	return nonce
}
