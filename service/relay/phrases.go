package relay

import (
	"slices"

	"smtpgateway/data"
)

// phrase is one row of the table of known replies: how a reply is recognised, and what it means in words. A row fits
// when each of its conditions that is not empty holds. {host}, {port}, {user}, {provider}, {from}, {to} and
// {domain} are filled in.
type phrase struct {
	name     string
	at       spot
	texts    []string // any of these in the reply, small letters; * is anything in between
	codes    []int    // any of these reply codes
	enhanced []string // any of these enhanced codes; "5.7.501-512" is a range

	kind     data.Kind
	pause    data.Pause
	blame    data.Blame
	advice   string
	sentence string
	remedy   string
}

// spot is a set of places in the conversation.
type spot uint8

const (
	atWelcome spot = 1 << iota // greeting, EHLO, STARTTLS
	atSignIn                   // AUTH
	atSender                   // MAIL
	atRcpt                     // RCPT
	atData                     // DATA, the body, the final dot

	atEnvelope = atRcpt | atData
	anywhere   = atWelcome | atSignIn | atSender | atEnvelope
)

// Rows that the code of others asks for by name.
const (
	phraseTooManyRecipients = "too many recipients"
	phraseTooLarge          = "too large"
	phraseSignIn            = "wants a sign-in"
	phraseWebOnce           = "sign in by browser once"
	phraseGoogleWord        = "app password of Google"
	phraseAppWord           = "app password"
	phraseWrongLogin        = "wrong user or password"
	phraseRefused           = "sign-in refused"
	phraseSwitchedOff       = "Microsoft switched this sign-in off"
	phraseNoPasswords       = "Microsoft takes no passwords"
)

// Words of Outcome.Advice that come from here and from what signing in with a token meets.
const (
	adviceBrowser = "browser"
	adviceSheet   = "it-sheet"
	adviceSlower  = data.AdviceSlower
)

// Remedies that several rows share.
const (
	remedySettings   = "Look at the sign-in fields in the settings."
	remedyGoogleWord = "In the Google account, switch on 2-step verification, make an app password in its security settings and enter it as the password; or sign in with Google in the settings."
	remedyOwnWord    = "Make an app password in the security settings of the account and enter it as the password."
	remedyEnterAgain = "Enter both again: mind the Caps Lock key and blanks copied along. Gmail wants an app password, not the normal one."
	remedyNewSignIn  = "Sign in with Microsoft in the settings. If that is not possible, give IT the request sheet of this program: it asks for a way to send without a password."
	remedySheet      = "Give IT the request sheet of this program: it asks for Authenticated SMTP for this mailbox, or a relay."
	remedyUnblock    = "Ask IT to unblock it in the Microsoft 365 administration, and to look why it was blocked: a stolen password sends spam."
	remedyBlocked    = "Ask IT to look into it; copy the server's words for them."
	remedySPF        = "Open the sender check: it shows the records that IT has to publish."
	remedyUnwanted   = "Look at the sender check: it shows whether this server may send for your domain. Ask IT whether it stands on a block list."
	remedyAllowance  = "Nothing to do: the rest goes out by itself, tomorrow at the latest. Fewer messages in each check avoid it."
	remedySlower     = "Nothing to do: we slow down by ourselves. If it happens often, set fewer messages for each check."
	remedySendAs     = "Enter the account's own address as From, or ask IT for the right Send as."
	remedyAddress    = "Look up the right address and send it again."
	remedyWait       = "Nothing to do: it is tried again by itself."
	remedyProtect    = "Choose starttls or tls as the protection in the settings."
)

// phrases is asked from top to bottom; the first row that fits speaks. Texts stand first, because providers use the same
// codes for different things: a quota hides behind a bare 554 5.2.0, and 5.7.1 means four things. The place still
// decides about kind and pause before the row does; see judge.
var phrases = slices.Concat(namedTexts, knownCodes)

// namedTexts are the replies known by their words.
var namedTexts = []phrase{
	{
		name: "allowance used up", at: anywhere,
		texts: []string{
			"submissionquotaexceeded", "daily*quota", "daily*limit", "quota*per day", "sending quota", "sending limit",
			"hourly*limit", "hourly*quota", "max emails per", "messages per hour", "recipientratelimit",
		},
		kind: data.KindServer, pause: data.PauseQuota,
		sentence: "Today's allowance of the mail service at {host} is used up.",
		remedy:   remedyAllowance,
	},
	{
		// Microsoft answers with 5.7.139 also to a wrong password.
		name: phraseWrongLogin, at: anywhere, codes: []int{535}, texts: []string{"credentials were incorrect"},
		kind: data.KindServer, pause: data.PauseAuth, blame: data.BlameSettings, advice: "sign-in",
		sentence: "User name or password is wrong for {host}.",
		remedy:   remedyEnterAgain,
	},
	{
		name: phraseSwitchedOff, at: anywhere,
		texts: []string{"smtpclientauthentication is disabled for the tenant"},
		kind:  data.KindServer, pause: data.PauseAuth, blame: data.BlameIT, advice: adviceSheet,
		sentence: "Microsoft has switched off this kind of sign-in for your whole school. Only IT can allow it (Authenticated SMTP).",
		remedy:   remedySheet,
	},
	{
		name: phraseSwitchedOff, at: anywhere,
		texts: []string{"smtpclientauthentication is disabled"},
		kind:  data.KindServer, pause: data.PauseAuth, blame: data.BlameIT, advice: adviceSheet,
		sentence: "Microsoft has switched off this kind of sign-in for this mailbox. Only IT can allow it (Authenticated SMTP for this mailbox).",
		remedy:   remedySheet,
	},
	{
		name: phraseSwitchedOff, at: anywhere,
		texts: []string{"security defaults policy"},
		kind:  data.KindServer, pause: data.PauseAuth, blame: data.BlameIT, advice: adviceSheet,
		sentence: "Microsoft has switched off this kind of sign-in by the security defaults of your school. Only IT can allow it.",
		remedy:   "Sign in with Microsoft in the settings, which security defaults allow. Else give IT the request sheet of this program: it asks for an exception or a relay.",
	},
	{
		name: phraseSwitchedOff, at: anywhere,
		texts: []string{"did not meet the criteria to be authenticated"},
		kind:  data.KindServer, pause: data.PauseAuth, blame: data.BlameIT, advice: adviceSheet,
		sentence: "Microsoft has switched off this kind of sign-in here by a rule of your school (conditional access). Only IT can allow it.",
		remedy:   "If you use a password, look first whether it is right. Else give IT the request sheet of this program: it asks for Authenticated SMTP for this mailbox, or a relay.",
	},
	{
		name: phraseNoPasswords, at: anywhere,
		texts: []string{"basic authentication is not supported"},
		kind:  data.KindServer, pause: data.PauseAuth, blame: data.BlameIT, advice: adviceBrowser,
		sentence: "Microsoft no longer accepts passwords here.",
		remedy:   remedyNewSignIn,
	},
	{
		name: phraseGoogleWord, at: anywhere,
		texts: []string{"application-specific password"}, codes: []int{534},
		kind: data.KindServer, pause: data.PauseAuth, blame: data.BlameSettings, advice: "sign-in",
		sentence: "Google wants an app password, not your normal one.",
		remedy:   remedyGoogleWord,
	},
	{
		name: phraseAppWord, at: anywhere,
		texts: []string{"application-specific password", "app password", "app-specific password"},
		kind:  data.KindServer, pause: data.PauseAuth, blame: data.BlameSettings, advice: "sign-in",
		sentence: "The mail service at {host} wants an app password, not the usual one.",
		remedy:   remedyOwnWord,
	},
	{
		name: phraseWebOnce, at: anywhere,
		texts: []string{"web browser", "webloginrequired", "browser and then try again"},
		kind:  data.KindServer, pause: data.PauseAuth, blame: data.BlameSettings, advice: "sign-in",
		sentence: "Google wants you to sign in to this account once with a web browser.",
		remedy:   "Open the account in a web browser on this computer, confirm that it was you, then press Test.",
	},
	{
		name: "protection required", at: anywhere,
		texts: []string{"issue*starttls", "starttls*required", "starttls*first", "requires*tls", "require*tls", "tls*required", "tls required", "encryption required", "requires encryption", "secure connection"},
		codes: []int{421, 451, 454, 502, 503, 523, 530, 550, 554},
		kind:  data.KindServer, pause: data.PauseShort, blame: data.BlameSettings, advice: "starttls",
		sentence: "The mail server {host} insists on a protected connection.",
		remedy:   remedyProtect,
	},
	{
		name: "sender refused", at: atSignIn | atSender | atEnvelope,
		texts: []string{
			"sendasdenied", "not owned by", "sender address rejected", "not permitted to send as", "permissions to send as",
			"send as this sender", "permission to send on behalf", "not authorized to send", "not allowed to send from",
			"sender*does not match", "sender not allowed", "sender is not allowed", "unauthorized sender", "sender address*not allowed", "sender refused",
		},
		kind: data.KindServer, pause: data.PauseQuota, blame: data.BlameSettings, advice: "sender",
		sentence: "This account may not send as {from}.",
		remedy:   remedySendAs,
	},
	{
		name: "sending mailbox full", at: atSender | atData,
		texts: []string{"mailbox full", "mailbox is full", "over quota", "overquota", "quota exceeded"}, codes: []int{554},
		kind: data.KindServer, pause: data.PauseQuota, blame: data.BlameSettings,
		sentence: "The mailbox of the sending account is full, so the mail service takes no more from it.",
		remedy:   "Make room in that mailbox: sent mail is kept there too.",
	},
	{
		name: "sending mailbox full", at: atSender,
		texts: []string{"mailbox full", "mailbox is full", "over quota", "overquota", "quota exceeded"},
		kind:  data.KindServer, pause: data.PauseQuota, blame: data.BlameSettings,
		sentence: "The mailbox of the sending account is full, so the mail service takes no more from it.",
		remedy:   "Make room in that mailbox: sent mail is kept there too.",
	},
	{
		name: "mailbox full", at: atEnvelope,
		texts: []string{"mailbox full", "mailbox is full", "mailbox too full", "over quota", "overquota", "quota exceeded", "exceeded*storage", "mailbox*exceeded", "out of storage space"},
		kind:  data.KindTemporary, blame: data.BlameRecipient,
		sentence: "The mailbox {to} is full.",
		remedy:   "It is tried again by itself. If it stays full, tell its owner or use another address.",
	},
	{
		name: phraseTooManyRecipients, at: atEnvelope,
		texts: []string{"too many recipients", "too many rcpt"}, codes: []int{450, 451, 452, 550, 552, 554},
		kind:     data.KindTemporary,
		sentence: "Too many recipients in one message for {host}.",
		remedy:   "Nothing to do: the rest goes in a message of its own.",
	},
	{
		name: "come back later", at: atEnvelope,
		texts: []string{"greylist", "graylist", "grey-list", "greylisted", "receiving mail at a rate", "receiving mail too quickly"}, codes: []int{421, 450, 451, 452, 550},
		kind:     data.KindTemporary,
		sentence: "The other side asks us to come back later, which is normal.",
		remedy:   remedyWait,
	},
	{
		name: "too fast", at: anywhere,
		texts: []string{"unusual rate", "rate limit", "too fast", "too many messages", "throttl", "sending rate", "ratelimit", "excessive message rate"},
		codes: []int{421, 450, 451, 452, 454},
		kind:  data.KindServer, pause: data.PauseShort, advice: adviceSlower,
		sentence: "The mail service at {host} thinks we send too fast.",
		remedy:   remedySlower,
	},
	{
		name: "too many connections", at: anywhere,
		texts: []string{"concurrent connections", "too many connections", "too many concurrent", "connection limit"},
		kind:  data.KindServer, pause: data.PauseShort,
		sentence: "Too many connections to {host} at once.",
		remedy:   "Nothing to do: we try again later. Set one connection at a time if it happens often.",
	},
	{
		name: "mail goes in a circle", at: atEnvelope,
		texts: []string{"too many hops", "hop count", "mail loop", "loops back", "routing loop"},
		kind:  data.KindPermanent, blame: data.BlameIT,
		sentence: "The mail for {to} goes round in a circle between mail servers.",
		remedy:   remedyBlocked,
	},
	{
		name: phraseSignIn, at: anywhere &^ atWelcome,
		texts: []string{"authentication required", "not authenticated", "must authenticate", "authenticate first", "sign in first", "log in first", "authentication needed", "smtp auth first"},
		kind:  data.KindServer, pause: data.PauseAuth, blame: data.BlameSettings, advice: "sign-in",
		sentence: "The mail server {host} wants a user name and a password.",
		remedy:   remedySettings,
	},
	{
		name: "relaying refused", at: atSender | atEnvelope,
		texts: []string{"relaying denied", "relay access denied", "relay denied", "relaying not allowed", "relay not permitted", "not permitted to relay", "unable to relay", "cannot relay", "do not relay", "relaying prohibited", "relaying is not", "no relaying", "relay not allowed"},
		kind:  data.KindPermanent, pause: data.PauseQuota, blame: data.BlameIT, advice: "sign-in",
		sentence: "The mail server {host} only takes mail for its own people unless you sign in or IT lists this computer.",
		remedy:   "Enter user name and password in the settings, or ask IT to let this computer relay: the request sheet of this program asks for it.",
	},
	{
		name: "sending blocked by Microsoft", at: anywhere,
		texts: []string{"bad outbound sender", "tenant*blocked", "tenant has exceeded", "access denied, traffic not accepted"},
		kind:  data.KindServer, pause: data.PauseQuota, blame: data.BlameIT,
		sentence: "Microsoft has blocked this account or your school for sending.",
		remedy:   remedyUnblock,
	},
	{
		name: "school not verified", at: atSender | atEnvelope,
		texts: []string{"dmarc", "spf check", "spf fail", "fails spf", "spf validation", "dkim", "sender is unauthenticated", "unauthenticated email"},
		codes: []int{421, 450, 451, 550, 551, 553, 554},
		kind:  data.KindPermanent, pause: data.PauseQuota, blame: data.BlameIT,
		sentence: "The other side could not verify that your school allowed this server to send.",
		remedy:   remedySPF,
	},
	{
		name: "name refused", at: atWelcome | atSender | atEnvelope,
		texts: []string{"helo command rejected", "ehlo command rejected", "helo*invalid", "invalid helo", "bad helo", "invalid ehlo", "helo name", "need fully-qualified hostname", "need fully qualified hostname"},
		kind:  data.KindServer, pause: data.PauseQuota, blame: data.BlameSettings,
		sentence: "The mail server {host} does not like the name this computer gave itself.",
		remedy:   "Ask IT which name to use and enter it as the EHLO response.",
	},
	{
		name: "mailbox closed", at: atEnvelope,
		texts: []string{"mailbox*disabled", "account*disabled", "account is inactive", "mailbox is inactive", "account*inactive", "mailbox closed", "mailbox is closed", "account closed", "no longer active", "recipient*disabled", "not accepting messages"},
		kind:  data.KindPermanent, blame: data.BlameRecipient,
		sentence: "The mailbox {to} is closed.",
		remedy:   "Ask for a new address.",
	},
	{
		name: "no such domain", at: atEnvelope,
		texts: []string{"domain not found", "domain does not exist", "domain doesn't exist", "host or domain name not found", "nxdomain", "unrouteable address", "unroutable address", "no mx record", "host unknown", "unknown host", "no such domain", "domain name not found"},
		kind:  data.KindPermanent, blame: data.BlameRecipient,
		sentence: "There is no mail at {domain}. Is it a typing mistake?",
		remedy:   remedyAddress,
	},
	{
		name: "no such address", at: atEnvelope,
		texts: []string{
			"user unknown", "unknown user", "no such user", "no such recipient", "unknown recipient", "recipient unknown",
			"mailbox not found", "mailbox unavailable", "no mailbox", "no such mailbox", "recipient not found", "recipientnotfound",
			"user not found", "address does not exist", "does not exist", "doesn't exist", "not a known user", "no such address",
			"unknown address", "address unknown", "invalid recipient", "recipient address rejected: undeliverable", "unknown or illegal alias",
		},
		codes: []int{550, 551, 553, 554, 511, 521},
		kind:  data.KindPermanent, blame: data.BlameRecipient,
		sentence: "The address {to} does not exist.",
		remedy:   remedyAddress,
	},
	{
		name: phraseTooLarge, at: atSender | atEnvelope,
		texts: []string{"too large", "too big", "size exceeds", "size limit", "message size", "maximum size", "maximum message", "exceeds fixed", "exceeded*size"},
		codes: []int{523, 550, 552, 554},
		kind:  data.KindPermanent, blame: data.BlameMessage,
		sentence: "The message is too large for {host}.",
		remedy:   "Send it with smaller attachments.",
	},
	{
		name: "refuses this computer", at: atWelcome,
		texts: []string{"no smtp service", "block", "blacklist", "spam", "reputation", "access denied", "not welcome", "rejected", "refused"}, codes: []int{550, 554, 521, 556, 571},
		kind: data.KindServer, pause: data.PauseShort, blame: data.BlameIT,
		sentence: "The mail server {host} refuses this computer altogether. It may stand on a block list.",
		remedy:   remedyBlocked,
	},
	// Codes of their own, whose texts would fit the next row.
	{
		name: "school not verified", at: atSender | atEnvelope, enhanced: []string{"4.7.26", "5.7.20-27", "5.7.509", "5.7.515"},
		kind: data.KindPermanent, pause: data.PauseQuota, blame: data.BlameIT,
		sentence: "The other side could not verify that your school allowed this server to send.",
		remedy:   remedySPF,
	},
	{
		name: "sending blocked by Microsoft", at: anywhere, enhanced: []string{"5.1.8", "5.7.501-512", "5.7.700-750"},
		kind: data.KindServer, pause: data.PauseQuota, blame: data.BlameIT,
		sentence: "Microsoft has blocked this account or your school for sending.",
		remedy:   remedyUnblock,
	},
	{
		name: "unwanted", at: atSender | atEnvelope,
		texts: []string{"spam", "unsolicited", "blocked", "block list", "blocklist", "blacklist", "black list", "reputation", "policy", "content rejected", "virus", "unwanted"},
		codes: []int{550, 552, 553, 554, 571},
		kind:  data.KindPermanent, pause: data.PauseQuota, blame: data.BlameIT,
		sentence: "The receiving side refused the text or the sender as unwanted.",
		remedy:   remedyUnwanted,
	},
}
