package secret_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"smtpgateway/data/secret"
)

var mail = secret.Context{Name: "server1.password", Host: "mail.school.org", User: "library"}

func keys(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := secret.Make(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func seal(t testing.TB, dir, password string) string {
	t.Helper()
	sealed, err := secret.Seal(dir, mail, password)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestSeal(t *testing.T) {
	dir := keys(t)
	for name, password := range map[string]string{
		"an ordinary one": "s3cret", "blanks and a section sign": " a § b ", "an emoji": "🔑", "a long one": strings.Repeat("x", 4096),
	} {
		t.Run("a password comes back to the byte: "+name, func(t *testing.T) {
			sealed := seal(t, dir, password)
			if strings.Contains(sealed, password) || !secret.Sealed(sealed) {
				t.Fatalf("sealed as %q", sealed)
			}
			if got, err := secret.Open(dir, mail, sealed); err != nil || got != password {
				t.Fatalf("Open = %q, %v", got, err)
			}
		})
	}
	t.Run("the same password is never sealed the same way", func(t *testing.T) {
		first, second := seal(t, dir, "a"), seal(t, dir, "a")
		if first == second {
			t.Fatal("two passwords can be told to be equal")
		}
	})
	t.Run("no password stays no password", func(t *testing.T) {
		if got := seal(t, dir, ""); got != "" {
			t.Fatalf("Seal of nothing = %q", got)
		}
		if got, err := secret.Open(dir, mail, ""); got != "" || err != nil {
			t.Fatalf("Open of nothing = %q, %v", got, err)
		}
	})
}

func TestASealedPasswordIsOfNoUseElsewhere(t *testing.T) {
	dir := keys(t)
	sealed := seal(t, dir, "s3cret")
	for name, c := range map[string]secret.Context{
		"for another setting":             {Name: "server2.password", Host: mail.Host, User: mail.User},
		"with another host":               {Name: mail.Name, Host: "evil.example", User: mail.User},
		"with another user":               {Name: mail.Name, Host: mail.Host, User: "root"},
		"with a certificate trusted":      {Name: mail.Name, Host: mail.Host, User: mail.User, Certificate: "ab"},
		"with the parts pushed together":  {Name: mail.Name, Host: mail.Host + "\x00" + mail.User},
		"with the parts shifted by a NUL": {Name: mail.Name + "\x00" + mail.Host, Host: mail.User},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := secret.Open(dir, c, sealed); !errors.Is(err, secret.ErrCannotOpen) || got != "" {
				t.Fatalf("Open = %q, %v", got, err)
			}
		})
	}
	t.Run("on another computer", func(t *testing.T) {
		if got, err := secret.Open(keys(t), mail, sealed); !errors.Is(err, secret.ErrCannotOpen) || got != "" {
			t.Fatalf("Open = %q, %v", got, err)
		}
	})
	t.Run("without the key", func(t *testing.T) {
		if got, err := secret.Open(t.TempDir(), mail, sealed); !errors.Is(err, secret.ErrNoKey) || got != "" {
			t.Fatalf("Open = %q, %v", got, err)
		}
		if _, err := secret.Seal(t.TempDir(), mail, "x"); !errors.Is(err, secret.ErrNoKey) {
			t.Fatalf("Seal = %v", err)
		}
	})
	t.Run("with any one bit changed", func(t *testing.T) {
		for i := range len(sealed) {
			for bit := range 8 {
				changed := []byte(sealed)
				changed[i] ^= 1 << bit
				if got, err := secret.Open(dir, mail, string(changed)); !errors.Is(err, secret.ErrCannotOpen) {
					t.Fatalf("byte %d, bit %d: Open = %q, %v", i, bit, got, err)
				}
			}
		}
	})
	t.Run("when cut short", func(t *testing.T) {
		for i := 1; i < len(sealed); i++ {
			if got, err := secret.Open(dir, mail, sealed[:i]); !errors.Is(err, secret.ErrCannotOpen) {
				t.Fatalf("%d bytes: Open = %q, %v", i, got, err)
			}
		}
	})
}

func TestMake(t *testing.T) {
	t.Run("a second start keeps the key", func(t *testing.T) {
		dir := keys(t)
		sealed := seal(t, dir, "s3cret")
		if err := secret.Make(dir); err != nil {
			t.Fatal(err)
		}
		if got, err := secret.Open(dir, mail, sealed); err != nil || got != "s3cret" {
			t.Fatalf("Open = %q, %v", got, err)
		}
	})
	t.Run("many at once agree on one key", func(t *testing.T) {
		dir := t.TempDir()
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := secret.Make(dir); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got, err := secret.Open(dir, mail, seal(t, dir, "x")); err != nil || got != "x" {
			t.Fatalf("Open = %q, %v", got, err)
		}
		left, err := os.ReadDir(dir)
		if err != nil || len(left) != 2 {
			t.Fatalf("the folder holds %v, %v", left, err)
		}
	})
	t.Run("a public key that does not fit is put right", func(t *testing.T) {
		dir := keys(t)
		other, err := os.ReadFile(filepath.Join(keys(t), "public.key"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "public.key"), other, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := secret.Make(dir); err != nil {
			t.Fatal(err)
		}
		if got, err := secret.Open(dir, mail, seal(t, dir, "x")); err != nil || got != "x" {
			t.Fatalf("Open = %q, %v", got, err)
		}
	})
	t.Run("a damaged private key is left as it is", func(t *testing.T) {
		dir := keys(t)
		path := filepath.Join(dir, "private.key")
		if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := secret.Make(dir); !errors.Is(err, secret.ErrNoKey) {
			t.Fatalf("Make = %v", err)
		}
		if raw, err := os.ReadFile(path); err != nil || string(raw) != "short" {
			t.Fatalf("the file became %q, %v", raw, err)
		}
	})
	t.Run("the group reads the public key and nobody else the private one", func(t *testing.T) {
		if runtime.GOOS == "windows" {
			t.Skip("rights are no mode bits here")
		}
		dir := keys(t)
		for name, want := range map[string]os.FileMode{"private.key": 0o600, "public.key": 0o640} {
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil || info.Mode().Perm() != want {
				t.Errorf("%s: %v, %v", name, info, err)
			}
		}
	})
}

// FuzzOpen changes what was sealed, or what it was sealed for: it never opens.
func FuzzOpen(f *testing.F) {
	dir := keys(f)
	const password = "correct horse"
	sealed := seal(f, dir, password)
	f.Add(sealed, mail.Name, mail.Host, mail.User, "")
	f.Add(sealed+"\n", mail.Name, mail.Host, mail.User, "")
	f.Add(sealed+"=", mail.Name, mail.Host, mail.User, "")
	f.Add(sealed, mail.Name, "MAIL.school.org", mail.User, "")
	f.Add("sealed1:", "", "", "", "")
	f.Add("sealed1:AAAA", mail.Name, mail.Host, mail.User, "00")
	f.Fuzz(func(t *testing.T, text, name, host, user, certificate string) {
		c := secret.Context{Name: name, Host: host, User: user, Certificate: certificate}
		got, err := secret.Open(dir, c, text)
		switch {
		case text == sealed && c == mail:
			if err != nil || got != password {
				t.Fatalf("Open of what was sealed = %v", err)
			}
		case text == "":
		case !errors.Is(err, secret.ErrCannotOpen) || got != "":
			t.Fatalf("Open(%q for %q) = %q, %v", text, c, got, err)
		}
	})
}
