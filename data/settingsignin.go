package data

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// ClientSecretField is the name of the setting that holds the client secret of server n.
func ClientSecretField(n int) string { return fmt.Sprintf("server%d.client_secret", n) }

func signInFields(pre string, at func(*Settings) *Server) []Field {
	return []Field{
		choice(pre+"signin", "Sign in with", "For Google and Microsoft, which take no password from programs. Your IT registers this program with them once; the guide says how.", "", []string{"", string(SignInGoogle), string(SignInMicrosoft), string(SignInMicrosoftApp)}, false, func(s *Settings) *string { return (*string)(&at(s).SignIn) }),
		plainText(pre+"tenant", "Directory (tenant) ID", "Microsoft only: which school it is. It stands on the page of the app registration.", false, func(s *Settings) *string { return &at(s).Tenant }),
		plainText(pre+"client_id", "Client ID", "Names this program to Google or Microsoft. It comes from the school's own app registration.", false, func(s *Settings) *string { return &at(s).ClientID }),
		sealed(pre+"client_secret", "Client secret", "Comes with the client ID; Microsoft wants none when a person signs in. Sealed when it is saved, and never shown again.", func(s *Settings) *string { return &at(s).ClientSealed }, false),
		webAddress(pre+"signin_address", "Sign-in address", "Only for clouds of their own, such as https://login.microsoftonline.us. Empty: the usual one.", func(s *Settings) *string { return &at(s).SignInAddress }, []string{"https", "http"}),
	}
}

func proxyField() Field {
	return webAddress("proxy.url", "Proxy", "For signing in and the sender check where the school lets nothing out directly, such as http://proxy.school.org:3128. IT names it.", func(s *Settings) *string { return &s.ProxyURL }, []string{"http", "https", "socks5"})
}

// webAddress is scheme://host:port with nothing behind it. A user and a password in it are refused: settings are shown
// and exported. A sign-in address may be http only on this computer itself.
func webAddress(name, label, hint string, at func(*Settings) *string, schemes []string) Field {
	signIn := strings.HasSuffix(name, ".signin_address")
	return Field{
		Name: name, Label: label, Hint: hint, Kind: FieldText,
		parse: func(s *Settings, v string) *Problem {
			v = strings.TrimRight(strings.TrimSpace(v), "/")
			if v == "" {
				*at(s) = ""
				return nil
			}
			if p := oneLine(v, 320); p != nil {
				return p
			}
			u, err := url.Parse(v)
			if err != nil || u.Host == "" {
				p := &Problem{Sentence: "It is not an address such as " + schemes[0] + "://name."}
				if name, err := bareHost(v); err == nil {
					p.Suggest = schemes[0] + "://" + name
				}
				return p
			}
			if u.User != nil {
				return &Problem{Sentence: "No user and no password may stand in it.", Suggest: u.Scheme + "://" + u.Host}
			}
			if err := checkWebAddress(u, schemes, signIn); err != "" {
				return &Problem{Sentence: err}
			}
			*at(s) = u.Scheme + "://" + strings.ToLower(u.Host)
			return nil
		},
		format: func(s *Settings) string { return *at(s) },
	}
}

func checkWebAddress(u *url.URL, schemes []string, signIn bool) string {
	known := false
	for _, scheme := range schemes {
		known = known || u.Scheme == scheme
	}
	if !known {
		return "It must begin with " + strings.Join(schemes, "://, ") + "://."
	}
	if u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return "Nothing goes after the name and the port."
	}
	if _, err := bareHost(u.Hostname()); err != nil {
		return "It names no computer: " + err.Error() + "."
	}
	if signIn && u.Scheme == "http" && !loopback(u.Hostname()) {
		return "Passwords and keys would travel unprotected. It must begin with https://."
	}
	return ""
}

// loopback reports whether a host is this computer. The name localhost is not taken: other programs may be asked for it.
func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// checkSignIn looks at a server that is signed in to without a password.
func (s Server) checkSignIn(add func(name, sentence, suggest string, warning bool), missing func(name, sentence string)) {
	switch {
	case s.Auth == AuthXOAUTH2 && s.SignIn == SignInNone:
		add("signin", "XOAUTH2 needs a sign-in with Google or Microsoft. Choose one, or another way of signing in.", "", false)
		return
	case s.SignIn == SignInNone:
		return
	case s.Auth != AuthAuto && s.Auth != AuthXOAUTH2:
		add("auth", "With Google or Microsoft this has to be the usual way or XOAUTH2.", string(AuthAuto), false)
	}
	if s.Security == SecurityNone {
		add("security", "The key from the sign-in would travel unprotected. Choose STARTTLS or TLS.", string(SecuritySTARTTLS), false)
	}
	if s.User == "" {
		missing("user", "Which mailbox sends is not given yet. Fill in its whole address.")
	}
	if s.ClientID == "" {
		missing("client_id", "The client ID from the school's app registration is not given yet.")
	}
	if s.ClientSealed == "" && s.SignIn != SignInMicrosoft {
		missing("client_secret", "The client secret from the school's app registration is not given yet.")
	}
	if s.Tenant == "" && s.SignIn != SignInGoogle {
		missing("tenant", "The directory (tenant) ID of the school is not given yet.")
	}
	if s.Tenant != "" && strings.ContainsAny(s.Tenant, "/?#%\\ ") {
		add("tenant", "It is not a directory ID: it looks like 12345678-90ab-cdef-1234-567890abcdef, or like school.onmicrosoft.com.", "", false)
	}
}
