// Package dnstest is in charge of a name service for tests: a DNS server on loopback, by UDP and TCP, with a zone the test
// writes, and with the faults of real ones.
package dnstest

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// RR is one record, or a fault of a name.
type RR struct {
	kind dnsmessage.Type
	body dnsmessage.ResourceBody
	host string // where a CNAME leads
	do   fault
}

type fault int

const (
	healthy fault = iota
	servFail
	silent
	truncated // by UDP; TCP has it whole
	cut       // by UDP and TCP
)

// Zone is what is known, by name in lower case without the dot at its end.
type Zone map[string][]RR

// TXT is a text record, in strings of 255 octets.
func TXT(text string) RR {
	var parts []string
	for len(text) > 255 {
		parts, text = append(parts, text[:255]), text[255:]
	}
	return RR{kind: dnsmessage.TypeTXT, body: &dnsmessage.TXTResource{TXT: append(parts, text)}}
}

// MX is a server that takes mail.
func MX(pref uint16, host string) RR {
	return RR{kind: dnsmessage.TypeMX, body: &dnsmessage.MXResource{Pref: pref, MX: name(host)}}
}

// A is an internet address of the fourth version.
func A(ip string) RR {
	return RR{kind: dnsmessage.TypeA, body: &dnsmessage.AResource{A: [4]byte(net.ParseIP(ip).To4())}}
}

// PTR is the name of an address; put it at Reverse of the address.
func PTR(host string) RR {
	return RR{kind: dnsmessage.TypePTR, body: &dnsmessage.PTRResource{PTR: name(host)}}
}

// CNAME makes a name another name for host.
func CNAME(host string) RR {
	return RR{kind: dnsmessage.TypeCNAME, body: &dnsmessage.CNAMEResource{CNAME: name(host)}, host: host}
}

// ServFail makes the server say that it is out of order for this name.
func ServFail() RR { return RR{do: servFail} }

// Silent makes the server never answer for this name.
func Silent() RR { return RR{do: silent} }

// Truncated makes answers by UDP say that they are cut off; TCP has them whole.
func Truncated() RR { return RR{do: truncated} }

// Cut makes every answer end in the middle.
func Cut() RR { return RR{do: cut} }

// Reverse is the name under which the PTR of an IPv4 address lies.
func Reverse(ip string) string {
	parts := strings.Split(ip, ".")
	slices.Reverse(parts)
	return strings.Join(parts, ".") + ".in-addr.arpa"
}

// And puts zones together.
func (z Zone) And(others ...Zone) Zone {
	all := Zone{}
	for _, one := range append([]Zone{z}, others...) {
		for k, v := range one {
			all[k] = append(slices.Clip(all[k]), v...)
		}
	}
	return all
}

func name(host string) dnsmessage.Name {
	return dnsmessage.MustNewName(strings.TrimSuffix(host, ".") + ".")
}

// Server is a running name service.
type Server struct {
	addr string
	zone Zone

	mu  sync.Mutex
	udp int
	tcp int
	all []string
}

// Start runs a name service until the test ends. It knows the zone, and of the large providers what the zone does not tell
// otherwise.
func Start(tb testing.TB, z Zone) *Server {
	tb.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{addr: l.Addr().String(), zone: Providers()}
	maps.Copy(s.zone, z)
	p, err := lc.ListenPacket(context.Background(), "udp", s.addr)
	if err != nil {
		tb.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() { s.packets(p) })
	running.Go(func() { s.streams(l, &running) })
	tb.Cleanup(func() {
		if err := errors.Join(p.Close(), l.Close()); err != nil {
			tb.Error(err)
		}
		running.Wait()
	})
	return s
}

// Resolver asks this server and no other.
func (s *Server) Resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, s.addr)
	}}
}

// Address is where it listens.
func (s *Server) Address() string { return s.addr }

// Dead is a resolver whose server does not run.
func Dead(tb testing.TB) *net.Resolver {
	tb.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{addr: l.Addr().String()}
	_ = l.Close()
	return s.Resolver()
}

// Asked counts the questions by UDP and by TCP.
func (s *Server) Asked() (udp, tcp int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.udp, s.tcp
}

// Names lists the names that were asked for, in order.
func (s *Server) Names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.all)
}

func (s *Server) packets(p net.PacketConn) {
	b := make([]byte, 4096)
	for {
		n, from, err := p.ReadFrom(b)
		if err != nil {
			return
		}
		if answer := s.answer(b[:n], true); answer != nil {
			_, _ = p.WriteTo(answer, from)
		}
	}
}

func (s *Server) streams(l net.Listener, running *sync.WaitGroup) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		running.Go(func() {
			defer func() { _ = c.Close() }()
			var size [2]byte
			if _, err := io.ReadFull(c, size[:]); err != nil {
				return
			}
			b := make([]byte, binary.BigEndian.Uint16(size[:]))
			if _, err := io.ReadFull(c, b); err != nil {
				return
			}
			if answer := s.answer(b, false); answer != nil {
				_, _ = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...))
			}
		})
	}
}

// answer is what is said to a question; nil: nothing.
func (s *Server) answer(question []byte, udp bool) []byte {
	var q dnsmessage.Message
	if q.Unpack(question) != nil || len(q.Questions) != 1 {
		return nil
	}
	asked := q.Questions[0]
	at := strings.ToLower(strings.TrimSuffix(asked.Name.String(), "."))
	s.mu.Lock()
	s.all = append(s.all, at)
	if udp {
		s.udp++
	} else {
		s.tcp++
	}
	s.mu.Unlock()
	m := dnsmessage.Message{Header: dnsmessage.Header{ID: q.ID, Response: true, RecursionDesired: true, RecursionAvailable: true}, Questions: q.Questions}
	var how fault
	m.Answers, how = s.find(at, asked.Type)
	switch {
	case how == silent:
		return nil
	case how == servFail:
		m.RCode = dnsmessage.RCodeServerFailure
	case len(s.zone[at]) == 0:
		m.RCode = dnsmessage.RCodeNameError
	}
	if how == truncated && udp {
		m.Truncated, m.Answers = true, nil
	}
	b, err := m.Pack()
	if err != nil {
		return nil
	}
	if how == cut {
		return b[:len(b)-len(b)/3]
	}
	return b
}

// find follows other names as a resolver does, each once.
func (s *Server) find(at string, kind dnsmessage.Type) (answers []dnsmessage.Resource, how fault) {
	for seen := []string{}; !slices.Contains(seen, at); {
		seen = append(seen, at)
		next := ""
		for _, r := range s.zone[at] {
			switch {
			case r.do != healthy:
				how = r.do
			case r.kind == kind || r.host != "":
				next = r.host
				answers = append(answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: name(at), Type: r.kind, Class: dnsmessage.ClassINET, TTL: 60}, Body: r.body})
			}
		}
		if next == "" {
			return answers, how
		}
		at = next
	}
	return answers, how
}
