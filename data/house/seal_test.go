package house_test

import (
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/secret"
)

func TestSealSignIn(t *testing.T) {
	p := place.At(t.TempDir())
	if err := p.Make(); err != nil {
		t.Fatal(err)
	}
	if err := secret.Make(p.Key); err != nil {
		t.Fatal(err)
	}
	v := data.Server{
		Number: 1, Host: "smtp.gmail.com", User: "library@school.example", SignIn: data.SignInMicrosoft, Tenant: "t", ClientID: "c",
	}
	token, err := house.SealSignIn(p)(v, "refresh-me")
	if err != nil {
		t.Fatal(err)
	}
	v.ClientSealed, err = house.Sealer(p)(data.ClientSecretField(1), v, "keep-me")
	if err != nil || strings.Contains(token+v.ClientSealed, "-me") {
		t.Fatal(token, v.ClientSealed, err)
	}
	t.Run("the service opens what was sealed for it", func(t *testing.T) {
		a, err := house.OpenSignIn(p)(v, token)
		b, err2 := house.OpenClientSecret(p, v)
		if err != nil || err2 != nil || a.Reveal() != "refresh-me" || b.Reveal() != "keep-me" {
			t.Fatal(a, err, b, err2)
		}
	})
	for promise, change := range map[string]func(v *data.Server){
		"another mail server":       func(v *data.Server) { v.Host = "mail.thief.example" },
		"another trusted identity":  func(v *data.Server) { v.Certificate = strings.Repeat("ab", 32) },
		"another authority":         func(v *data.Server) { v.SignInAddress = "https://login.thief.example" },
		"another tenant":            func(v *data.Server) { v.Tenant = "x" },
		"another client":            func(v *data.Server) { v.ClientID = "x" },
		"another way":               func(v *data.Server) { v.SignIn = data.SignInGoogle },
		"the other server":          func(v *data.Server) { v.Number = 2 },
		"parts that shift in place": func(v *data.Server) { v.Tenant, v.ClientID = "", "t\x00c" },
	} {
		t.Run(promise+" gets neither token nor secret", func(t *testing.T) {
			w := v
			change(&w)
			if a, err := house.OpenSignIn(p)(w, token); err == nil || a != "" {
				t.Error("the token was opened")
			}
			if b, err := house.OpenClientSecret(p, w); err == nil || b != "" {
				t.Error("the client secret was opened")
			}
		})
	}
	t.Run("another mailbox gets no token", func(t *testing.T) {
		w := v
		w.User = "head@school.example"
		if _, err := house.OpenSignIn(p)(w, token); err == nil {
			t.Error("the token was opened")
		}
	})
	t.Run("a token is no password, and a secret no token", func(t *testing.T) {
		w := v
		w.ClientSealed = token
		if _, err := house.OpenClientSecret(p, w); err == nil {
			t.Error("the token was opened as a secret")
		}
		if _, err := house.OpenSignIn(p)(v, v.ClientSealed); err == nil {
			t.Error("the secret was opened as a token")
		}
		if _, err := secret.Open(p.Key, house.SecretContext(data.PasswordField(1), v), v.ClientSealed); err == nil {
			t.Error("the secret was opened as a password, for another program to send")
		}
	})
}
