package itsheet

import (
	"smtpgateway/data"
)

var microsoft = []string{
	"One of these is needed:",
	"– sign-in with Microsoft in the browser (OAuth): an app registration of the school in Entra, and \"Authenticated SMTP\" on for this mailbox, or",
	"– a password: \"Authenticated SMTP\" on for this mailbox and for the organisation; the mailbox has a licence or is a shared one; security defaults or a policy let it sign in, or",
	"– a connector that takes mail from our internet address (part 1) without a login.",
	"At the end of December 2026 Microsoft switches off passwords here by default (550 5.7.30): please plan the first or the third now.",
}

var google = []string{
	"One of these is needed:",
	"– sign-in with Google in the browser (OAuth): a client of the school, kind \"Desktop app\", audience internal, or",
	"– app passwords for this account: 2-step verification on, app passwords not forbidden, or",
	"– our internet address (part 1) in the SMTP relay service (Admin console, Gmail, Routing): smtp-relay.gmail.com",
}

// atService asks for what the mail service must allow: for the chosen way, or for one of all where none was chosen yet.
func (f *Facts) atService() []Line {
	v := f.server()
	p, known := f.provider()
	switch {
	case v.Set() && v.SignIn == data.SignInMicrosoftApp:
		return lines("Microsoft 365", itself(v)...)
	case v.Set() && v.SignIn == data.SignInMicrosoft:
		return lines("Microsoft 365", byMicrosoft(v)...)
	case v.Set() && v.SignIn == data.SignInGoogle:
		return lines("Google", byGoogle(v)...)
	case known && p.SignIn == data.SignInMicrosoft:
		return lines("Microsoft 365", microsoft...)
	case known && p.ID == data.ProviderGoogleRelay:
		return lines("Google relay", "our internet address (part 1) is listed in the SMTP relay service (Admin console, Gmail, Routing), from addresses in our domains, TLS required")
	case known && p.SignIn == data.SignInGoogle:
		return lines("Google", google...)
	case known:
		return lines(p.Name, "the account may send from programs (SMTP), with an app password where the service wants one")
	case v.Set() && !v.Login():
		return lines("School relay", "it takes mail from this computer without a login, also for addresses outside the school", "and names itself as our domain allows (part 6)")
	case v.Set():
		return lines("Mail server", "the account may send from programs (SMTP) and use our From address")
	default:
		return append(lines("If Microsoft 365", microsoft...), lines("If Google", google...)...)
	}
}

// mailbox is the one that sends.
func mailbox(v *data.Server) string { return orNot(v.User, "the library's mailbox") }

// registration names the app registration by its ids, which are no secrets.
func registration(v *data.Server) string {
	id, tenant := clean(v.ClientID), clean(v.Tenant)
	switch {
	case id == "":
		return "an app registration of the school in Entra; please tell us its client and tenant ID"
	case tenant == "":
		return "the app registration with the client ID " + id
	default:
		return "the app registration with the client ID " + id + ", tenant " + tenant
	}
}

func authenticatedSMTP(v *data.Server) string {
	return "– \"Authenticated SMTP\" on for " + mailbox(v) + " (Set-CASMailbox, SmtpClientAuthenticationDisabled $false), which signing in this way needs, too"
}

func byMicrosoft(v *data.Server) []string {
	return []string{
		"All of this is needed; no password is involved:",
		"– " + registration(v) + ": Office 365 Exchange Online, delegated permission SMTP.Send; Microsoft Graph, offline_access, openid, email and profile; then Grant admin consent",
		"– at its Authentication: redirect address http://localhost (mobile and desktop), public client flows allowed",
		authenticatedSMTP(v),
		"– no rule (Conditional Access) that keeps this app from signing in as " + mailbox(v),
	}
}

func itself(v *data.Server) []string {
	return []string{
		"All of this is needed; nobody signs in and no password is involved:",
		"– " + registration(v) + ": Office 365 Exchange Online, application permission SMTP.SendAsApp; then Grant admin consent; a client secret, handed over in person, and the day on which it ends",
		"– it is known to Exchange: New-ServicePrincipal, with the Object ID of the enterprise application",
		"– it may use the mailbox: Add-MailboxPermission for " + mailbox(v) + ", FullAccess",
		authenticatedSMTP(v),
	}
}

func byGoogle(v *data.Server) []string {
	client := "a client of the school (Google Auth Platform, Clients)"
	if id := clean(v.ClientID); id != "" {
		client = "the client " + id
	}
	return []string{
		"All of this is needed; no password is involved:",
		"– " + client + ", kind \"Desktop app\", audience Internal: in Testing a sign-in ends every seven days",
		"– the permission https://mail.google.com/ at Data access",
		"– in the Admin console, Security, API controls, Manage app access: this client is Trusted",
	}
}
