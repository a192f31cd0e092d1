package signin

import (
	"cmp"
	"regexp"
	"strings"

	"smtpgateway/data"
)

// Step is one thing that IT does once, at Google's or Microsoft's.
type Step struct {
	Title string   `json:"title"`
	Text  string   `json:"text"`
	Page  string   `json:"page,omitempty"` // address to open; empty: where the step before was
	Copy  []string `json:"copy,omitempty"` // lines to type or to paste there
}

// Guide is the way to an app registration of the school's own, for v.SignIn, with what the settings know filled in. None:
// nothing has to be registered.
func Guide(v data.Server) []Step {
	switch v.SignIn {
	case data.SignInGoogle:
		return googleGuide(v)
	case data.SignInMicrosoft:
		return append(registration(v), delegated(v)...)
	case data.SignInMicrosoftApp:
		return append(registration(v), asItself(v)...)
	case data.SignInNone:
	}
	return nil
}

func mailbox(v data.Server) string { return cmp.Or(v.User, "library@school.org") }

func googleGuide(v data.Server) []Step {
	return []Step{
		{Title: "Make a project", Text: "Sign in as an administrator of the school's Google Workspace, make a project and call it SMTP Gateway. Its organisation must be the school's.", Page: "https://console.cloud.google.com/projectcreate"},
		{Title: "Name the app", Text: "At Google Auth Platform, Branding, click Get started: app name SMTP Gateway, support address " + mailbox(v) + ". As audience choose Internal: an app in Testing loses its sign-in every seven days, and one for everybody would have to be reviewed by Google.", Page: "https://console.cloud.google.com/auth/branding"},
		{Title: "Add the permission", Text: "At Data access, Add or remove scopes, add this one. It is the only one that Google's mail server takes.", Page: "https://console.cloud.google.com/auth/scopes", Copy: []string{googleSend}},
		{Title: "Make a client", Text: "At Clients, Create client, choose Desktop app and call it SMTP Gateway. Copy the client ID and the client secret into the settings of this program and save; the secret is shown only now.", Page: "https://console.cloud.google.com/auth/clients"},
		{Title: "Let the school's rules allow it", Text: "In the Admin console, Security, Access and data control, API controls, Manage app access, add the client ID and choose Trusted. This is needed where the school limits which programs may read mail.", Page: "https://admin.google.com/ac/owl/list?tab=configuredApps", Copy: known(v.ClientID)},
		{Title: "Sign in", Text: "In this program click Sign in with Google, choose " + mailbox(v) + ", and tick every box on Google's page."},
	}
}

// registration is what both of Microsoft's ways begin with.
func registration(v data.Server) []Step {
	how := "Leave the redirect address empty."
	if v.SignIn == data.SignInMicrosoft {
		how = "As redirect address choose Public client/native (mobile and desktop) and write http://localhost."
	}
	return []Step{
		{Title: "Register the program", Text: "Sign in to the Entra admin centre as Application Administrator. At App registrations, New registration: name SMTP Gateway, accounts in this organizational directory only. " + how, Page: "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade", Copy: redirectFor(v)},
		{Title: "Copy the two IDs", Text: "On the Overview page of the registration stand Application (client) ID and Directory (tenant) ID. Copy both into the settings of this program and save.", Copy: append(known(v.ClientID), known(v.Tenant)...)},
	}
}

func redirectFor(v data.Server) []string {
	if v.SignIn == data.SignInMicrosoft {
		return []string{"http://localhost"}
	}
	return nil
}

func delegated(v data.Server) []Step {
	return []Step{
		{Title: "Allow people to sign in", Text: "At Authentication, set Allow public client flows to Yes and save. It is needed for signing in by a code; a client secret is not."},
		{Title: "Add the permission", Text: "At API permissions, Add a permission, APIs my organization uses, Office 365 Exchange Online, Delegated permissions, tick SMTP.Send. At Microsoft Graph, Delegated permissions, tick offline_access, openid, email and profile. Then click Grant admin consent.", Copy: []string{"SMTP.Send"}},
		authenticated(v),
		{Title: "Sign in", Text: "In this program click Sign in with Microsoft and choose " + mailbox(v) + "."},
	}
}

func asItself(v data.Server) []Step {
	id, dir := shell(cmp.Or(v.ClientID, "CLIENT-ID")), shell(cmp.Or(v.Tenant, "TENANT-ID"))
	return []Step{
		{Title: "Make a client secret", Text: "At Certificates & secrets, New client secret: the longest time offered. Copy its Value (not its ID) into the settings of this program and save. Write the end of it into the school's calendar: on that day mail stops until there is a new one."},
		{Title: "Add the permission", Text: "At API permissions, Add a permission, APIs my organization uses, Office 365 Exchange Online, Application permissions, tick SMTP.SendAsApp. Then click Grant admin consent.", Copy: []string{"SMTP.SendAsApp"}},
		{Title: "Let it into the mailbox", Text: "In PowerShell, as Exchange Administrator. OBJECT-ID is the Object ID on the page of the registration's enterprise application (Entra admin centre, Enterprise applications, SMTP Gateway), which is not the one on the page of the app registration.", Copy: []string{
			"Install-Module ExchangeOnlineManagement",
			"Connect-ExchangeOnline -Organization " + dir,
			"New-ServicePrincipal -AppId " + id + " -ObjectId OBJECT-ID -DisplayName \"SMTP Gateway\"",
			"Add-MailboxPermission -Identity " + shell(mailbox(v)) + " -User OBJECT-ID -AccessRights FullAccess",
		}},
		authenticated(v),
		{Title: "Test", Text: "In this program click Test. It can take half an hour until Microsoft knows of all this."},
	}
}

func authenticated(v data.Server) Step {
	return Step{
		Title: "Switch on sending for the mailbox", Text: "In the Microsoft 365 admin centre, Users, Active users, " + mailbox(v) + ", Mail, Manage email apps, tick Authenticated SMTP; or in PowerShell as below.",
		Page: "https://admin.microsoft.com/#/users", Copy: []string{"Set-CASMailbox -Identity " + shell(mailbox(v)) + " -SmtpClientAuthenticationDisabled $false"},
	}
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.@_-]*$`)

// shell is a value as PowerShell takes it for one word, whatever somebody wrote into the settings.
func shell(value string) string {
	if plainWord.MatchString(value) {
		return value
	}
	return "'" + strings.NewReplacer("'", "''", "\u2018", "''", "\u2019", "''", "\u201a", "''", "\u201b", "''").Replace(value) + "'"
}

func known(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}
