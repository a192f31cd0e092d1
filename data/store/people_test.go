package store_test

import (
	"slices"
	"testing"

	"smtpgateway/data"
)

func TestPatrons(t *testing.T) {
	l := newSchool(t)
	all := l.people(
		person("p1", "Anna", "Berg", "5A"), person("p2", "Zoë", "Écolier", "5A"), person("p3", "Ole", "Bergström", "6B"),
		person("p4", "Maria", "de la Cruz", "6B"), person("p5", "Jörg", "Weiß", ""),
	)
	want := func(name string, q data.PatronQuery, names ...string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			if got := l.names(q); !slices.Equal(got, names) {
				t.Errorf("got %q, want %q", got, names)
			}
		})
	}
	want("they stand by last name, accents or not", data.PatronQuery{}, "Anna Berg", "Ole Bergström", "Maria de la Cruz", "Zoë Écolier", "Jörg Weiß")
	want("a page goes on behind the one before", data.PatronQuery{After: &all[2], Limit: 2}, "Maria de la Cruz", "Zoë Écolier")
	want("letters without their accents find names with them", data.PatronQuery{Search: "eco"}, "Zoë Écolier")
	want("accents find them too", data.PatronQuery{Search: "ÉCO zo"}, "Zoë Écolier")
	want("every word begins a word", data.PatronQuery{Search: "ber 5a"}, "Anna Berg")
	want("the middle of a word finds nothing", data.PatronQuery{Search: "erg"})
	want("ss stands for ß", data.PatronQuery{Search: "weiss"}, "Jörg Weiß")
	want("a card is found", data.PatronQuery{Search: "cp4"}, "Maria de la Cruz")
	want("an e-mail address is found by both its halves", data.PatronQuery{Search: "school anna.b"}, "Anna Berg")
	want("a group holds its own", data.PatronQuery{Group: "6B"}, "Ole Bergström", "Maria de la Cruz")
}
