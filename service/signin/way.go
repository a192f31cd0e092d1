package signin

import (
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"smtpgateway/data"
)

// way is how one of the two services is asked.
type way struct {
	name     string // as people call it
	endpoint oauth2.Endpoint
	scopes   []string // that a person is asked for; of microsoft-app: the one that stands for its permissions
	send     string   // the scope without which no mail goes, as it is compared
	words    string   // what that scope is called on the consent page
	revoke   string   // address where a sign-in is taken back (RFC 7009); empty: there is none
	redirect string   // host of the loopback redirect: Microsoft's portal takes the name only
}

// googleSend is the only scope Google's mail server takes (RFC 7628 by XOAUTH2); it is all of mail, there is none for
// sending by SMTP alone.
const googleSend = "https://mail.google.com/"

// The usual authorities.
const (
	googleAuth     = "https://accounts.google.com/o/oauth2/v2/auth"
	googleToken    = "https://oauth2.googleapis.com/token" // #nosec G101 -- an address
	googleRevoke   = "https://oauth2.googleapis.com/revoke"
	microsoftLogin = "https://login.microsoftonline.com"
)

// wayOf knows the addresses for a server's settings. CodeNotConfigured: something is missing in them.
func wayOf(v data.Server) (way, error) {
	w, err := wayToPage(v)
	if err == nil && v.ClientSecret == "" && v.SignIn != data.SignInMicrosoft {
		return way{}, incomplete("the client secret")
	}
	return w, err
}

// wayToPage is wayOf for who needs no secret yet: the page that a person sees is opened without.
func wayToPage(v data.Server) (way, error) {
	if v.ClientID == "" {
		return way{}, incomplete("the client ID")
	}
	switch v.SignIn {
	case data.SignInGoogle:
		return google(v), nil
	case data.SignInMicrosoft, data.SignInMicrosoftApp:
		if v.Tenant == "" {
			return way{}, incomplete("the directory (tenant) ID")
		}
		return microsoft(v), nil
	case data.SignInNone:
	}
	return way{}, &data.Error{
		Code: data.CodeNotConfigured, Sentence: "The settings of " + data.ServerName(v.Number) + " do not say with whom to sign in.",
		Next: "Choose Google or Microsoft at Sign in with.",
	}
}

func incomplete(what string) error {
	return &data.Error{
		Code: data.CodeNotConfigured, Sentence: "For signing in, " + what + " is missing.",
		Next: "Copy it from the school's app registration into the settings; the guide says where it stands.",
	}
}

func google(v data.Server) way {
	w := way{
		name: "Google", send: googleSend, words: "Read, compose, send and permanently delete all your email from Gmail", redirect: "127.0.0.1",
		scopes: []string{googleSend, "openid", "email"}, revoke: googleRevoke,
		endpoint: oauth2.Endpoint{AuthURL: googleAuth, TokenURL: googleToken, AuthStyle: oauth2.AuthStyleInParams},
	}
	if v.SignInAddress != "" {
		w.endpoint.AuthURL, w.endpoint.TokenURL = v.SignInAddress+"/o/oauth2/v2/auth", v.SignInAddress+"/token"
		w.revoke = v.SignInAddress + "/revoke"
	}
	return w
}

func microsoft(v data.Server) way {
	login := microsoftLogin
	if v.SignInAddress != "" {
		login = v.SignInAddress
	}
	base := login + "/" + url.PathEscape(v.Tenant) + "/oauth2/v2.0/"
	mail := exchangeOf(login)
	w := way{
		name: "Microsoft", send: mail.delegated + "/SMTP.Send", words: "Send emails from your mailbox (SMTP.Send)", redirect: "localhost",
		endpoint: oauth2.Endpoint{AuthURL: base + "authorize", TokenURL: base + "token", DeviceAuthURL: base + "devicecode", AuthStyle: oauth2.AuthStyleInParams},
	}
	w.scopes = []string{w.send, "offline_access", "openid", "email", "profile"}
	if v.SignIn == data.SignInMicrosoftApp {
		w.scopes, w.send = []string{mail.app + "/.default"}, ""
	}
	return w
}

// exchange is what a cloud of Microsoft calls its mail.
type exchange struct{ delegated, app string }

// exchangeOf knows the national clouds by their sign-in address.
func exchangeOf(login string) exchange {
	switch {
	case strings.HasSuffix(login, ".microsoftonline.us"):
		return exchange{"https://outlook.office365.us", "https://outlook.office365.us"}
	case strings.HasSuffix(login, ".chinacloudapi.cn"), strings.HasSuffix(login, ".partner.microsoftonline.cn"):
		return exchange{"https://partner.outlook.cn", "https://partner.outlook.cn"}
	default:
		return exchange{"https://outlook.office.com", "https://outlook.office365.com"}
	}
}
