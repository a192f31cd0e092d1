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

// handoverContext is what a sign-in handed to the service is bound to: the server and the app registration it was begun for.
func handoverContext(v data.Server) secret.Context {
	return secret.Context{Name: "sign-in handed over for " + data.ServerName(v.Number), Host: v.SignInFor()}
}

// SealHandover seals for the service that lives at p what a browser brought back. It takes no right to open anything.
func SealHandover(p place.Place, v data.Server, h data.SignInHandover) (string, error) {
	text, err := h.Pack()
	if err != nil {
		return "", err
	}
	return secret.Seal(p.Key, handoverContext(v), text.Reveal())
}

// OpenHandover opens it again; only the service's account and administrators can. It does not open where the server or the
// app registration was changed since.
func OpenHandover(p place.Place, v data.Server, sealed string) (data.SignInHandover, error) {
	text, err := secret.Open(p.Key, handoverContext(v), sealed)
	if err != nil {
		return data.SignInHandover{}, err
	}
	return data.UnpackSignIn(data.Secret(text))
}
