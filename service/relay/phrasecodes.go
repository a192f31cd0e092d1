package relay

import "smtpgateway/data"

// knownCodes are the replies known by their codes, whatever their words.
var knownCodes = []phrase{
	// Reply code together with enhanced code.
	{
		name: phraseSwitchedOff, at: anywhere, enhanced: []string{"5.7.139"},
		kind: data.KindServer, pause: data.PauseAuth, blame: data.BlameIT, advice: adviceSheet,
		sentence: "Microsoft has switched off this kind of sign-in for your school. Only IT can allow it (Authenticated SMTP for this mailbox).",
		remedy:   remedySheet,
	},
	{
		name: phraseNoPasswords, at: anywhere, codes: []int{535, 550, 554}, enhanced: []string{"5.7.30"},
		kind: data.KindServer, pause: data.PauseAuth, blame: data.BlameIT, advice: adviceBrowser,
		sentence: "Microsoft no longer accepts passwords here.",
		remedy:   remedyNewSignIn,
	},
	{
		name: phraseGoogleWord, at: anywhere, codes: []int{534, 535}, enhanced: []string{"5.7.9"},
		kind: data.KindServer, pause: data.PauseAuth, blame: data.BlameSettings, advice: "sign-in",
		sentence: "Google wants an app password, not your normal one.",
		remedy:   remedyGoogleWord,
	},
	{
		name: phraseWebOnce, at: anywhere, codes: []int{534, 535}, enhanced: []string{"5.7.14"},
		kind: data.KindServer, pause: data.PauseAuth, blame: data.BlameSettings, advice: "sign-in",
		sentence: "Google wants you to sign in to this account once with a web browser.",
		remedy:   "Open the account in a web browser on this computer, confirm that it was you, then press Test.",
	},
	{
		name: "sign-in only when protected", at: anywhere, codes: []int{538},
		kind: data.KindServer, pause: data.PauseShort, blame: data.BlameSettings, advice: "starttls",
		sentence: "The mail server {host} lets you sign in only on a protected connection.",
		remedy:   remedyProtect,
	},
	{
		name: phraseSignIn, at: anywhere, codes: []int{530},
		kind: data.KindServer, pause: data.PauseAuth, blame: data.BlameSettings, advice: "sign-in",
		sentence: "The mail server {host} wants a user name and a password.",
		remedy:   remedySettings,
	},
	{
		name: phraseWrongLogin, at: anywhere, codes: []int{535},
		kind: data.KindServer, pause: data.PauseAuth, blame: data.BlameSettings, advice: "sign-in",
		sentence: "User name or password is wrong for {host}.",
		remedy:   remedyEnterAgain,
	},
	{
		name: "way of signing in unknown", at: atSignIn, codes: []int{500, 501, 502, 503, 504},
		kind: data.KindServer, pause: data.PauseAuth, blame: data.BlameSettings, advice: "sign-in",
		sentence: "The mail server {host} does not know this way of signing in.",
		remedy:   "Choose auto as the way of signing in.",
	},
	{
		name: "sign-in out of order", at: atSignIn, codes: []int{432, 451, 454},
		kind: data.KindServer, pause: data.PauseAuth,
		sentence: "The sign-in service of {host} is briefly out of order.",
		remedy:   remedyWait,
	},
	{
		name: phraseRefused, at: atSignIn, codes: []int{534, 550, 554, 525, 537, 539},
		kind: data.KindServer, pause: data.PauseAuth, blame: data.BlameSettings, advice: "sign-in",
		sentence: "The mail server {host} refused to let you sign in.",
		remedy:   remedySettings,
	},
	{
		name: "too many connections", at: anywhere, codes: []int{432},
		kind: data.KindServer, pause: data.PauseShort,
		sentence: "Too many connections to {host} at once.",
		remedy:   "Nothing to do: we try again later. Set one connection at a time if it happens often.",
	},
	{
		name: "busy", at: anywhere, codes: []int{421},
		kind: data.KindServer, pause: data.PauseShort,
		sentence: "The mail server {host} is busy.",
		remedy:   remedyWait,
	},
	{
		name: "allowance used up", at: anywhere, codes: []int{550}, enhanced: []string{"5.4.5", "5.4.6"},
		kind: data.KindServer, pause: data.PauseQuota,
		sentence: "Today's allowance of the mail service at {host} is used up.",
		remedy:   remedyAllowance,
	},
	{
		name: "sender refused", at: atSender | atEnvelope, enhanced: []string{"5.7.60", "5.2.252"},
		kind: data.KindServer, pause: data.PauseQuota, blame: data.BlameSettings, advice: "sender",
		sentence: "This account may not send as {from}.",
		remedy:   remedySendAs,
	},
	{
		name: "sending mailbox full", at: atSender | atData, codes: []int{554}, enhanced: []string{"5.2.2"},
		kind: data.KindServer, pause: data.PauseQuota, blame: data.BlameSettings,
		sentence: "The mailbox of the sending account is full, so the mail service takes no more from it.",
		remedy:   "Make room in that mailbox: sent mail is kept there too.",
	},
	{
		name: "mailbox full", at: atEnvelope, enhanced: []string{"4.2.2", "5.2.2"},
		kind: data.KindTemporary, blame: data.BlameRecipient,
		sentence: "The mailbox {to} is full.",
		remedy:   "It is tried again by itself. If it stays full, tell its owner or use another address.",
	},
	{
		name: phraseTooManyRecipients, at: atEnvelope, enhanced: []string{"4.5.3", "5.5.3"},
		kind:     data.KindTemporary,
		sentence: "Too many recipients in one message for {host}.",
		remedy:   "Nothing to do: the rest goes in a message of its own.",
	},
	{
		name: phraseTooLarge, at: atSender | atEnvelope, codes: []int{550, 552, 554}, enhanced: []string{"5.3.4", "5.2.3"},
		kind: data.KindPermanent, blame: data.BlameMessage,
		sentence: "The message is too large for {host}.",
		remedy:   "Send it with smaller attachments.",
	},
	{
		name: phraseTooLarge, at: atSender | atData, codes: []int{552},
		kind: data.KindPermanent, blame: data.BlameMessage,
		sentence: "The message is too large for {host}.",
		remedy:   "Send it with smaller attachments.",
	},
	{
		name: "mailbox full", at: atRcpt, codes: []int{552},
		kind: data.KindTemporary, blame: data.BlameRecipient,
		sentence: "The mailbox {to} is full.",
		remedy:   "It is tried again by itself. If it stays full, tell its owner or use another address.",
	},
	{
		name: "busy", at: anywhere, enhanced: []string{"4.3.0", "4.3.1", "4.3.2", "4.4.5"},
		kind: data.KindTemporary, pause: data.PauseShort,
		sentence: "The mail server {host} is busy.",
		remedy:   remedyWait,
	},
	{
		name: "come back later", at: atEnvelope, codes: []int{450, 451, 452}, enhanced: []string{"4.7.0-999", "4.2.0", "4.2.1"},
		kind:     data.KindTemporary,
		sentence: "The other side asks us to come back later, which is normal.",
		remedy:   remedyWait,
	},
	{
		name: "refuses this computer", at: atWelcome, codes: []int{554, 550, 521, 556},
		kind: data.KindServer, pause: data.PauseShort, blame: data.BlameIT,
		sentence: "The mail server {host} refuses this computer altogether. It may stand on a block list.",
		remedy:   remedyBlocked,
	},
	{
		name: "name refused", at: atWelcome, codes: []int{501, 504, 553},
		kind: data.KindServer, pause: data.PauseShort, blame: data.BlameSettings,
		sentence: "The mail server {host} does not like the name this computer gave itself.",
		remedy:   "Ask IT which name to use and enter it as the EHLO response.",
	},

	// Enhanced code alone.
	{
		name: phraseSignIn, at: anywhere &^ atWelcome, enhanced: []string{"5.7.57"},
		kind: data.KindServer, pause: data.PauseAuth, blame: data.BlameSettings, advice: "sign-in",
		sentence: "The mail server {host} wants a user name and a password.",
		remedy:   remedySettings,
	},
	{
		name: "sign-in only when protected", at: anywhere &^ atWelcome, enhanced: []string{"5.7.11"},
		kind: data.KindServer, pause: data.PauseShort, blame: data.BlameSettings, advice: "starttls",
		sentence: "The mail server {host} lets you sign in only on a protected connection.",
		remedy:   remedyProtect,
	},
	{
		name: "no such address", at: atEnvelope, enhanced: []string{"5.1.0", "5.1.1", "5.1.6", "5.1.10", "5.4.1"},
		kind: data.KindPermanent, blame: data.BlameRecipient,
		sentence: "The address {to} does not exist.",
		remedy:   remedyAddress,
	},
	{
		name: "no such domain", at: atEnvelope, enhanced: []string{"5.1.2", "5.4.4"},
		kind: data.KindPermanent, blame: data.BlameRecipient,
		sentence: "There is no mail at {domain}. Is it a typing mistake?",
		remedy:   remedyAddress,
	},
	{
		name: "address not understood", at: atRcpt, enhanced: []string{"5.1.3"},
		kind: data.KindPermanent, blame: data.BlameRecipient,
		sentence: "The mail server {host} does not take {to} for an address.",
		remedy:   remedyAddress,
	},
	{
		name: "mailbox closed", at: atEnvelope, enhanced: []string{"5.2.1"},
		kind: data.KindPermanent, blame: data.BlameRecipient,
		sentence: "The mailbox {to} is closed.",
		remedy:   "Ask for a new address.",
	},
	{
		name: "computer refused for this", at: atSender | atEnvelope, codes: []int{554}, enhanced: []string{"5.2.0"},
		kind: data.KindPermanent, pause: data.PauseQuota, blame: data.BlameIT,
		sentence: "The mail server {host} refuses mail from this computer. It may stand on a block list.",
		remedy:   remedyBlocked,
	},
	{
		name: "unwanted", at: atSender | atEnvelope, codes: []int{550, 553, 554}, enhanced: []string{"5.7.0", "5.7.1"},
		kind: data.KindPermanent, pause: data.PauseQuota, blame: data.BlameIT,
		sentence: "The receiving side refused the text or the sender as unwanted.",
		remedy:   remedyUnwanted,
	},
	{
		name: "text not understood", at: atData, enhanced: []string{"5.6.0-99"},
		kind: data.KindPermanent, blame: data.BlameMessage,
		sentence: "The mail server {host} cannot handle the form of this message.",
		remedy:   remedyBlocked,
	},
}
