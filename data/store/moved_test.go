package store_test

import (
	"testing"

	"smtpgateway/data"
)

func TestALoanThatPassedOnToSomebodyElse(t *testing.T) {
	l := newLibrary(t)
	l.patron(1)
	l.patron(2)
	l.loan("a", 1, 20)
	l.loan("b", 1, 20)
	old := l.post(notice(1, 20, "a", "b"))[0]
	if stale := l.stale(); len(stale) != 0 {
		t.Fatalf("%+v", stale)
	}
	l.changed(`UPDATE loan SET patron = 2 WHERE key = 'a'`)
	stale := l.stale()
	if len(stale) != 1 || stale[0].Cause != data.StaleLoan || stale[0].Why != "One of 2 loans is now lent to somebody else." || len(stale[0].Gone) != 1 || stale[0].Gone[0] != "a" {
		t.Fatalf("the letter to the one who had it: %+v", stale)
	}
	with := notice(1, 20, "b")
	ok(t, l.ReplaceLetter(t.Context(), old, &with, stale[0].Why))
	if _, told := l.ledger()[data.NoticeKey{Loan: "a", Due: 20, Stage: "+1", Role: data.RolePatron}]; told {
		t.Error("the one who has it now can not be told of it any more")
	}
	wantEqual(t, "rows", len(l.ledger()), 1)
}
