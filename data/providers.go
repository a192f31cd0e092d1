package data

// Providers whose servers carry mail of domains that do not bear their name.
const (
	ProviderGmail       = "gmail"
	ProviderWorkspace   = "google-workspace"
	ProviderGoogleRelay = "google-relay"
	ProviderOutlook     = "outlook"
	ProviderMicrosoft   = "microsoft-365"
	ProviderRelay       = "school-relay"
)

// The notes that several share.
const (
	noteApp       = "It wants an app password, made for this program in the account's security settings, and not the usual password."
	noteGoogle    = "Best is to sign in with Google in the browser. Else Google wants an app password of 16 letters and not the usual one: switch on 2-step verification for the account, then make an app password in its security settings."
	noteMicrosoft = "Best is to sign in with Microsoft in the browser: it switches off signing in with a password at the end of December 2026. For a password IT must allow \"Authenticated SMTP\" for this mailbox, or offer a school relay."
)

// Names that several share.
const (
	spfGoogle     = "include:_spf.google.com"
	spfMicrosoft  = "include:spf.protection.outlook.com"
	keysGoogle    = "Google Admin console, Apps, Google Workspace, Gmail, Authenticate email"
	keysMicrosoft = "Microsoft Defender portal, Email authentication settings, DKIM"
)

// providers is the table of presets: servers and ports as Thunderbird's ISPDB has them, limits as the providers publish them.
var providers = []Provider{
	{
		ID: ProviderGmail, Name: "Gmail", Host: "smtp.gmail.com", Port: 465, Security: SecurityTLS, SignIn: SignInGoogle, Password: PasswordApp,
		Limits: Limits{PerDay: 500, PerMessage: 100}, SPF: spfGoogle, Note: noteGoogle, domains: []string{"gmail.com", "googlemail.com"},
	},
	{
		ID: ProviderWorkspace, Name: "Google Workspace", Host: "smtp.gmail.com", Port: 465, Security: SecurityTLS, SignIn: SignInGoogle, Password: PasswordApp,
		Limits: Limits{PerDay: 2000, PerMessage: 100}, SPF: spfGoogle, DKIM: []string{"google"}, KeysIn: keysGoogle, forAnything: true,
		Note: noteGoogle + " If IT does not allow app passwords, ask for a relay.",
		mx:   []string{"google.com", "googlemail.com"}, hosts: []string{"smtp.google.com", "smtp.googlemail.com"},
	},
	{
		ID: ProviderOutlook, Name: "Outlook.com", Host: "smtp-mail.outlook.com", Port: 587, Security: SecuritySTARTTLS, SignIn: SignInMicrosoft, Password: PasswordNone,
		SPF:     spfMicrosoft,
		Note:    "Microsoft takes no password from programs for private addresses any more. Use an address of the school, or ask IT for a school relay.",
		domains: []string{"outlook.*", "hotmail.*", "live.*", "msn.com"},
	},
	{
		ID: ProviderMicrosoft, Name: "Microsoft 365", Host: "smtp.office365.com", Port: 587, Security: SecuritySTARTTLS, SignIn: SignInMicrosoft,
		Limits: Limits{PerDay: 10000, PerMessage: 500, PerMinute: 30, Connections: 3}, SPF: spfMicrosoft, DKIM: []string{"selector1", "selector2"}, KeysIn: keysMicrosoft,
		forAnything: true, Note: noteMicrosoft, domains: []string{"office365.com", "onmicrosoft.com"},
		mx: []string{"mail.protection.outlook.com", "mx.microsoft"}, hosts: []string{"mail.protection.outlook.com", "outlook.office365.com"},
	},
	{
		ID: ProviderRelay, Name: "School relay", Port: 25, Security: SecuritySTARTTLS, Insecure: true, NoLogin: true, Password: PasswordNone, forAnything: true,
		Note: "The relay knows this computer by its internet address and wants no password. Ask IT for the relay's name, and to let this computer in.",
	},
	{
		ID: ProviderGoogleRelay, Name: "Google Workspace relay", Host: "smtp-relay.gmail.com", Port: 587, Security: SecuritySTARTTLS, NoLogin: true, Password: PasswordNone,
		Limits: Limits{PerDay: 10000, PerMessage: 100}, SPF: spfGoogle, DKIM: []string{"google"}, KeysIn: keysGoogle, forAnything: true,
		Note: "The relay knows the school by its fixed internet address and wants no password. IT switches it on in the Google Admin console (Gmail, Routing, SMTP relay service) and lists that address there.",
	},
	{
		ID: "icloud", Name: "iCloud Mail", Host: "smtp.mail.me.com", Port: 587, Security: SecuritySTARTTLS, Password: PasswordApp, SPF: "include:icloud.com", DKIM: []string{"sig1"},
		Note: noteApp, domains: []string{"icloud.com", "me.com", "mac.com"}, mx: []string{"mail.icloud.com"},
	},
	{ID: "yahoo", Name: "Yahoo Mail", Host: "smtp.mail.yahoo.com", Port: 465, Security: SecurityTLS, Password: PasswordApp, Note: noteApp, domains: []string{"yahoo.*", "ymail.com"}},
	{ID: "aol", Name: "AOL", Host: "smtp.aol.com", Port: 465, Security: SecurityTLS, Password: PasswordApp, Note: noteApp, domains: []string{"aol.*", "verizon.net"}},
	tls("gmx", "GMX", "mail.gmx.net", "gmx.net", "gmx.de"),
	local(tls("web.de", "WEB.DE", "smtp.web.de", "web.de")),
	carries(tls("zoho", "Zoho Mail", "smtp.zoho.com", "zoho.com"), "", "zoho.com"),
	carries(tls("zoho-eu", "Zoho Mail (Europe)", "smtp.zoho.eu", "zoho.eu"), "", "zoho.eu"),
	{
		ID: "fastmail", Name: "Fastmail", Host: "smtp.fastmail.com", Port: 465, Security: SecurityTLS, Password: PasswordApp, SPF: "include:spf.messagingengine.com", DKIM: []string{"fm1", "fm2", "fm3"},
		Note: noteApp, domains: []string{"fastmail.*", "messagingengine.com"}, mx: []string{"messagingengine.com"},
	},
	carries(tls("ionos", "IONOS", "smtp.1und1.de", "1und1.de", "ionos.de", "online.de"), "", "kundenserver.de"),
	carries(tls("strato", "STRATO", "smtp.strato.de", "strato.de"), "", "rzone.de"),
	carries(tls("ovh", "OVH", "ssl0.ovh.net", "ovh.net"), "include:mx.ovh.com", "mail.ovh.net"),
	tls("orange", "Orange", "smtp.orange.fr", "orange.fr", "wanadoo.fr"),
	local(tls("free", "Free", "smtp.free.fr", "free.fr")),
	local(tls("laposte", "La Poste", "smtp.laposte.net", "laposte.net")),
	tls("sfr", "SFR", "smtp.sfr.fr", "sfr.fr"),
	tls("t-online", "Telekom", "securesmtp.t-online.de", "t-online.de"),
	tls("bt", "BT", "mail.btinternet.com", "btinternet.com"),
	tls("telstra", "Telstra", "smtp.telstra.com", "bigpond.com"),
	tls("xtra", "Xtra", "send.xtra.co.nz", "xtra.co.nz"),
	carries(tls("gandi", "Gandi", "mail.gandi.net", "gandi.net"), "include:_mailcust.gandi.net", "mail.gandi.net"),
	carries(tls("one.com", "one.com", "send.one.com", "one.com"), "", "one.com"),
	carries(tls("hetzner", "Hetzner", "mail.your-server.de", "hetzner.de", "your-server.de"), "", "your-server.de"),
	carries(tls("rackspace", "Rackspace", "secure.emailsrvr.com", "emailsrvr.com"), "include:emailsrvr.com", "emailsrvr.com"),
	carries(tls("godaddy", "GoDaddy", "smtpout.secureserver.net", "secureserver.net"), "include:secureserver.net", "secureserver.net"),
	local(tls("educamadrid", "EducaMadrid", "smtp01.educa.madrid.org", "educa.madrid.org")),
}

func tls(id, name, host string, domains ...string) Provider {
	return Provider{ID: id, Name: name, Host: host, Port: 465, Security: SecurityTLS, domains: domains}
}

func local(p Provider) Provider {
	p.LocalPart = true
	return p
}

// carries marks a provider that schools with a domain of their own use, too: its SPF entry, and under which name its servers
// take their mail.
func carries(p Provider, spf, mx string) Provider {
	p.SPF, p.mx = spf, []string{mx}
	return p
}
