package relay

import (
	"errors"
	"net/textproto"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"smtpgateway/data"
)

// errStopped: the service itself ended the conversation. It is nobody's fault and counts for nobody.
var errStopped = errors.New("the service is stopping")

// place is where and about whom something was seen.
type place struct {
	phase    data.Phase
	server   data.Server
	from, to string // as far as known
	nobody   bool   // MAIL had the null sender
}

// Classify says what err means, seen at phase of a conversation with s. It is pure, and it always has an answer. The
// place decides before the reply does: up to and including the sign-in it is the server's trouble, whatever the code;
// MAIL too, except the size; without an answer after the final dot it is uncertain. Then speaks the table of phrases,
// then the first digit of the code; and what nobody knows is temporary.
func Classify(phase data.Phase, s data.Server, err error) data.Outcome {
	o, _ := judge(place{phase: phase, server: s}, err)
	return o
}

// judge is Classify with all that is known; it also names the phrase that spoke, empty for none.
func judge(p place, err error) (data.Outcome, string) {
	var o data.Outcome
	name := ""
	if reply, ok := errors.AsType[*textproto.Error](err); ok {
		o, name = judgeReply(p, reply)
	} else {
		o = judgeSilence(p, err)
	}
	if refused, ok := errors.AsType[*tokenRefusedError](err); ok { // before the code, the server said why
		o.Line = data.Clean(o.Line+" "+cleanLine(refused.said, p.server), lineLimit)
	}
	return o, name
}

func judgeReply(p place, reply *textproto.Error) (data.Outcome, string) {
	line := cleanLine(reply.Msg, p.server)
	o := data.Outcome{Phase: p.phase, Code: reply.Code, Enhanced: enhancedCode(reply), Line: line}
	row := find(spotOf(p.phase), reply.Code, o.Enhanced, line)
	name := ""
	if p.server.Token.Reveal() != "" && (row != nil && ofToken(row.name) || row == nil && p.phase == data.PhaseAuth && reply.Code/100 == 5) {
		row = tokenPhrase(p.server.SignIn)
	}
	if p.server.Token.Reveal() != "" {
		row = row.withToken()
	}
	if row != nil {
		name = row.name
		o.Kind, o.Pause, o.Blame, o.Advice, o.Sentence, o.Remedy = row.kind, row.pause, row.blame, row.advice, row.sentence, row.remedy
		// A table says what is refused; the server says whether it is for good.
		if o.Kind == data.KindPermanent && reply.Code/100 != 5 {
			o.Kind = data.KindTemporary
		}
	} else {
		o.Kind, o.Blame, o.Sentence, o.Remedy = unnamed(p, reply.Code)
	}
	rankPlace(&o, p, name)
	o.Sentence, o.Remedy = fill(o.Sentence, p), fill(o.Remedy, p)
	return o, name
}

// rankPlace lets the place outrank what the reply said.
func rankPlace(o *data.Outcome, p place, name string) {
	switch spotOf(p.phase) {
	case atWelcome:
		o.Kind = data.KindServer
		if o.Pause == data.PauseNone {
			o.Pause = data.PauseShort
		}
	case atSignIn:
		o.Kind = data.KindServer
		// 421 says nothing about the password; all else might, and must not lock the account.
		if o.Code != 421 && o.Pause != data.PauseQuota {
			o.Pause = data.PauseAuth
		}
	case atSender:
		switch {
		case name == phraseTooLarge && o.Code/100 == 5:
			o.Kind = data.KindPermanent
		case p.nobody && name == "" && o.Code/100 == 5:
			// The null sender is the program's own doing: one return mail must not stop all the rest.
			o.Kind, o.Blame = data.KindPermanent, data.BlameMessage
		case p.nobody && name == "":
			o.Kind = data.KindTemporary
		default:
			o.Kind = data.KindServer
			if o.Pause == data.PauseNone && o.Code/100 == 5 {
				o.Pause = data.PauseQuota
			} else if o.Pause == data.PauseNone {
				o.Pause = data.PauseShort
			}
		}
	default: // RCPT, DATA and what follows
		switch {
		case o.Kind == data.KindServer:
		case o.Code == 421:
			// Whatever it says besides: the server closes the connection (RFC 5321 3.8), and the recipient is not to blame.
			o.Kind = data.KindServer
			if o.Pause == data.PauseNone {
				o.Pause = data.PauseShort
			}
		default:
			o.Pause = data.PauseNone
		}
	}
}

// unnamed is for replies that no row knows: by the first digit, and temporary if that says nothing either.
func unnamed(p place, code int) (kind data.Kind, blame data.Blame, sentence, remedy string) {
	const copyForIT = "Copy the server's words for IT."
	digit := code / 100
	switch spotOf(p.phase) {
	case atWelcome:
		return data.KindServer, data.BlameIT, "The mail server {host} does not want to talk to this computer now.", copyForIT
	case atSignIn:
		return data.KindServer, data.BlameSettings, "The mail server {host} refused to let you sign in.", remedySettings
	case atSender:
		if digit == 5 {
			return data.KindServer, data.BlameSettings, "The mail server {host} does not take mail from {from}.", "Look at the From address, or copy the server's words for IT."
		}
		return data.KindServer, data.BlameNobody, "The mail server {host} does not take mail from {from} now.", remedyWait
	case atRcpt:
		if digit == 5 {
			return data.KindPermanent, data.BlameIT, "The mail server {host} refused the address {to}.", copyForIT
		}
		return data.KindTemporary, data.BlameNobody, "The mail server {host} does not take mail for {to} now.", remedyWait
	default:
		if digit == 5 {
			return data.KindPermanent, data.BlameMessage, "The mail server {host} refused the message.", copyForIT
		}
		return data.KindTemporary, data.BlameNobody, "The mail server {host} does not take the message now.", remedyWait
	}
}

func spotOf(phase data.Phase) spot {
	switch phase {
	case data.PhaseAuth:
		return atSignIn
	case data.PhaseMail:
		return atSender
	case data.PhaseRcpt:
		return atRcpt
	case data.PhaseData, data.PhaseBody, data.PhaseDot, data.PhaseLocal:
		return atData
	default:
		return atWelcome
	}
}

// notWords are addresses and links in a reply: "spam@school.org: user unknown" is not about spam.
var notWords = regexp.MustCompile(`\S+@\S+|https?://\S+`)

// find asks the table.
func find(at spot, code int, enhanced, line string) *phrase {
	text := strings.ToLower(notWords.ReplaceAllString(line, " "))
	for i := range phrases {
		row := &phrases[i]
		if row.at&at != 0 &&
			(len(row.codes) == 0 || slices.Contains(row.codes, code)) &&
			(len(row.enhanced) == 0 || slices.ContainsFunc(row.enhanced, func(r string) bool { return inRange(enhanced, r) })) &&
			(len(row.texts) == 0 || slices.ContainsFunc(row.texts, func(t string) bool { return contains(text, t) })) {
			return row
		}
	}
	return nil
}

// contains looks for a pattern in which * is anything in between.
func contains(text, pattern string) bool {
	for part := range strings.SplitSeq(pattern, "*") {
		_, rest, ok := strings.Cut(text, part)
		if !ok {
			return false
		}
		text = rest
	}
	return true
}

// inRange compares an enhanced code with "5.7.1" or with a range of its last number, "5.7.501-512".
func inRange(enhanced, pattern string) bool {
	low, high, ok := strings.Cut(pattern, "-")
	if !ok {
		return enhanced == pattern
	}
	stem, from, _ := cutLast(low)
	got, detail, ok := cutLast(enhanced)
	if !ok || got != stem {
		return false
	}
	n, _ := strconv.Atoi(detail)
	a, _ := strconv.Atoi(from)
	b, _ := strconv.Atoi(high)
	return a <= n && n <= b
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

var enhancedPattern = regexp.MustCompile(`^\s*([245])\.(\d{1,3})\.(\d{1,3})(?:\D|$)`)

// enhancedCode reads the status code of RFC 3463 at the beginning of a reply. One that contradicts the reply code is no
// code.
func enhancedCode(reply *textproto.Error) string {
	m := enhancedPattern.FindStringSubmatch(reply.Msg)
	if m == nil || m[1] != strconv.Itoa(reply.Code/100) {
		return ""
	}
	return m[1] + "." + m[2] + "." + m[3]
}

// fill puts names into a sentence.
func fill(sentence string, p place) string {
	from, to := p.from, p.to
	switch {
	case p.nobody:
		from = "nobody (a return mail)"
	case from == "":
		from = "your From address"
	}
	domain := to
	if i := strings.LastIndexByte(to, '@'); i >= 0 {
		domain = to[i+1:]
	}
	if to == "" {
		to, domain = "of the recipient", "the domain of the recipient"
	}
	return strings.NewReplacer("{host}", p.server.Host, "{port}", strconv.Itoa(p.server.Port),
		"{user}", data.Clean(p.server.User, 100), "{provider}", provider(p.server),
		"{from}", data.Clean(from, 100), "{to}", data.Clean(to, 100), "{domain}", data.Clean(domain, 100)).Replace(sentence)
}
