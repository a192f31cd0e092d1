package sendercheck

import (
	"bytes"
	"fmt"
	"io"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf16"

	"smtpgateway/data"
)

// MaxReceived is how much of a received mail is read, in octets; the headers stand at its beginning.
const MaxReceived = 512 << 10

const maxFields = 1000 // of a header

// Words that several answers share.
const (
	nextWhole   = "Open the message in the mailbox that received it and show its original (Gmail: three dots, Show original; Outlook: File, Properties, Internet headers, or View message source on the web). Copy everything and paste it here, or save it as .eml and open that."
	nextOutside = "Send the test message to a mailbox outside the school, for example a private one at Gmail or Outlook.com, and take the one received there."
)

// Received reads what the server that received a mail wrote into it about SPF, DKIM and DMARC: Authentication-Results
// (RFC 8601), ARC-Authentication-Results (RFC 8617) or Received-SPF (RFC 7208 9.1). Servers put their fields above those that
// are there, so the topmost is the receiver's own; what stands below it anybody may have written. It takes a pasted text or a
// saved mail, and always gives an answer.
func Received(r io.Reader) data.Evidence {
	b, err := io.ReadAll(io.LimitReader(r, MaxReceived))
	if err != nil {
		return data.Evidence{Finding: data.FindingUnknown, Sentence: "The message cannot be read.", Next: "Look at the file and its rights."}
	}
	if bytes.HasPrefix(b, []byte{0xD0, 0xCF, 0x11, 0xE0}) {
		return data.Evidence{Finding: data.FindingUnknown, Sentence: "This is a message as Outlook keeps it (.msg), which cannot be read here.", Next: nextWhole}
	}
	fields := readFields(plain(b))
	if len(fields) == 0 {
		return data.Evidence{Finding: data.FindingUnknown, Sentence: "There is no mail header in it, only text: the verdict of the receiving server stands in the header.", Next: nextWhole}
	}
	e := data.Evidence{From: fromOf(fields)}
	for _, take := range []func([]mailField, *data.Evidence) ([]told, bool){authentication, arc, receivedSPF} {
		all, silent := take(fields, &e)
		if silent {
			break
		}
		if len(all) > 0 {
			judgeEvidence(&e, all)
			return e
		}
	}
	e.Finding = data.FindingUnknown
	if !slices.ContainsFunc(fields, func(f mailField) bool { return f.name == "received" }) {
		e.Sentence = "This message was not received yet: it is a copy of what was sent, or only a part of the header. No server has judged it."
		e.Next = nextWhole
		return e
	}
	e.Sentence = "The server that received this message wrote nothing into it about SPF, DKIM or DMARC, so it proves nothing."
	e.Next = nextOutside
	return e
}

// mailField is one field of a header, unfolded.
type mailField struct {
	name  string // in lower case
	title string // as it stands
	value string
}

// plain makes text of what Notepad and others save: UTF-16 with its mark, UTF-8 with one.
func plain(b []byte) string {
	little, big := bytes.HasPrefix(b, []byte{0xFF, 0xFE}), bytes.HasPrefix(b, []byte{0xFE, 0xFF})
	if !little && !big {
		return string(bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF")))
	}
	units := make([]uint16, 0, len(b)/2)
	for i := 2; i+1 < len(b); i += 2 {
		if little {
			units = append(units, uint16(b[i])|uint16(b[i+1])<<8)
		} else {
			units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
		}
	}
	return string(utf16.Decode(units))
}

// readFields reads the header at the beginning of a text, forgiving what pasting does to it: empty lines and a sentence in
// front, line ends of any kind, a "From " line.
func readFields(text string) []mailField {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	var all, first []mailField
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case strings.TrimSpace(line) == "":
			if ofMail(all) {
				return all
			}
			if first == nil {
				first = all
			}
			all = nil // the table above the original on a web page
		case line[0] == ' ' || line[0] == '\t':
			if len(all) > 0 {
				all[len(all)-1].value += " " + strings.TrimSpace(line)
			}
		default:
			title, value, ok := strings.Cut(line, ":")
			if !ok || !fieldName(title) {
				if len(all) > 0 && !strings.HasPrefix(line, "From ") {
					all[len(all)-1].value += " " + strings.TrimSpace(line) // a fold whose blank was lost while pasting
				}
				continue
			}
			if len(all) == maxFields {
				return all
			}
			all = append(all, mailField{name: strings.ToLower(title), title: title, value: strings.TrimSpace(value)})
		}
	}
	if !ofMail(all) && first != nil {
		return first
	}
	return all
}

// ofMail reports whether fields are a mail's, which has a date or an id, or was received.
func ofMail(fields []mailField) bool {
	return slices.ContainsFunc(fields, func(f mailField) bool {
		return slices.Contains([]string{"received", "return-path", "date", "message-id", "mime-version", "authentication-results", "arc-authentication-results", "received-spf"}, f.name)
	})
}

func fieldName(s string) bool {
	return s != "" && len(s) <= 76 && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// fromOf is the address in the From field; empty: none, or several.
func fromOf(fields []mailField) string {
	for _, f := range fields {
		if f.name == "from" {
			if a, err := mail.ParseAddress(data.Clean(f.value, 1000)); err == nil {
				return data.Clean(a.Address, 320)
			}
		}
	}
	return ""
}

// shown is a field as IT reads it.
func (f *mailField) shown() string { return f.title + ": " + data.Clean(f.value, 2000) }

// judgeEvidence puts verdicts into words and sums them up.
func judgeEvidence(e *data.Evidence, all []told) {
	from := domainOf(e.From)
	worst := data.FindingGood
	var said []string
	for _, part := range []data.SenderPart{data.SenderSPF, data.SenderDKIM, data.SenderDMARC} {
		v := verdictOf(part, all, from)
		e.Results = append(e.Results, v)
		name, result := strings.ToUpper(string(part)), v.Result
		if result == "" {
			result = "not told"
		}
		said = append(said, name+" "+result)
		if rank(v.Finding) > rank(worst) {
			worst = v.Finding
		}
	}
	spf, dkim, dmarc := e.Results[0], e.Results[1], e.Results[2]
	if worst == data.FindingUnknown && (spf.Finding == data.FindingGood || dkim.Finding == data.FindingGood) && dmarc.Finding != data.FindingBad {
		worst = data.FindingLook // something was proved, something was not told
	}
	if dmarc.Result == "pass" && worst == data.FindingBad {
		worst = data.FindingLook // one of the two is enough for the receiver
	}
	e.Finding = worst
	e.Sentence = strings.Join(said, ", ")
	switch worst {
	case data.FindingGood:
		e.Sentence += " - good. This mail is trusted."
	case data.FindingLook:
		e.Sentence += " - it got through, but look at what is not \"pass\"."
	case data.FindingBad:
		e.Sentence += " - not good. Such mail lands in junk or is refused."
	case data.FindingUnknown:
		e.Sentence += " - that proves nothing."
	}
	for _, v := range e.Results {
		if v.Next != "" && v.Finding == worst {
			e.Next = v.Next
			break
		}
	}
	if e.By != "" && from != "" && organisation(domainOf("x@"+e.By)) == organisation(from) {
		e.Next = strings.TrimSpace(e.Next + " The school's own server says so, and others may see it otherwise. " + nextOutside)
	}
}

func domainOf(address string) string {
	a, err := data.ParseAddress(address)
	if err != nil {
		return ""
	}
	return a.Domain
}

// verdictOf is what the receiver said of one part. Of several signatures the best that is the school's own counts.
func verdictOf(part data.SenderPart, all []told, from string) data.SenderVerdict {
	v := data.SenderVerdict{Part: part, Finding: data.FindingUnknown, Sentence: "The receiving server said nothing about " + strings.ToUpper(string(part)) + "."}
	first := true
	for _, t := range all {
		if t.part != part {
			continue
		}
		one := data.SenderVerdict{Part: part, Result: t.result, Domain: t.domain}
		wordVerdict(&one, t, from)
		if first || rank(one.Finding) < rank(v.Finding) {
			v, first = one, false
		}
	}
	return v
}

// wordVerdict says what one verdict means.
func wordVerdict(v *data.SenderVerdict, t told, from string) {
	name := strings.ToUpper(string(v.Part))
	aligned := t.domain == "" || from == "" || organisation(t.domain) == organisation(from)
	about := ""
	if t.domain != "" {
		about = " for " + t.domain
	}
	switch t.result {
	case "pass":
		v.Finding, v.Sentence = data.FindingGood, name+" passed"+about+"."
		if !aligned {
			v.Finding = data.FindingLook
			v.Sentence = fmt.Sprintf("%s passed for %s, but the From address is of %s, so it does not speak for the school.", name, t.domain, from)
			v.Next = "IT switches on signing (DKIM) with the school's own domain."
			if v.Part == data.SenderSPF {
				v.Next = "Send with a From address of " + t.domain + ", or ask IT about it."
			}
		}
	case "temperror":
		v.Finding, v.Sentence = data.FindingUnknown, "The receiving server could not look up "+name+about+" just then."
		v.Next = "Send another test message."
	case "none", "neutral", "policy", "bestguesspass":
		v.Finding, v.Sentence = data.FindingBad, "The receiving server found nothing that speaks for your mail: "+name+" "+t.result+about+"."
		v.Next = nextOf(v.Part)
		if v.Part == data.SenderDMARC && t.result == "bestguesspass" {
			v.Finding = data.FindingLook
		}
		if v.Part == data.SenderDKIM && t.result == "none" || v.Part == data.SenderDMARC && t.result == "none" {
			v.Finding = data.FindingLook
		}
	default:
		v.Finding, v.Sentence = data.FindingBad, "The receiving server did not believe that this mail is the school's: "+name+" "+t.result+about+"."
		v.Next = nextOf(v.Part)
	}
	if t.reason != "" && v.Finding != data.FindingGood {
		v.Sentence += " It says: " + t.reason + "."
	}
}

func nextOf(part data.SenderPart) string {
	switch part {
	case data.SenderSPF:
		return "The server that sent it must be named in the SPF record: run the sender check, and have the record published that it shows."
	case data.SenderDKIM:
		return "IT switches on signing (DKIM) at the mail server and publishes its key; a server that changes mail on its way may also break the signature."
	default:
		return "Put SPF and DKIM right: run the sender check, which shows what is missing."
	}
}
