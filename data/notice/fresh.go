package notice

import (
	"fmt"
	"time"

	"smtpgateway/data"
)

// Fresh reports whether a list of loans made at taken is young enough for notices at now: at most days open days lie behind
// its day, today included. With 1 it is of today or of the last open day before. age says how old it is: "4 days old".
func Fresh(taken, now time.Time, c Calendar, days int) (ok bool, age string) {
	if taken.IsZero() {
		return false, "not there yet"
	}
	made, today := data.DateOf(taken.In(now.Location())), data.DateOf(now)
	switch n := int(today) - int(made); {
	case n < -1:
		// A clock ran wrong somewhere, so nobody knows how old the list is.
		return false, "dated " + made.String() + ", which is still to come"
	case n <= 0:
		return true, "of today"
	case n == 1:
		age = "1 day old"
	default:
		age = fmt.Sprintf("%d days old", n)
	}
	return c.OpenDaysBetween(made, today) <= days, age
}

// enoughRuns is how many runs it takes to say what is usual.
const enoughRuns = 5

// fewMails is a run that is never far too large: where one notice a morning is usual, four on a Monday are no flood.
const fewMails = 10

// Flood says in one sentence why a run of count mails waits for a person's yes; empty: it does not. median is the usual
// number of mails of the last runs that sent for real, runs how many of these there were; factor as Overdue.Flood, 0:
// never; limit is how many recipients a day the mail server takes, 0: not known. Ten mails or less are never too
// many beside what is usual.
func Flood(count, median, runs, factor, limit int) (why string) {
	switch {
	case count == 0:
		return ""
	case runs == 0:
		return fmt.Sprintf("This is the first run that sends for real: %s.", mails(count))
	case limit > 0 && count > limit:
		return fmt.Sprintf("%s are more than the %d a day that the mail server takes.", mails(count), limit)
	case factor > 0 && runs >= enoughRuns && count > max(factor*median, fewMails):
		return fmt.Sprintf("%s are far more than usual: most runs have %d.", mails(count), median)
	}
	return ""
}

func mails(n int) string {
	if n == 1 {
		return "1 mail"
	}
	return fmt.Sprintf("%d mails", n)
}
