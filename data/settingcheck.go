package data

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// MaxPassword is the longest password taken, in octets.
const MaxPassword = 1024

func oneLine(v string, limit int) *Problem {
	if len(v) > limit {
		return &Problem{Sentence: fmt.Sprintf("It is longer than %d characters.", limit)}
	}
	if !utf8.ValidString(v) || strings.ContainsFunc(v, unicode.IsControl) {
		return &Problem{Sentence: "It holds a line break or an invisible character."}
	}
	return nil
}

func host(name, label, hint string, basic bool, at func(*Settings) *string) Field {
	return Field{
		Name: name, Label: label, Hint: hint, Kind: FieldText, Basic: basic,
		parse: func(s *Settings, v string) *Problem {
			v = strings.TrimSpace(v)
			if v == "" {
				*at(s) = ""
				return nil
			}
			h, p := checkHost(v)
			if p != nil {
				return p
			}
			*at(s) = h
			return nil
		},
		format: func(s *Settings) string { return *at(s) },
	}
}

// checkHost takes a name, an IPv4 or an IPv6 address with or without brackets. A pasted scheme or port is refused
// with the bare name offered: silently dropping a port would dial another one than the person typed.
func checkHost(v string) (string, *Problem) {
	if name, err := bareHost(v); err == nil {
		return name, nil
	}
	bare := v
	if _, rest, ok := strings.Cut(v, "://"); ok {
		bare, _, _ = strings.Cut(rest, "/")
	}
	why := "Only the name goes here, without anything before ://."
	if i := strings.LastIndexByte(bare, ':'); i >= 0 {
		if _, err := strconv.ParseUint(bare[i+1:], 10, 16); err == nil {
			why = "Only the name goes here; the port " + bare[i+1:] + " has a field of its own."
			bare = bare[:i]
		}
	}
	if name, err := bareHost(bare); err == nil {
		return "", &Problem{Sentence: why, Suggest: name}
	}
	_, err := bareHost(v)
	p := &Problem{Sentence: "It is not a server name: " + err.Error() + "."}
	if name, err := bareHost(strings.ReplaceAll(v, " ", "")); err == nil {
		p.Suggest = name
	}
	return "", p
}

func bareHost(v string) (string, error) {
	if ip, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(v, "["), "]")); err == nil {
		return ip.String(), nil
	}
	return CanonicalHost(v)
}

func ehlo(name string, at func(*Settings) *string, basic bool) Field {
	return Field{
		Name: name, Label: "EHLO response", Kind: FieldText, Basic: basic,
		Hint: "How this computer greets the mail server. Fill it in if IT says that the server checks it; else leave it empty.",
		parse: func(s *Settings, v string) *Problem {
			v = strings.TrimSpace(v)
			if v == "" {
				*at(s) = ""
				return nil
			}
			if strings.HasPrefix(v, "[") {
				lit, err := literal(v)
				if err != nil {
					return &Problem{Sentence: "It is neither a name nor an address in brackets: " + err.Error() + "."}
				}
				*at(s) = lit
				return nil
			}
			h, err := CanonicalHost(v)
			if err != nil {
				return &Problem{Sentence: "It is not a name a server accepts: " + err.Error() + "."}
			}
			*at(s) = h
			return nil
		},
		format: func(s *Settings) string { return *at(s) },
	}
}

func fingerprint(name string, at func(*Settings) *string) Field {
	return Field{
		Name: name, Label: "Trusted certificate", Kind: FieldText,
		Hint: "Filled in by Trust this server, for a server whose certificate nobody else vouches for. Empty: the usual proof.",
		parse: func(s *Settings, v string) *Problem {
			v = strings.ToLower(strings.NewReplacer(":", "", " ", "").Replace(v))
			if b, err := hex.DecodeString(v); v != "" && (err != nil || len(b) != 32) {
				return &Problem{Sentence: "It is not a SHA-256 fingerprint of 64 digits."}
			}
			*at(s) = v
			return nil
		},
		format: func(s *Settings) string { return *at(s) },
	}
}

// SealedPrefix begins every sealed password; what does not begin with it was never sealed and is refused, so that no
// password is stored in the clear by accident.
const SealedPrefix = "sealed1:"

func sealed(name, label, hint string, at func(*Settings) *string, basic bool) Field {
	return Field{
		Name: name, Label: label, Hint: hint, Kind: FieldPassword, Basic: basic,
		parse: func(s *Settings, v string) *Problem {
			if v != "" && !strings.HasPrefix(v, SealedPrefix) {
				return &Problem{Sentence: "The stored " + strings.ToLower(label) + " is not sealed. Enter it again."}
			}
			*at(s) = v
			return nil
		},
		format: func(s *Settings) string { return *at(s) },
	}
}

// CheckPassword looks at a password before it is sealed: it is kept to the octet, so only what no server could take
// is refused.
func CheckPassword(v string) *Problem { return checkHidden("password", v) }

func checkHidden(what, v string) *Problem {
	switch {
	case len(v) > MaxPassword:
		return &Problem{Sentence: fmt.Sprintf("The %s is longer than %d characters.", what, MaxPassword)}
	case strings.ContainsAny(v, "\r\n\x00"):
		return &Problem{Sentence: "The " + what + " holds a line break. Copy it again without the end of the line."}
	}
	return nil
}

func address(name, label, hint string, basic bool, at func(*Settings) *string) Field {
	return Field{
		Name: name, Label: label, Hint: hint, Kind: FieldText, Basic: basic,
		parse: func(s *Settings, v string) *Problem {
			v = strings.TrimSpace(v)
			if v == "" {
				*at(s) = ""
				return nil
			}
			a, err := ParseAddress(v)
			if err != nil {
				return &Problem{Sentence: err.Error()}
			}
			*at(s) = a.String()
			if a.Dotless() {
				return &Problem{Sentence: "The part after the @ has no dot. Is it complete?", Warning: true}
			}
			return nil
		},
		format: func(s *Settings) string { return *at(s) },
	}
}

func folder(name, label, hint string, basic bool, at func(*Settings) *string) Field {
	return Field{
		Name: name, Label: label, Hint: hint, Kind: FieldText, Basic: basic,
		parse: func(s *Settings, v string) *Problem {
			if v == "" {
				*at(s) = ""
				return nil
			}
			if strings.ContainsFunc(v, unicode.IsControl) || len(v) > 4096 {
				return &Problem{Sentence: "It is not the name of a folder."}
			}
			if !filepath.IsAbs(v) {
				return &Problem{Sentence: "Give the whole path of the folder, from its beginning."}
			}
			*at(s) = filepath.Clean(v)
			return nil
		},
		format: func(s *Settings) string { return *at(s) },
	}
}

func clock(name, label, hint, def string, at func(*Settings) *string) Field {
	return Field{
		Name: name, Label: label, Hint: hint, Default: def, Kind: FieldTime,
		parse: func(s *Settings, v string) *Problem {
			v = strings.TrimSpace(v)
			if v == "" {
				*at(s) = ""
				return nil
			}
			t, err := time.Parse("15:04", v)
			if err != nil {
				return &Problem{Sentence: fmt.Sprintf("%q is not a time such as 07:00.", Clean(v, 20))}
			}
			*at(s) = t.Format("15:04")
			return nil
		},
		format: func(s *Settings) string { return *at(s) },
	}
}

// Check looks at the settings together. Problems that are more than warnings make Save refuse and a service stop.
func (s *Settings) Check() Problems {
	var p Problems
	add := func(name, sentence, suggest string, warning bool) {
		p = append(p, Problem{Name: name, Sentence: sentence, Suggest: suggest, Warning: warning})
	}
	if !s.Server1.Set() {
		p = append(p, Problem{Name: "server1.host", Sentence: "No mail server is given yet.", Missing: true})
	}
	for _, v := range []*Server{&s.Server1, &s.Server2} {
		if !v.Set() {
			continue
		}
		pre := fmt.Sprintf("server%d.", v.Number)
		switch {
		case v.Security == SecuritySTARTTLS && v.Port == 465:
			add(pre+"security", "Port 465 is protected from the first byte: it wants TLS.", "tls", true)
		case v.Security == SecurityTLS && v.Port == 587:
			add(pre+"security", "Port 587 starts unprotected and then switches: it wants STARTTLS.", "starttls", true)
		}
		v.checkSignIn(func(name, sentence, suggest string, warning bool) { add(pre+name, sentence, suggest, warning) },
			func(name, sentence string) {
				p = append(p, Problem{Name: pre + name, Sentence: sentence, Missing: true})
			})
		if v.Auth == AuthNone || v.Auth == AuthXOAUTH2 || v.SignIn != SignInNone {
			continue
		}
		if (v.User == "") != (v.Sealed == "") {
			if v.User == "" {
				add(pre+"user", "A password is set, but no user.", "", false)
			} else {
				add(pre+"password", "A user is given, but no password.", "", false)
			}
		}
		if v.Sealed != "" && v.Security == SecurityNone && !v.AllowInsecure {
			add(pre+"security", "A password would travel unprotected. Choose STARTTLS or TLS, or allow non-secure connections.", "starttls", false)
		}
	}
	if s.From.Address == "" {
		p = append(p, Problem{Name: "from.address", Sentence: "No From address is given yet.", Missing: true})
	}
	if s.Practice && s.TestTo == "" {
		add("test_to", "Practice mode needs an address to send everything to.", "", false)
	}
	p = append(p, s.Overdue.check(s)...)
	if s.ImportsFolder != "" && s.Folder != "" && filepath.Clean(s.ImportsFolder) == filepath.Clean(s.Folder) {
		add("imports.folder", "Lists and messages need a folder each: this one is watched for messages.", "", false)
	}
	if s.KeepBodiesDays > s.KeepHistoryDays {
		add("keep.bodies_days", "Messages cannot be kept longer than their history.", strconv.Itoa(s.KeepHistoryDays), false)
	}
	return p
}

// nearestField offers the name a person may have meant: the one that shares its last part.
func nearestField(name string) string {
	last := name[strings.LastIndexByte(name, '.')+1:]
	i := slices.IndexFunc(fields, func(f Field) bool { return strings.HasSuffix(f.Name, last) && last != "" })
	if i < 0 {
		return ""
	}
	return fields[i].Name
}
