package sendercheck

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"smtpgateway/data"
)

// status is how a look-up ended.
type status int

const (
	found   status = iota
	missing        // the name service says for certain that there is none
	unknown        // nobody knows: no answer, a broken one, one that leads in a circle
)

// look is the looking-up of one check: every question is asked once, and each has its own limit of time.
type look struct {
	r     Resolver
	each  time.Duration
	texts map[string]*texts
}

type texts struct {
	values []string
	alias  string // where the name leads when nothing is there; empty: nowhere
	status status
}

func (c *Checker) look() *look {
	return &look{r: c.o.Resolver, each: c.o.Each, texts: make(map[string]*texts)}
}

// rooted keeps the search list of this computer out: school.org must not become school.org.lan.
func rooted(name string) string { return strings.TrimSuffix(name, ".") + "." }

func judge(err error) status {
	if err == nil {
		return found
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok && e.IsNotFound {
		return missing
	}
	return unknown
}

func (l *look) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, l.each)
}

// txt gives the TXT records of a name.
func (l *look) txt(ctx context.Context, name string) *texts {
	name = strings.ToLower(rooted(name))
	if t, ok := l.texts[name]; ok {
		return t
	}
	t := &texts{}
	l.texts[name] = t
	limited, cancel := l.limit(ctx)
	defer cancel()
	values, err := l.r.LookupTXT(limited, name)
	if t.status = judge(err); t.status == found {
		t.values = values
		if len(values) == 0 {
			t.status = missing
		}
		return t
	}
	if t.status == missing {
		t.alias, t.status = l.follow(ctx, name)
	}
	return t
}

// follow looks whether a name without the record is another name for something. The resolver of Go takes names that lead in a
// circle for missing ones (RFC 1034 3.6.2 asks to tell them apart).
func (l *look) follow(ctx context.Context, name string) (alias string, s status) {
	seen := []string{name}
	for range 8 {
		limited, cancel := l.limit(ctx)
		next, err := l.r.LookupCNAME(limited, seen[len(seen)-1])
		cancel()
		next = strings.ToLower(next)
		if judge(err) != found || next == "" || next == seen[len(seen)-1] {
			return alias, missing
		}
		if slices.Contains(seen, next) {
			return next, unknown
		}
		alias, seen = next, append(seen, next)
	}
	return alias, unknown
}

// mx gives the servers that take mail for a domain, the preferred first.
func (l *look) mx(ctx context.Context, domain string) ([]*net.MX, status) {
	limited, cancel := l.limit(ctx)
	defer cancel()
	all, err := l.r.LookupMX(limited, rooted(domain))
	if len(all) > 0 { // beside a name that is none
		slices.SortStableFunc(all, func(a, b *net.MX) int { return int(a.Pref) - int(b.Pref) })
		return all, found
	}
	s := judge(err)
	if s == found {
		s = missing
	}
	return nil, s
}

// addresses gives the internet addresses of a host.
func (l *look) addresses(ctx context.Context, host string) ([]netip.Addr, status) {
	limited, cancel := l.limit(ctx)
	defer cancel()
	all, err := l.r.LookupIPAddr(limited, rooted(host))
	var out []netip.Addr
	for _, one := range all {
		if ip, ok := netip.AddrFromSlice(one.IP); ok {
			out = append(out, ip.Unmap())
		}
	}
	s := judge(err)
	if s == found && len(out) == 0 {
		s = missing
	}
	return out, s
}

// ptr gives the names of an internet address.
func (l *look) ptr(ctx context.Context, ip netip.Addr) ([]string, status) {
	limited, cancel := l.limit(ctx)
	defer cancel()
	names, err := l.r.LookupAddr(limited, ip.String())
	if len(names) > 0 {
		return names, found
	}
	s := judge(err)
	if s == found {
		s = missing
	}
	return nil, s
}

// maxRaw is how much of a record is shown.
const maxRaw = 600

// raw is a record as IT reads it.
func raw(name, kind, value string) string {
	return strings.TrimSuffix(name, ".") + " " + kind + " " + data.Clean(value, maxRaw)
}
