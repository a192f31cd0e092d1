package screen

import (
	"regexp"
	"strings"
	"time"
)

// Certificate is what a server showed to say who it is, as the service describes it.
type Certificate struct {
	Subject     string // for whom
	Issuer      string // by whom
	Until       string // the last day it is good for, in words
	Fingerprint string // SHA-256, 64 hex digits
}

// Spaced is the fingerprint in groups, as it is read out over the telephone.
func (c Certificate) Spaced() string {
	var b strings.Builder
	for i, r := range strings.ToUpper(c.Fingerprint) {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

var certificateLine = regexp.MustCompile(`^certificate for (.*), issued by (.*), valid until (\d{4}-\d{2}-\d{2}), SHA-256 ([0-9a-f]{64})$`)

// certificate finds what the server of the last test showed.
func (t *ServerTest) certificate() (Certificate, bool) {
	for _, s := range t.steps {
		if s.Name != "protection" {
			continue
		}
		m := certificateLine.FindStringSubmatch(s.Detail)
		if m == nil {
			continue
		}
		c := Certificate{Subject: m[1], Issuer: m[2], Until: m[3], Fingerprint: m[4]}
		if day, err := time.ParseInLocation(time.DateOnly, m[3], t.desk.Now().Location()); err == nil {
			c.Until = t.desk.DayName(day)
		}
		return c, true
	}
	return Certificate{}, false
}

// TrustQuestion is what a person is asked before a server is trusted by hand.
type TrustQuestion struct {
	Certificate

	Title, Text string
	// Password: the stored one is sealed for this server with the certificate of before, so it is needed again.
	Password bool
}

// TrustQuestion gives the question; false: there is no certificate to trust.
func (t *ServerTest) TrustQuestion() (TrustQuestion, bool) {
	c, ok := t.certificate()
	if !ok {
		return TrustQuestion{}, false
	}
	q := TrustQuestion{Certificate: c, Title: t.desk.Say("Trust this server?")}
	q.Text = t.desk.Say("This computer cannot tell whether it is the right server. Read the fingerprint to IT and trust it only if theirs is the same. From then on mail and password go to whoever shows this certificate.")
	set := t.desk.Facts().Settings
	q.Password = set.Server(t.number).Sealed != ""
	return q, true
}

// Trust trusts the certificate that was shown, saves, and tests again. The password is needed where the question says
// so.
func (t *ServerTest) Trust(password string) {
	c, ok := t.certificate()
	if !ok || t.run != nil {
		return
	}
	t.form.Set(t.field("certificate"), c.Fingerprint)
	if password != "" {
		t.form.Set(t.field("password"), password)
	}
	t.Test()
}
