package mail

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"

	"smtpgateway/data"
)

// status writes the machine's part of a report (RFC 3464 2): a block for the message, one for each recipient, each
// ended by a blank line.
func (r Return) status(b *bytes.Buffer, item ReturnItem) {
	fmt.Fprintf(b, "Reporting-MTA: dns; %s\r\n", host(r.ReportingHost))
	if !item.Message.Queued.IsZero() {
		fmt.Fprintf(b, "Arrival-Date: %s\r\n", item.Message.Queued.In(r.Now.Location()).Format(time.RFC1123Z))
	}
	b.WriteString("\r\n")
	for _, d := range item.Failed {
		fmt.Fprintf(b, "Final-Recipient: %s\r\nAction: failed\r\nStatus: %s\r\n", recipient(d.Recipient), Status(d))
		if d.Code != 0 { // only what the far server said may stand for it
			if item.ServerHost != "" {
				fmt.Fprintf(b, "Remote-MTA: dns; %s\r\n", host(item.ServerHost))
			}
			b.Write(fold("Diagnostic-Code", append([]string{"smtp;"}, strings.Fields(plainASCII(serverLine(d)))...)))
		}
		if !item.LastAttempt.IsZero() {
			fmt.Fprintf(b, "Last-Attempt-Date: %s\r\n", item.LastAttempt.In(r.Now.Location()).Format(time.RFC1123Z))
		}
		b.WriteString("\r\n")
	}
}

var (
	permanentStatus = regexp.MustCompile(`^5\.\d{1,3}\.\d{1,3}$`)
	startsWithCode  = regexp.MustCompile(`^[245]\d\d([ -]|$)`)
)

// Status is the status code of RFC 3463 for a delivery that failed: the server's own where it refused for good, 5.0.0
// where it gave none, 4.4.7 (delivery time expired) where nobody refused and time ran out.
func Status(d data.Delivery) string {
	switch {
	case permanentStatus.MatchString(d.Enhanced):
		return d.Enhanced
	case d.Code >= 500, d.Code == 0 && d.FirstTried < 0:
		return "5.0.0"
	}
	return "4.4.7"
}

// serverLine is the server's answer on one line, its code first.
func serverLine(d data.Delivery) string {
	line := data.Clean(d.Line, 500)
	if startsWithCode.MatchString(line) {
		return line
	}
	words := []string{strconv.Itoa(d.Code)}
	if d.Enhanced != "" && !strings.HasPrefix(line, d.Enhanced) {
		words = append(words, d.Enhanced)
	}
	return strings.TrimSpace(strings.Join(append(words, line), " "))
}

// recipient names an address as reports do, outside ASCII as RFC 6533 3 writes it for 7-bit reports.
func recipient(s string) string {
	a, err := data.ParseAddress(s)
	if err != nil || !a.UTF8() {
		return "rfc822; " + plainASCII(data.Clean(s, maxShown))
	}
	var b strings.Builder
	for _, r := range a.String() {
		if r > '~' || r == '\\' || r == '+' || r == '=' {
			fmt.Fprintf(&b, `\x{%X}`, r)
			continue
		}
		b.WriteRune(r)
	}
	return "utf-8; " + b.String()
}

// host is a name as a report has it: without port, an address in brackets.
func host(s string) string {
	if h, _, err := net.SplitHostPort(s); err == nil {
		s = h
	}
	if ip, err := netip.ParseAddr(s); err == nil {
		if ip.Is4() {
			return "[" + ip.String() + "]"
		}
		return "[IPv6:" + ip.WithZone("").String() + "]"
	}
	name, err := data.CanonicalHost(s)
	if err != nil {
		return "localhost.invalid"
	}
	return name
}

// plainASCII makes what a report cannot hold a question mark. Words too long for a line are cut.
func plainASCII(s string) string {
	words := strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s))
	for i := range words {
		words[i] = words[i][:min(len(words[i]), 900)]
	}
	return strings.Join(words, " ")
}
