package sendercheck

import (
	"context"
	"net/netip"
	"slices"
	"strings"
)

// The limits of RFC 7208 4.6.4, and where counting stops being worth it.
const (
	maxLookups  = 10
	maxVoids    = 2
	stopLookups = 40
)

// walk goes through an SPF record and all that it includes, as a receiver does in the worst case: one whose mail matches no
// entry before the last.
type walk struct {
	look *look

	lookups, voids int
	nets           []netip.Prefix // that it lets send by their addresses
	names          []string       // domains whose records let their servers send, included to any depth
	raw            []string
	broken         string // why receivers cannot use the record, in words; empty: they can
	unread         string // the first domain that could not be looked up now; empty: all were
	macros         bool   // entries let servers send that depend on the mail: whom, nobody can read from outside
}

// record reads one record of domain. above are the domains that led here; pass says whether a match here lets the mail pass.
func (w *walk) record(ctx context.Context, domain string, terms []term, above []string, pass bool) {
	end, all := len(terms), false
	if i := ending(terms); i >= 0 && terms[i].name == "all" {
		end, all = i, true // what stands behind it is never read
	}
	slices.SortStableFunc(terms[:end], func(a, b term) int { return order(a) - order(b) })
	for i := range terms[:end] {
		t := &terms[i]
		if p, ok := t.network(); ok && pass && t.qualifier == '+' {
			w.nets = append(w.nets, p)
		}
		if !t.looksUp() || all && t.name == "redirect" { // RFC 7208 6.1: beside an "all" it is not heeded
			continue
		}
		if w.lookups++; w.lookups > stopLookups {
			return
		}
		w.term(ctx, t, domain, above, pass && t.qualifier == '+')
	}
}

// order puts the redirect last, where it is read (RFC 7208 6.1).
func order(t term) int {
	if t.name == "redirect" {
		return 1
	}
	return 0
}

func (w *walk) term(ctx context.Context, t *term, domain string, above []string, pass bool) {
	host := t.host(domain)
	if host == "" {
		w.macros = w.macros || pass
		return
	}
	switch t.name {
	case "include", "redirect":
		w.include(ctx, t, host, append(slices.Clip(above), domain), pass)
	case "a", "exists":
		_, s := w.look.addresses(ctx, host)
		w.void(s, host)
	case "mx":
		all, s := w.look.mx(ctx, host)
		w.void(s, host)
		if len(all) > maxLookups {
			w.breaks("its entry " + t.raw + " stands for more than 10 servers")
		}
	}
}

func (w *walk) void(s status, host string) {
	switch s {
	case missing:
		w.voids++
	case unknown:
		w.unknown(host)
	case found:
	}
}

func (w *walk) unknown(host string) {
	if w.unread == "" {
		w.unread = host
	}
}

func (w *walk) breaks(why string) {
	if w.broken == "" {
		w.broken = why
	}
}

func (w *walk) include(ctx context.Context, t *term, host string, above []string, pass bool) {
	if slices.Contains(above, host) {
		w.breaks("its entry " + t.raw + " leads in a circle")
		return
	}
	answer := w.look.txt(ctx, host)
	if answer.status == unknown {
		w.unknown(host)
		return
	}
	if pass {
		w.names = append(w.names, host)
	}
	var records []string
	for _, txt := range answer.values {
		if isSPF(txt) {
			records = append(records, txt)
			w.raw = append(w.raw, raw(host, "TXT", txt))
		}
	}
	switch {
	case answer.status == missing:
		w.voids++
		w.breaks("its entry " + t.raw + " leads to nothing")
	case len(records) == 0:
		w.breaks("its entry " + t.raw + " leads to no SPF record")
	case len(records) > 1:
		w.breaks("there are several SPF records behind its entry " + t.raw)
	default:
		terms, bad := parseSPF(records[0])
		if bad != "" {
			w.breaks("the record behind its entry " + t.raw + " has the entry " + bad + ", which nobody can read")
			return
		}
		w.record(ctx, host, terms, above, pass)
	}
}

// has reports whether the record names all the addresses of another one, in place of its name.
func (w *walk) has(other *walk) bool {
	for _, p := range other.nets {
		if !slices.ContainsFunc(w.nets, func(mine netip.Prefix) bool { return mine.Bits() <= p.Bits() && mine.Contains(p.Addr()) }) {
			return false
		}
	}
	return len(other.nets) > 0 && other.unread == "" && other.broken == ""
}

// lets reports whether a provider's entry, such as include:_spf.google.com, is named anywhere in the record.
func (w *walk) lets(entry string) bool {
	name, ok := strings.CutPrefix(entry, "include:")
	return ok && slices.Contains(w.names, name)
}
