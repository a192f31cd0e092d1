package signintest

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
)

// The other clients that the real server knows, besides ClientID.
const (
	PublicClientID   = "client-without-secret"
	LesserClientID   = "client-without-permission" // may not ask for the scope to send
	MailServerID     = "mail-server"               // may ask whether a token is good
	MailServerSecret = "of-the-mail-server"
)

//go:embed oidc.mjs
var script []byte

// Real is oidc-provider, a certified authorization server.
type Real struct{ URL string }

// StartReal starts one that ends with the test; access tokens live for a time, in whole seconds. installer/test puts the
// program into .build/oidc. Where it is missing the test is skipped, but failed where everything must run (CI=true).
func StartReal(tb testing.TB, life time.Duration) *Real {
	tb.Helper()
	if testing.Short() {
		tb.Skip("starts a real authorization server")
	}
	modules, err := findModules()
	if err != nil {
		missing(tb, err)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		missing(tb, err)
	}
	path := filepath.Join(tb.TempDir(), "oidc.mjs")
	if err := os.WriteFile(path, script, 0o600); err != nil {
		tb.Fatal(err)
	}
	c := exec.CommandContext(tb.Context(), node, path, modules, strconv.Itoa(int(life.Seconds())))
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := c.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = in.Close()
		_ = c.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		tb.Fatalf("the authorization server did not start: %v", err)
	}
	return &Real{strings.TrimSpace(line)}
}

func missing(tb testing.TB, err error) {
	tb.Helper()
	if os.Getenv("CI") == "true" {
		tb.Fatalf("the authorization server is not here, installer/test installs it: %v", err)
	}
	tb.Skipf("the authorization server is not here, installer/test installs it: %v", err)
}

// findModules looks for .build/oidc from the test's folder upwards.
func findModules() (string, error) {
	at, err := os.Getwd()
	for err == nil {
		path := filepath.Join(at, ".build", "oidc", "node_modules")
		if _, err := os.Stat(filepath.Join(path, "oidc-provider")); err == nil {
			return path, nil
		}
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil || at == filepath.Dir(at) {
			return "", errors.New("no .build/oidc/node_modules/oidc-provider")
		}
		at = filepath.Dir(at)
	}
	return "", err
}

// Settings are as those of Server; Microsoft's is the client without a secret.
func (r *Real) Settings(way data.SignInWay) data.Server {
	v := (&Server{URL: r.URL}).Settings(way)
	if way == data.SignInMicrosoft {
		v.ClientID = PublicClientID
	}
	return v
}

// Revoke withdraws a sign-in by its refresh token (RFC 7009), as a person does on the pages of the service.
func (r *Real) Revoke(tb testing.TB, v data.Server, refresh string) {
	tb.Helper()
	a, err := http.PostForm(r.URL+"/token/revocation", url.Values{"client_id": {v.ClientID}, "token": {refresh}}) //nolint:noctx // loopback
	if err != nil || a.StatusCode != http.StatusOK {
		tb.Fatal(a, err)
	}
	_ = a.Body.Close()
}

// Introspect asks whether a token is good, as a mail server does (RFC 7662).
func (r *Real) Introspect(tb testing.TB, token string) (user string, active bool) {
	tb.Helper()
	q, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, r.URL+"/token/introspection", strings.NewReader(url.Values{"token": {token}}.Encode()))
	if err != nil {
		tb.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.SetBasicAuth(MailServerID, MailServerSecret)
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	var said struct {
		Active bool   `json:"active"`
		Sub    string `json:"sub"`
	}
	if err := json.NewDecoder(a.Body).Decode(&said); err != nil || a.StatusCode != http.StatusOK {
		tb.Fatal(fmt.Errorf("introspection: %s: %w", a.Status, err))
	}
	return said.Sub, said.Active
}
