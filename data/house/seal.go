package house

import (
	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/data/secret"
)

// Sealer seals passwords and client secrets for the service that lives at p.
func Sealer(p place.Place) data.Sealer {
	return func(name string, v data.Server, password data.Secret) (string, error) {
		return secret.Seal(p.Key, SecretContext(name, v), password.Reveal())
	}
}

// SecretContext is what the password or the client secret in the setting called name is bound to.
func SecretContext(name string, v data.Server) secret.Context {
	if name == data.ClientSecretField(v.Number) {
		return secret.Context{Name: name, Host: v.SignInFor()}
	}
	return secret.Context{Name: name, Host: v.Host, User: v.User, Certificate: v.Certificate}
}

// SignInContext is what the refresh token of a server's sign-in is bound to: all of Server.SignInBound, and that it is no
// password.
func SignInContext(v data.Server) secret.Context {
	return secret.Context{Name: "sign-in " + data.ServerName(v.Number), Host: v.SignInBound()}
}

// SealSignIn gives what seals refresh tokens for the service that lives at p.
func SealSignIn(p place.Place) func(v data.Server, token data.Secret) (string, error) {
	return func(v data.Server, token data.Secret) (string, error) {
		return secret.Seal(p.Key, SignInContext(v), token.Reveal())
	}
}

// OpenSignIn gives what opens them again; only the service's account and administrators can.
func OpenSignIn(p place.Place) func(v data.Server, sealed string) (data.Secret, error) {
	return func(v data.Server, sealed string) (data.Secret, error) {
		token, err := secret.Open(p.Key, SignInContext(v), sealed)
		return data.Secret(token), err
	}
}

// OpenClientSecret opens the client secret of a server's settings; only the service's account and administrators can.
// None is no error.
func OpenClientSecret(p place.Place, v data.Server) (data.Secret, error) {
	text, err := secret.Open(p.Key, SecretContext(data.ClientSecretField(v.Number), v), v.ClientSealed)
	return data.Secret(text), err
}
