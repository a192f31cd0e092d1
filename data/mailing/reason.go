package mailing

import "smtpgateway/data"

// Reason is one sentence on why somebody did, or did not, get a letter or notice.
func Reason(d *data.Decision) string {
	with := func(sentence string) string {
		if d.Detail == "" {
			return sentence + "."
		}
		return sentence + " (" + d.Detail + ")."
	}
	switch d.Ruling {
	case data.RulingSend:
		return with("A notice was written")
	case data.RulingAlong:
		return with("Told in the same mail as another loan")
	case data.RulingTold:
		return "Was told before."
	case data.RulingOff:
		return "Automatic notices are not switched on for this patron."
	case data.RulingNoAddress:
		return with("There is no e-mail address")
	case data.RulingBadAddress:
		return with("The address cannot be used")
	case data.RulingHeldPatron:
		return with("The patron is on hold")
	case data.RulingHeldLoan:
		return with("The loan is on hold")
	case data.RulingLeft:
		return with("The patron has left")
	case data.RulingUndecided:
		return "Nobody has chosen yet what guardians are told."
	case data.RulingDisclose:
		return "Guardians of this group are told nothing."
	case data.RulingTooLate:
		return with("It is too late for this notice")
	case data.RulingLater:
		return with("A later notice about the same loan speaks for it")
	case data.RulingClosed:
		return with("The library is closed; it follows on the next open day")
	case data.RulingExcluded:
		return "The group gets no automatic notices."
	case data.RulingRefused:
		return "A person said no to these notices."
	case data.RulingUnwritten:
		return "The letter for this notice cannot be written."
	}
	return with(string(d.Ruling))
}
