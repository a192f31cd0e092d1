package assets

import (
	_ "embed" // the lists below
	"regexp"
	"strconv"
	"time"
)

var (
	//go:embed school/patrons.csv
	schoolPatrons []byte
	//go:embed school/loans.csv
	schoolLoans []byte
)

// Somebody of everything in the lists of School.
const (
	SchoolName  = "Maple Hill School Library" // there is none
	SchoolGroup = "Herons"                    // a class with loans in every state; one of them has neither an address nor a guardian's
	SchoolHeld  = "M20541"                    // card of one of them, about whom nothing should be sent for some days
	SchoolFails = "user-unknown@example.org"  // the one address that the demo's mail server refuses; see DemoUnknown
)

// relative is a day of School: so many days from the one on which the lists are made.
var relative = regexp.MustCompile(`TODAY([+-]\d+)`)

// School is the list of patrons and the list of loans of a made-up school library, as a library system would export them on
// a day: CSV in UTF-8, days as 2026-11-24. Everybody in them is invented.
func School(today time.Time) (patrons, loans []byte) {
	y, m, d := today.Date()
	loans = relative.ReplaceAllFunc(schoolLoans, func(token []byte) []byte {
		days, err := strconv.Atoi(string(relative.FindSubmatch(token)[1]))
		if err != nil {
			panic(err) // the expression lets digits through only
		}
		return []byte(time.Date(y, m, d+days, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	})
	return append([]byte(nil), schoolPatrons...), loans
}
