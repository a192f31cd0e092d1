package roster_test

import (
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

func TestAListOfAddressesTakesNoneAway(t *testing.T) {
	old := people(3)
	old.Patrons[1].Guardians = []data.Guardian{{Email: "mum@example.org", Notices: true}}
	const list = "Card,Email,Guardian email\nc1,,\nc2,new@example.org,\nc3,p3@example,dad@example.org\n"
	set := roster.Diff(batch(t, list, false), old, 1, today)
	expect(t, "changed", set.Changed, "k2 email", "k3 guardian_email")
	if set.Same != 1 || len(set.Problems) != 1 || set.Changed[1].After.Email != "p3@example.org" {
		t.Errorf("%+v", set)
	}
}
