package mailing

import (
	"fmt"
	"slices"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

// unwritten is what a plan leaves out because its letter cannot be written.
type unwritten struct {
	loans int    // at a stage
	why   string // in words; empty: nothing is left out
}

// leaveOut plans without the stages whose letter cannot be written: nobody knows the letter, or its text has a mistake. The
// others go out as if there were no such stage; what it would have told is decided as unwritten.
func (p *planned) leaveOut(t *texts) {
	first := p.Outcome
	bad := map[string]error{} // by name of the stage
	for {
		n := len(bad)
		for _, mails := range [][]notice.Mail{p.Mails, p.Print} {
			for i := range mails {
				m := &mails[i]
				if _, _, err := t.compile(m.Template, m.Language); err != nil && bad[m.Stage.Name()] == nil {
					bad[m.Stage.Name()] = err
				}
			}
		}
		if len(bad) == n {
			break
		}
		in := p.input
		in.Settings.Stages = data.FormatStages(slices.DeleteFunc(in.Settings.StageList(), func(st data.Stage) bool { return bad[st.Name()] != nil }))
		p.Outcome = notice.Plan(in)
	}
	if len(bad) == 0 {
		return
	}
	p.Decisions = withUnwritten(p.Decisions, first.Decisions, bad)
	p.unwritten = countUnwritten(p.Decisions, bad)
}

// withUnwritten adds what was decided about stages whose letter cannot be written, patron by patron.
func withUnwritten(all, first []data.Decision, bad map[string]error) []data.Decision {
	of := make(map[int64][]data.Decision)
	for i := range all {
		of[all[i].Patron] = append(of[all[i].Patron], all[i])
	}
	var order []int64
	for _, d := range first {
		if !slices.Contains(order[max(0, len(order)-1):], d.Patron) {
			order = append(order, d.Patron)
		}
		if bad[d.Stage] == nil {
			continue
		}
		switch d.Ruling {
		case data.RulingSend, data.RulingAlong, data.RulingNoAddress, data.RulingBadAddress:
			d.Ruling, d.Detail = data.RulingUnwritten, ""
		default:
		}
		of[d.Patron] = append(of[d.Patron], d)
	}
	merged := make([]data.Decision, 0, len(first))
	for _, patron := range order {
		merged = append(merged, of[patron]...)
	}
	return merged
}

func countUnwritten(all []data.Decision, bad map[string]error) unwritten {
	loans := make(map[string]map[string]bool) // by stage
	for i := range all {
		if d := &all[i]; d.Ruling == data.RulingUnwritten {
			if loans[d.Stage] == nil {
				loans[d.Stage] = make(map[string]bool)
			}
			loans[d.Stage][d.Loan] = true
		}
	}
	var u unwritten
	var why []string
	for stage, some := range loans {
		sentence, _ := data.Words(bad[stage])
		notices := "Notices of 1 loan"
		if len(some) > 1 {
			notices = fmt.Sprintf("Notices of %d loans", len(some))
		}
		why = append(why, fmt.Sprintf("%s (%s) cannot be written: %s", notices, stage, sentence))
		u.loans += len(some)
	}
	slices.Sort(why)
	u.why = strings.Join(why, " ")
	return u
}
