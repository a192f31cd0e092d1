package sendercheck

import (
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-msgauth/authres"

	"smtpgateway/data"
)

// told is one verdict as a header gives it.
type told struct {
	part   data.SenderPart
	result string
	domain string // the verdict is about it
	reason string
}

// authentication reads the Authentication-Results of the receiver: the topmost field, and of fields below it by the same
// server those methods it has not told yet, because some write one field for each. silent says that the receiver told that it
// looked at nothing: what stands below it is by others.
func authentication(fields []mailField, e *data.Evidence) (all []told, silent bool) {
	by, first := "", true
	for i := range fields {
		f := &fields[i]
		if f.name != "authentication-results" {
			continue
		}
		id, some := results(f.value)
		switch {
		case len(some) == 0 && first && strings.EqualFold(afterFirst(f.value), "none"): // RFC 8601 2.2: it looked at nothing
			e.By = data.Clean(id, 100)
			return nil, true
		case len(some) == 0: // of the sending side: only who signed in
			continue
		case first:
			by, first = id, false
			e.By, e.Source = data.Clean(id, 100), f.title
		case id == "" || !strings.EqualFold(id, by):
			continue
		}
		known := len(all)
		for _, t := range some {
			if !slices.ContainsFunc(all[:known], func(o told) bool { return o.part == t.part }) {
				all = append(all, t)
			}
		}
		e.Raw = append(e.Raw, f.shown())
	}
	return all, false
}

// afterFirst is what stands behind who says it.
func afterFirst(value string) string {
	_, rest, _ := strings.Cut(uncommented(value), ";")
	return strings.Trim(rest, "; \t")
}

// arc reads the newest of the sealed results that servers on the way hand on (RFC 8617 4.1.1).
func arc(fields []mailField, e *data.Evidence) (all []told, silent bool) {
	newest, at := 0, -1
	for i := range fields {
		if fields[i].name != "arc-authentication-results" {
			continue
		}
		head, _, _ := strings.Cut(uncommented(fields[i].value), ";")
		name, value, _ := strings.Cut(head, "=")
		if n, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && strings.TrimSpace(name) == "i" && n > newest {
			newest, at = n, i
		}
	}
	if at < 0 {
		return nil, false
	}
	_, rest, _ := strings.Cut(fields[at].value, ";")
	id, all := results(rest)
	if len(all) > 0 {
		e.By, e.Source, e.Raw = data.Clean(id, 100), fields[at].title, []string{fields[at].shown()}
	}
	return all, false
}

// receivedSPF reads the oldest of the three ways, which tells SPF only.
func receivedSPF(fields []mailField, e *data.Evidence) (all []told, silent bool) {
	for i := range fields {
		f := &fields[i]
		if f.name != "received-spf" {
			continue
		}
		words := strings.Fields(uncommented(f.value))
		if len(words) == 0 {
			continue
		}
		t := told{part: data.SenderSPF, result: strings.ToLower(strings.Trim(data.Clean(words[0], 20), ";"))}
		for _, w := range words[1:] {
			name, value, _ := strings.Cut(strings.TrimRight(w, ";"), "=")
			switch strings.ToLower(name) {
			case "envelope-from":
				t.domain = domainIn(value)
			case "receiver":
				e.By = data.Clean(strings.Trim(value, `"`), 100)
			}
		}
		e.Source, e.Raw = f.title, []string{f.shown()}
		return []told{t}, false
	}
	return nil, false
}

// results takes an Authentication-Results field apart. Microsoft leaves out who says it.
func results(value string) (by string, all []told) {
	parts := splitUnquoted(uncommented(value))
	if head := strings.TrimSpace(parts[0]); !strings.Contains(head, "=") {
		by, _, _ = strings.Cut(head, " ")
		parts = parts[1:]
	}
	for _, part := range parts {
		// One at a time: the library gives up at the first that it cannot read.
		_, one, err := authres.Parse("x; " + strings.TrimSpace(part))
		if err != nil {
			continue
		}
		for _, r := range one {
			if t, ok := tell(r); ok {
				all = append(all, t)
			}
		}
	}
	return by, all
}

func tell(r authres.Result) (told, bool) {
	var t told
	switch r := r.(type) {
	case *authres.SPFResult:
		t = told{part: data.SenderSPF, result: string(r.Value), domain: domainIn(r.From), reason: r.Reason}
		if t.domain == "" {
			t.domain = domainIn(r.Helo)
		}
	case *authres.DKIMResult:
		t = told{part: data.SenderDKIM, result: string(r.Value), domain: domainIn(r.Domain), reason: r.Reason}
		if t.domain == "" {
			t.domain = domainIn(r.Identifier)
		}
	case *authres.DMARCResult:
		t = told{part: data.SenderDMARC, result: string(r.Value), domain: domainIn(r.From), reason: r.Reason}
	default:
		return t, false
	}
	t.result = strings.ToLower(data.Clean(t.result, 20))
	t.reason = data.Clean(strings.Trim(t.reason, `"`), 120)
	if t.result == "hardfail" { // older than RFC 7601
		t.result = "fail"
	}
	return t, t.result != ""
}

// domainIn is the domain of an address, or of a bare name; empty: neither.
func domainIn(s string) string {
	s = strings.Trim(s, `"<>@ `)
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		s = s[i+1:]
	}
	name, err := data.CanonicalHost(s)
	if err != nil {
		return ""
	}
	return name
}

// uncommented takes the comments out of a field (RFC 5322 3.2.2), which may hold semicolons and each other.
func uncommented(s string) string {
	var b strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && i+1 < len(s) && (quoted || depth > 0):
			if depth == 0 {
				b.WriteByte(c)
				b.WriteByte(s[i+1])
			}
			i++
			continue
		case c == '"' && depth == 0:
			quoted = !quoted
		case c == '(' && !quoted:
			depth++
			continue
		case c == ')' && depth > 0:
			if depth--; depth == 0 {
				b.WriteByte(' ')
			}
			continue
		}
		if depth == 0 {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// splitUnquoted parts a field at the semicolons outside quotes, and hides from the library what it would part inside them.
func splitUnquoted(s string) []string {
	var parts []string
	var b strings.Builder
	quoted := false
	for _, c := range s {
		switch {
		case c == '"':
			quoted = !quoted
		case c == ';' && !quoted:
			parts = append(parts, b.String())
			b.Reset()
			continue
		case c == ' ' && quoted:
			c = '\x1f' // no blank to the library, and one again when it is cleaned
		case c == ';':
			c = ','
		}
		b.WriteRune(c)
	}
	return append(parts, b.String())
}
