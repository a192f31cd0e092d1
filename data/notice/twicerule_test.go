package notice_test

import (
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

func TestOfTwoRulesForOneGroupTheOneThatTellsLessHolds(t *testing.T) {
	for _, rules := range [][]data.GroupRule{
		{{Group: "5B", Disclosure: data.DiscloseNothing}, {Group: "5b", Disclosure: data.DiscloseTitles}},
		{{Group: "5b", Disclosure: data.DiscloseTitles}, {Group: " 5b", Excluded: true}, {Group: "5B", Disclosure: data.DiscloseNothing}},
	} {
		p := anna(func(p *data.Patron) { p.Guardians = []data.Guardian{guardian("mum@x.org")} })
		in := input(school(p, late("L1", 1)), stages("+1:overdue-first:guardian"), func(in *notice.Input) { in.Rules = rules })
		if out := notice.Plan(in); len(out.Mails) != 0 {
			t.Errorf("%+v: %+v", rules, out.Mails)
		}
		if out := notice.Letters(notice.LetterInput{Day: monday, Template: "free", Audience: data.ToGuardian, Which: notice.WhichOverdue, Disclosure: data.DiscloseTitles, Rules: rules, Roster: in.Roster}); len(out.Mails) != 0 {
			t.Errorf("%+v: %+v", rules, out.Mails)
		}
	}
}
