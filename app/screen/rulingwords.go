package screen

import (
	"regexp"
	"strconv"
	"strings"

	"smtpgateway/data"
)

// StageWords are what a notice is called by its stage: "notice 1 day overdue".
func (d *Desk) StageWords(stage string) string {
	n, err := strconv.Atoi(stage)
	switch {
	case err != nil:
		return d.Say("notice")
	case n > 0:
		return d.Say("notice {{.Days}} overdue", With("Days", d.days(n)))
	case n == 0:
		return d.Say("notice on the due date")
	}
	return d.Say("reminder {{.Days}} before the due date", With("Days", d.days(-n)))
}

// RulingWords say why somebody did, or did not, get a notice about one thing.
func (d *Desk) RulingWords(x *data.Decision) (words string, mark Mark) {
	with := With("Notice", d.StageWords(x.Stage), "Title", data.Clean(x.Title, 80), "Detail", d.datesIn(x.Detail), "Loan", x.Loan)
	switch x.Ruling {
	case data.RulingSend:
		if x.Detail == "" {
			return d.Say("{{.Notice}} about \"{{.Title}}\"", with), MarkGood
		}
		return d.Say("{{.Notice}} about \"{{.Title}}\" to {{.Detail}}", with), MarkGood
	case data.RulingAlong:
		if x.Role == data.RoleGuardian && !strings.Contains(x.Detail, "@") {
			return d.Say("no second {{.Notice}} about \"{{.Title}}\" to a guardian: it is the same address", with), MarkOff
		}
		return d.Say("\"{{.Title}}\" stood in the same mail ({{.Notice}})", with), MarkGood
	default:
	}
	with["Why"] = d.silence(x)
	switch guardian := x.Role == data.RoleGuardian; {
	case x.Title == "":
		words = d.Say("no {{.Notice}}: {{.Why}}", with)
	case guardian:
		words = d.Say("no {{.Notice}} to guardians about \"{{.Title}}\": {{.Why}}", with)
	default:
		words = d.Say("no {{.Notice}} about \"{{.Title}}\": {{.Why}}", with)
	}
	return words, silenceMark(x.Ruling)
}

// Silence is why a decision ends in no notice, half a sentence: "automatic notices are off for this patron".
func (d *Desk) Silence(x *data.Decision) string { return d.silence(x) }

func (d *Desk) silence(x *data.Decision) string { //nolint:gocognit // one case a ruling
	detail := d.datesIn(x.Detail)
	guardian := x.Role == data.RoleGuardian
	with := With("Detail", detail)
	var words string
	switch x.Ruling {
	case data.RulingTold:
		return d.Say("it was told already")
	case data.RulingOff:
		return d.Say("automatic notices are off for this patron")
	case data.RulingNoAddress:
		words = d.Say("there is no e-mail address; it is for the print pile")
		if guardian {
			words = d.Say("no guardian has an e-mail address; it is for the print pile")
		}
		return words
	case data.RulingBadAddress:
		words = d.Say("the address fails; it is for the print pile")
	case data.RulingHeldPatron:
		words = d.Say("the patron is held")
	case data.RulingHeldLoan:
		words = d.Say("this loan is held")
	case data.RulingLeft:
		return d.Say("the patron has left")
	case data.RulingUndecided:
		return d.Say("nobody has chosen yet what guardians are told")
	case data.RulingDisclose:
		return d.Say("guardians of this group are told nothing")
	case data.RulingTooLate:
		words = d.Say("it is too late for it")
	case data.RulingLater:
		if detail == "" {
			return d.Say("a later notice speaks for it")
		}
		return d.Say("the {{.Detail}} speaks for it", With("Detail", d.StageWords(x.Detail)))
	case data.RulingClosed:
		if detail == "" {
			return d.Say("the library is closed; it follows on the next open day")
		}
		return d.Say("the library is closed; it follows on {{.Detail}}", with)
	case data.RulingExcluded:
		return d.Say("this group gets no notices")
	case data.RulingRefused:
		return d.Say("a person said no to these notices")
	case data.RulingUnwritten:
		return d.Say("its letter is missing, or has a mistake")
	case data.RulingSend, data.RulingAlong:
		return ""
	default:
		words = string(x.Ruling)
	}
	if detail == "" {
		return words
	}
	return d.Say("{{.Words}} ({{.Detail}})", With("Words", words, "Detail", detail))
}

// silenceMark tells what a person may want to mend from what is as it should be.
func silenceMark(r data.Ruling) Mark {
	switch r {
	case data.RulingNoAddress, data.RulingBadAddress, data.RulingUndecided, data.RulingTooLate, data.RulingUnwritten:
		return MarkWarn
	case data.RulingClosed:
		return MarkWaiting
	default:
		return MarkOff
	}
}

var isoDay = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b`)

// datesIn writes the days in a text as people read them.
func (d *Desk) datesIn(text string) string {
	return isoDay.ReplaceAllStringFunc(text, func(s string) string {
		on, err := data.ParseDate(s)
		if err != nil {
			return s
		}
		return d.Date(on)
	})
}
