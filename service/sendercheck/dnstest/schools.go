package dnstest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"sync"
)

var key = sync.OnceValue(func() string {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	b, err := x509.MarshalPKIXPublicKey(&k.PublicKey)
	if err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(b)
})

// Key is a DKIM record with a real key.
func Key() RR { return TXT("v=DKIM1; k=rsa; p=" + key()) }

// Providers are the records of Google and Microsoft, in the shape they really have.
func Providers() Zone {
	return Zone{
		"_spf.google.com":            {TXT("v=spf1 include:_netblocks.google.com include:_netblocks2.google.com include:_netblocks3.google.com ~all")},
		"_netblocks.google.com":      {TXT("v=spf1 ip4:35.190.247.0/24 ip4:64.233.160.0/19 ip4:66.102.0.0/20 ip4:66.249.80.0/20 ip4:72.14.192.0/18 ip4:74.125.0.0/16 ~all")},
		"_netblocks2.google.com":     {TXT("v=spf1 ip6:2001:4860:4000::/36 ip6:2404:6800:4000::/36 ip6:2607:f8b0:4000::/36 ~all")},
		"_netblocks3.google.com":     {TXT("v=spf1 ip4:172.217.0.0/19 ip4:172.217.32.0/20 ~all")},
		"spf.protection.outlook.com": {TXT("v=spf1 ip4:40.92.0.0/15 ip4:40.107.0.0/16 ip4:52.100.0.0/15 ip4:104.47.0.0/17 ip6:2a01:111:f400::/48 ip6:2a01:111:f403::/49 -all")},
	}
}

// Google is a school on Google Workspace as it should be, at google.test.
func Google() Zone {
	return Zone{
		"google.test":                   {MX(1, "aspmx.l.google.com"), MX(5, "alt1.aspmx.l.google.com"), TXT("google-site-verification=x"), TXT("v=spf1 include:_spf.google.com ~all")},
		"google._domainkey.google.test": {Key()},
		"_dmarc.google.test":            {TXT("v=DMARC1; p=none; rua=mailto:postmaster@google.test")},
	}
}

// Microsoft is a school on Microsoft 365 as it should be, at microsoft.test.
func Microsoft() Zone {
	return Zone{
		"microsoft.test":                                             {MX(0, "microsoft-test.mail.protection.outlook.com"), TXT("MS=ms1"), TXT("v=spf1 include:spf.protection.outlook.com -all")},
		"selector1._domainkey.microsoft.test":                        {CNAME("selector1-microsoft-test._domainkey.tenant.onmicrosoft.com")},
		"selector2._domainkey.microsoft.test":                        {CNAME("selector2-microsoft-test._domainkey.tenant.onmicrosoft.com")},
		"selector1-microsoft-test._domainkey.tenant.onmicrosoft.com": {Key()},
		"_dmarc.microsoft.test":                                      {TXT("v=DMARC1; p=quarantine")},
	}
}

// Bare is a school with mail and none of the records, at bare.test.
func Bare() Zone {
	return Zone{"bare.test": {MX(10, "mail.bare.test"), A("203.0.113.25")}, "mail.bare.test": {A("203.0.113.25")}}
}

// Relay is a school with a relay of its own as it should be, at relay.test; others see it as 203.0.113.9.
func Relay() Zone {
	return Zone{
		"relay.test":               {MX(10, "mail.relay.test"), TXT("v=spf1 ip4:203.0.113.0/28 -all")},
		"mail.relay.test":          {A("203.0.113.9")},
		Reverse("203.0.113.9"):     {PTR("mail.relay.test")},
		"k1._domainkey.relay.test": {Key()},
		"_dmarc.relay.test":        {TXT("v=DMARC1; p=reject")},
	}
}
