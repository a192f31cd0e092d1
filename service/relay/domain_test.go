package relay_test

import (
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/service/relay"
	"smtpgateway/service/relay/relaytest"
)

// reply is one row of the map of error texts: where the server says what, and what becomes of it.
type reply struct {
	at   string // verb
	says string
	kind data.Kind
	// what a person reads, and who is to mend it
	sentence string
	blame    data.Blame
	pause    data.Pause
	advice   string
	remedy   string // part of what to do
}

const (
	atGreeting = relaytest.Greeting
	atDot      = relaytest.Dot
)

var replies = []reply{
	{atGreeting, "421 4.3.2 Service shutting down", data.KindServer, "is busy", "", data.PauseShort, "", "tried again by itself"},
	{"EHLO", "421 4.3.0 Temporary System Problem. Try again later", data.KindServer, "is busy", "", data.PauseShort, "", "tried again by itself"},
	{"MAIL", "421 4.3.0 Temporary System Problem", data.KindServer, "is busy", "", data.PauseShort, "", "tried again by itself"},
	{"RCPT", "421 4.4.5 Server busy", data.KindServer, "is busy", "", data.PauseShort, "", "tried again by itself"},
	{"RCPT", "451 4.3.0 Temporary server error", data.KindTemporary, "is busy", "", "", "", "tried again by itself"},
	{"RCPT", "450 4.4.5 Server busy", data.KindTemporary, "is busy", "", "", "", "tried again by itself"},
	{"MAIL", "421 4.7.0 Our system has detected an unusual rate of mail from your IP", data.KindServer, "too fast", "", data.PauseShort, "slower", "slow down by ourselves"},
	{atDot, "421 4.7.0 unusual rate of unsolicited mail", data.KindServer, "too fast", "", data.PauseShort, "slower", "slow down by ourselves"},
	{"MAIL", "421 4.7.0 TLS required for this connection", data.KindServer, "insists on a protected", data.BlameSettings, data.PauseShort, "starttls", "Choose starttls or tls"},
	{"MAIL", "530 5.7.0 Must issue a STARTTLS command first", data.KindServer, "insists on a protected", data.BlameSettings, data.PauseShort, "starttls", "Choose starttls or tls"},
	{"AUTH", "530 5.7.0 Must issue a STARTTLS command first.", data.KindServer, "insists on a protected", data.BlameSettings, data.PauseAuth, "starttls", "Choose starttls or tls"},
	{"MAIL", "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded: concurrent connections limit exceeded", data.KindServer, "Too many connections", "", data.PauseShort, "", "one connection at a time"},
	{"AUTH", "432 4.3.2 Concurrent connections limit exceeded", data.KindServer, "Too many connections", "", data.PauseAuth, "", "one connection at a time"},
	{"RCPT", "450 4.7.1 Greylisted, try again in 5 minutes", data.KindTemporary, "come back later", "", "", "", "tried again by itself"},
	{"RCPT", "451 4.7.1 Please try again later", data.KindTemporary, "come back later", "", "", "", "tried again by itself"},
	{"RCPT", "450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages", data.KindTemporary, "come back later", "", "", "", "tried again by itself"},
	{"RCPT", "452 4.2.2 The email account is over quota", data.KindTemporary, "The mailbox a@school.test is full", data.BlameRecipient, "", "", "another address"},
	{"RCPT", "552 5.2.2 Mailbox full", data.KindTemporary, "The mailbox a@school.test is full", data.BlameRecipient, "", "", "another address"},
	{atDot, "552 5.2.2 The recipient's inbox is out of storage space", data.KindTemporary, "is full", data.BlameRecipient, "", "", "another address"},
	{"RCPT", "452 4.5.3 Too many recipients", data.KindTemporary, "Too many recipients", "", "", "", "message of its own"},
	{"AUTH", "454 4.7.0 Temporary authentication failure", data.KindServer, "briefly out of order", "", data.PauseAuth, "", "tried again by itself"},
	{"MAIL", "530 5.7.1 Authentication required", data.KindServer, "wants a user name and a password", data.BlameSettings, data.PauseAuth, "sign-in", "sign-in fields"},
	{"MAIL", "530 5.7.57 Client not authenticated to send mail", data.KindServer, "wants a user name and a password", data.BlameSettings, data.PauseAuth, "sign-in", "sign-in fields"},
	{atDot, "550 5.7.57 SMTP; Client was refused", data.KindServer, "wants a user name and a password", data.BlameSettings, data.PauseAuth, "sign-in", "sign-in fields"},
	{"AUTH", "534-5.7.9 Application-specific password required. Learn more at\r\n534 5.7.9 https://support.google.com/mail/?p=InvalidSecondFactor", data.KindServer, "app password", data.BlameSettings, data.PauseAuth, "sign-in", "2-step verification"},
	{"AUTH", "534 5.7.9 no", data.KindServer, "app password", data.BlameSettings, data.PauseAuth, "sign-in", "2-step verification"},
	{"AUTH", "534 5.7.14 Please log in via your web browser and then try again.", data.KindServer, "once with a web browser", data.BlameSettings, data.PauseAuth, "sign-in", "web browser on this computer"},
	{"AUTH", "535 5.7.8 Error: authentication failed: (reason unavailable)", data.KindServer, "User name or password is wrong", data.BlameSettings, data.PauseAuth, "sign-in", "blanks copied along"},
	{"AUTH", "535 5.7.1 Please use an app-specific password from appleid.apple.com", data.KindServer, "wants an app password, not the usual one", data.BlameSettings, data.PauseAuth, "sign-in", "Make an app password"},
	{"AUTH", "535-5.7.8 Username and Password not accepted.\r\n535 5.7.8 https://support.google.com/mail/?p=BadCredentials", data.KindServer, "User name or password is wrong", data.BlameSettings, data.PauseAuth, "sign-in", "Caps Lock"},
	{"AUTH", "535 5.7.3 Authentication unsuccessful", data.KindServer, "User name or password is wrong", data.BlameSettings, data.PauseAuth, "sign-in", "Caps Lock"},
	{"AUTH", "535 nope", data.KindServer, "User name or password is wrong", data.BlameSettings, data.PauseAuth, "sign-in", "Caps Lock"},
	{"AUTH", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information. [AM0PR10CA0001.EURPRD10.PROD.OUTLOOK.COM]", data.KindServer, "Microsoft has switched off this kind of sign-in for your whole school", data.BlameIT, data.PauseAuth, "it-sheet", "request sheet"},
	{"AUTH", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled", data.KindServer, "for this mailbox. Only IT can allow it", data.BlameIT, data.PauseAuth, "it-sheet", "request sheet"},
	{"AUTH", "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect. [AM0PR10CA0001.EURPRD10.PROD.OUTLOOK.COM]", data.KindServer, "User name or password is wrong", data.BlameSettings, data.PauseAuth, "sign-in", "blanks copied along"},
	{atDot, "451 4.5.127 Message rejected. Excessive message rate from sender.", data.KindServer, "too fast", "", data.PauseShort, "slower", "slow down by ourselves"},
	{"AUTH", "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator.", data.KindServer, "by the security defaults of your school", data.BlameIT, data.PauseAuth, "it-sheet", "request sheet"},
	{"AUTH", "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator.", data.KindServer, "by a rule of your school", data.BlameIT, data.PauseAuth, "it-sheet", "request sheet"},
	{"AUTH", "535 5.7.139 something new", data.KindServer, "Microsoft has switched off this kind of sign-in for your school", data.BlameIT, data.PauseAuth, "it-sheet", "request sheet"},
	{"AUTH", "550 5.7.30 Basic authentication is not supported for Client Submission.", data.KindServer, "Microsoft no longer accepts passwords here", data.BlameIT, data.PauseAuth, "browser", "request sheet"},
	{"MAIL", "550 5.7.30 no", data.KindServer, "Microsoft no longer accepts passwords here", data.BlameIT, data.PauseAuth, "browser", "request sheet"},
	{"AUTH", "538 5.7.11 Encryption required for requested authentication mechanism", data.KindServer, "only on a protected connection", data.BlameSettings, data.PauseAuth, "starttls", "Choose starttls or tls"},
	{"RCPT", "550 5.1.1 The email account that you tried to reach does not exist.", data.KindPermanent, "The address a@school.test does not exist", data.BlameRecipient, "", "", "right address"},
	{"RCPT", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", data.KindPermanent, "does not exist", data.BlameRecipient, "", "", "right address"},
	{"RCPT", "550 5.1.6 Recipient no longer on server", data.KindPermanent, "does not exist", data.BlameRecipient, "", "", "right address"},
	{"RCPT", "550 User unknown", data.KindPermanent, "does not exist", data.BlameRecipient, "", "", "right address"},
	{"RCPT", "550 5.1.1 <spam@policy.test>: user unknown", data.KindPermanent, "does not exist", data.BlameRecipient, "", "", "right address"},
	{"RCPT", "550 5.4.1 Recipient address rejected: Access denied.", data.KindPermanent, "does not exist", data.BlameRecipient, "", "", "right address"},
	{"RCPT", "450 4.1.1 User unknown for now", data.KindTemporary, "does not take mail for a@school.test now", "", "", "", "tried again by itself"},
	{"RCPT", "550 5.1.2 Bad destination system address", data.KindPermanent, "no mail at school.test", data.BlameRecipient, "", "", "right address"},
	{"RCPT", "550 5.4.4 Unable to route", data.KindPermanent, "no mail at school.test", data.BlameRecipient, "", "", "right address"},
	{"RCPT", "550 Domain not found (NXDOMAIN)", data.KindPermanent, "no mail at school.test", data.BlameRecipient, "", "", "right address"},
	{"RCPT", "550 5.2.1 The email account that you tried to reach is inactive.", data.KindPermanent, "is closed", data.BlameRecipient, "", "", "new address"},
	{"RCPT", "550 5.2.1 no", data.KindPermanent, "is closed", data.BlameRecipient, "", "", "new address"},
	{"RCPT", "550 5.7.1 The mailbox is disabled; mailbox disabled", data.KindPermanent, "is closed", data.BlameRecipient, "", "", "new address"},
	{"RCPT", "550 5.4.5 Daily user sending limit exceeded.", data.KindServer, "allowance", "", data.PauseQuota, "", "by itself, tomorrow"},
	{"MAIL", "550 5.4.5 no", data.KindServer, "allowance", "", data.PauseQuota, "", "by itself, tomorrow"},
	{"RCPT", "550 5.4.6 no", data.KindServer, "allowance", "", data.PauseQuota, "", "by itself, tomorrow"},
	{atDot, "550 5.7.1 Daily SMTP relay quota exceeded", data.KindServer, "allowance", "", data.PauseQuota, "", "by itself, tomorrow"},
	{atDot, "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message", data.KindServer, "allowance", "", data.PauseQuota, "", "by itself, tomorrow"},
	{"RCPT", "550-5.4.5 Daily user sending limit exceeded. For more information on Gmail\r\n550-5.4.5 sending limits go to\r\n550 5.4.5  https://support.google.com/a/answer/166852 d9443c01a7336-29f sm1 - gsmtp", data.KindServer, "allowance", "", data.PauseQuota, "", "by itself, tomorrow"},
	{"MAIL", "550 5.7.232 Your message can't be sent because your trial tenant has exceeded its daily limit for sending email", data.KindServer, "allowance", "", data.PauseQuota, "", "by itself, tomorrow"},
	{"RCPT", "550 5.7.705 Access denied, tenant has exceeded threshold", data.KindServer, "Microsoft has blocked", data.BlameIT, data.PauseQuota, "", "Ask IT to unblock"},
	{"RCPT", "554 5.4.6 Too many hops", data.KindPermanent, "in a circle", data.BlameIT, "", "", "Ask IT"},
	{"RCPT", "550 5.7.60 SMTP; Client does not have permissions to send as this sender", data.KindServer, "may not send as library@school.test", data.BlameSettings, data.PauseQuota, "sender", "account's own address"},
	{atDot, "554 5.2.252 SendAsDenied; library@school.test not allowed to send as x", data.KindServer, "may not send as", data.BlameSettings, data.PauseQuota, "sender", "account's own address"},
	{atDot, "554 5.2.252 SendAsDenied; library@school.test not allowed to send as office@school.test; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message", data.KindServer, "may not send as library@school.test", data.BlameSettings, data.PauseQuota, "sender", "Send as"},
	{"RCPT", "553 5.7.1 <library@school.test>: Sender address rejected: not owned by user x", data.KindServer, "may not send as", data.BlameSettings, data.PauseQuota, "sender", "account's own address"},
	{"MAIL", "553 5.7.1 Sender address rejected: not owned by user x", data.KindServer, "may not send as", data.BlameSettings, data.PauseQuota, "sender", "account's own address"},
	{"RCPT", "550 5.7.1 Relaying denied", data.KindPermanent, "only takes mail for its own people", data.BlameIT, "", "sign-in", "let this computer relay"},
	{"RCPT", "554 5.7.1 <a@school.test>: Relay access denied", data.KindPermanent, "only takes mail for its own people", data.BlameIT, "", "sign-in", "let this computer relay"},
	{"RCPT", "454 4.7.1 <a@school.test>: Relay access denied", data.KindTemporary, "only takes mail for its own people", data.BlameIT, "", "sign-in", "let this computer relay"},
	{atDot, "550 5.7.1 Message rejected due to content policy", data.KindPermanent, "as unwanted", data.BlameIT, "", "", "sender check"},
	{atDot, "554 5.7.1 This looks like spam", data.KindPermanent, "as unwanted", data.BlameIT, "", "", "sender check"},
	{"RCPT", "550 5.7.1 no", data.KindPermanent, "as unwanted", data.BlameIT, "", "", "sender check"},
	{atDot, "550 5.7.26 This mail is unauthenticated", data.KindPermanent, "could not verify that your school", data.BlameIT, "", "", "sender check"},
	{atDot, "550-5.7.26 Your email has been blocked because the sender is unauthenticated.\r\n550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.\r\n550 5.7.26  DKIM = did not pass", data.KindPermanent, "could not verify that your school", data.BlameIT, "", "", "sender check"},
	{atDot, "550 5.7.515 Access denied, sending domain school.test does not meet the required authentication level", data.KindPermanent, "could not verify", data.BlameIT, "", "", "sender check"},
	{"RCPT", "550 5.7.23 The message was rejected because of Sender Policy Framework violation", data.KindPermanent, "could not verify", data.BlameIT, "", "", "sender check"},
	{atDot, "550 5.7.509 Access denied, sending domain does not pass DMARC verification", data.KindPermanent, "could not verify", data.BlameIT, "", "", "sender check"},
	{"MAIL", "552 5.3.4 Message size exceeds fixed maximum message size", data.KindPermanent, "too large", data.BlameMessage, "", "", "smaller attachments"},
	{atDot, "552 5.2.3 Message exceeds local size limit", data.KindPermanent, "too large", data.BlameMessage, "", "", "smaller attachments"},
	{atDot, "554 5.2.0 STOREDRV.Deliver: something else", data.KindPermanent, "refuses mail from this computer", data.BlameIT, "", "", "Ask IT"},
	{atGreeting, "554 No SMTP service here", data.KindServer, "refuses this computer", data.BlameIT, data.PauseShort, "", "Ask IT"},
	{"RCPT", "550 5.1.8 Access denied, bad outbound sender", data.KindServer, "Microsoft has blocked", data.BlameIT, data.PauseQuota, "", "Ask IT to unblock"},
	{"MAIL", "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP", data.KindServer, "Microsoft has blocked", data.BlameIT, data.PauseQuota, "", "Ask IT to unblock"},
	{"RCPT", "550 5.7.501 Service unavailable. Client blocked, spam abuse detected", data.KindServer, "Microsoft has blocked", data.BlameIT, data.PauseQuota, "", "Ask IT to unblock"},
	{atDot, "550 5.7.512 Access denied", data.KindServer, "Microsoft has blocked", data.BlameIT, data.PauseQuota, "", "Ask IT to unblock"},
	{atDot, "550 5.7.750 Service unavailable. Client blocked from sending from unregistered domains", data.KindServer, "Microsoft has blocked", data.BlameIT, data.PauseQuota, "", "Ask IT to unblock"},
	{atDot, "554 5.2.2 mailbox full; sent items", data.KindServer, "mailbox of the sending account is full", data.BlameSettings, data.PauseQuota, "", "Make room"},
	{"EHLO", "550 5.7.1 bad name", data.KindServer, "refuses this computer", data.BlameIT, data.PauseShort, "", "copy the server's words"},
	{"RCPT", "504 5.5.2 <desk>: Helo command rejected: need fully-qualified hostname", data.KindServer, "does not like the name", data.BlameSettings, data.PauseQuota, "", "EHLO response"},
	// Anything else: by the first digit, with the server's own words.
	{"RCPT", "571 zork", data.KindPermanent, "refused the address a@school.test", data.BlameIT, "", "", "Copy the server's words"},
	{"RCPT", "471 zork", data.KindTemporary, "does not take mail for a@school.test now", "", "", "", "tried again by itself"},
	{"DATA", "571 zork", data.KindPermanent, "refused the message", data.BlameMessage, "", "", "Copy the server's words"},
	{"DATA", "471 zork", data.KindTemporary, "does not take the message now", "", "", "", "tried again by itself"},
	{atDot, "571 zork", data.KindPermanent, "refused the message", data.BlameMessage, "", "", "Copy the server's words"},
	{atDot, "471 zork", data.KindTemporary, "does not take the message now", "", "", "", "tried again by itself"},
	{"MAIL", "571 zork", data.KindServer, "does not take mail from library@school.test", data.BlameSettings, data.PauseQuota, "", "From address"},
	{"MAIL", "471 zork", data.KindServer, "does not take mail from library@school.test now", "", data.PauseShort, "", "tried again by itself"},
	{"AUTH", "571 zork", data.KindServer, "refused to let you sign in", data.BlameSettings, data.PauseAuth, "", "sign-in fields"},
}

// TestReplies drives every row through a socket.
func TestReplies(t *testing.T) {
	for _, row := range replies {
		t.Run(row.at+" "+row.says, func(t *testing.T) {
			got, server := meet(t, row.at, row.says)
			if got.Kind != row.kind || got.Pause != row.pause || got.Blame != row.blame || got.Advice != row.advice {
				t.Fatalf("%+v", got)
			}
			if !strings.Contains(got.Sentence, row.sentence) || row.remedy == "" || !strings.Contains(got.Remedy, row.remedy) || strings.ContainsAny(got.Sentence+got.Remedy, "{}") {
				t.Fatalf("%q %q", got.Sentence, got.Remedy)
			}
			if got.Code == 0 || !strings.HasPrefix(row.says, string(rune('0'+got.Code/100))) || got.Line == "" {
				t.Fatalf("the server's own words are missing: %+v", got)
			}
			if len(server.Messages()) != 0 {
				t.Fatal("a message was taken")
			}
		})
	}
}

// meet sends one message to a server that answers verb with says.
func meet(t *testing.T, verb, says string) (data.Outcome, *relaytest.RawServer) {
	t.Helper()
	server := relaytest.Raw(t, relaytest.RawScript{Extensions: []string{"AUTH PLAIN"}, Answer: func(v, _ string) string {
		if v == verb {
			return says
		}
		return relaytest.Default
	}})
	config := server.Config()
	config.AllowInsecure, config.User, config.Password = true, relaytest.User, relaytest.Password
	session, o := relay.New(options()).Dial(t.Context(), config, nil)
	if session == nil {
		return o, server
	}
	defer session.Close()
	return send(t, session, "a@school.test")[0], server
}
