package data

import "strconv"

// Kind is what an outcome means for the delivery.
type Kind string

const (
	// KindSent: the server answered 2xx after the final dot.
	KindSent Kind = "sent"
	// KindTemporary: not now; tried again after a wait.
	KindTemporary Kind = "temporary"
	// KindPermanent: refused for good.
	KindPermanent Kind = "permanent"
	// KindUncertain: the connection was lost after the final dot was sent; it may have arrived (RFC 1047).
	KindUncertain Kind = "uncertain"
	// KindServer: the server's own trouble (name, connection, TLS, sign-in, sender, quota, 421); no message is charged.
	KindServer Kind = "server"
	// KindUntouched: this recipient was not offered to the server, because another's outcome ended the connection.
	KindUntouched Kind = "untouched"
)

// Phase is where in the conversation something was seen; it decides before the reply code does.
type Phase string

// The phases in the order they happen.
const (
	PhaseDNS      Phase = "dns"
	PhaseConnect  Phase = "connect"
	PhaseTLS      Phase = "tls"
	PhaseGreeting Phase = "greeting"
	PhaseEHLO     Phase = "ehlo"
	PhaseAuth     Phase = "auth"
	PhaseMail     Phase = "mail"
	PhaseRcpt     Phase = "rcpt"
	PhaseData     Phase = "data"
	PhaseBody     Phase = "body"
	PhaseDot      Phase = "dot"
	PhaseLocal    Phase = "local" // before anything was said: a rule of ours, the stored bytes, a limit the server named
)

// Blame is who can mend it.
type Blame string

// Who a refusal is about. The breaker counts only what is not the recipient's.
const (
	BlameNobody    Blame = ""
	BlameRecipient Blame = "recipient"
	BlameMessage   Blame = "message"
	BlameSettings  Blame = "settings" // the librarian: a field of the settings
	BlameIT        Blame = "it"
)

// Pause is how long a server in trouble is left alone.
type Pause string

// The pauses: a random 3-9 minutes; 15 minutes doubling to 4 hours; 60 minutes.
const (
	PauseNone  Pause = ""
	PauseShort Pause = "short"
	PauseAuth  Pause = "auth"
	PauseQuota Pause = "quota"
)

// AdviceSlower is the advice of a server that thinks we send too fast: dispatch halves the number of messages in each
// check for a day.
const AdviceSlower = "slower"

// Outcome is what became of one recipient in one try: a value, not a string, so that program and person can both
// read it.
type Outcome struct {
	Kind     Kind   `json:"kind"`
	Phase    Phase  `json:"phase"`
	Code     int    `json:"code,omitempty"`     // reply code; 0: the server gave none
	Enhanced string `json:"enhanced,omitempty"` // "5.1.1"; empty: none
	Line     string `json:"line,omitempty"`     // the server's own words, cleaned, cut, without credentials
	Sentence string `json:"sentence"`           // what happened, for a librarian
	Remedy   string `json:"remedy,omitempty"`   // what to do now
	Blame    Blame  `json:"blame,omitempty"`
	Pause    Pause  `json:"pause,omitempty"`  // for KindServer
	Advice   string `json:"advice,omitempty"` // a word for a program that can mend it: "starttls", "tls", "port-587", "trust", "sign-in", "browser" (sign in with Google or Microsoft), "it-sheet" (only IT can), "sender", AdviceSlower
}

// Alike is equal for refusals that have the same cause as far as one can see: the breaker's measure.
func (o Outcome) Alike() string {
	return string(o.Phase) + " " + strconv.Itoa(o.Code) + " " + o.Enhanced
}
