package gateway_test

import (
	"bytes"
	"slices"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/mail"
	"smtpgateway/data/mailing"
	"smtpgateway/service/relay/relaytest"
)

// told is a mail as its reader sees it.
type told struct {
	to     string
	letter string   // key of its text
	titles []string // what it is about, in the order of the mail
	also   []string // what it names besides
}

// String is "ben@school.org overdue-first: Dune", and "(Emma)" for what is named besides.
func (m told) String() string {
	s := m.to + " " + m.letter
	if len(m.titles) > 0 {
		s += ": " + strings.Join(m.titles, ", ")
	}
	if len(m.also) > 0 {
		s += " (" + strings.Join(m.also, ", ") + ")"
	}
	return s
}

// reading reads a mail that the server took.
func (l *library) reading(m relaytest.Message) told {
	l.t.Helper()
	head, body, _ := bytes.Cut(m.Raw, []byte("\r\n\r\n"))
	v, err := mail.Readable(append(head, "\r\n\r\n"...), bytes.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	one := told{to: strings.Join(m.To, " ")}
	if m.From == "" {
		one.letter = "return mail"
		return one
	}
	at := slices.IndexFunc(v.Fields, func(f mail.LetterField) bool { return f.Name == "Subject" })
	for _, key := range []string{letter.KeyDueSoon, letter.KeyFirst, letter.KeySecond} {
		if t, _ := letter.Original(key, "en"); t.Subject == v.Fields[at].Value {
			one.letter = key
		}
	}
	about, besides, _ := strings.Cut(v.Text, "Also on loan:")
	one.titles, one.also = l.titlesIn(about), l.titlesIn(besides)
	return one
}

func (l *library) titlesIn(text string) []string {
	var found []string
	for _, title := range l.titles {
		if strings.Contains(text, title) {
			found = append(found, title)
		}
	}
	slices.SortStableFunc(found, func(a, b string) int { return strings.Index(text, a) - strings.Index(text, b) })
	return found
}

// mails are exactly those that came since they were last looked at.
func (l *library) mails(want ...string) {
	l.t.Helper()
	all := l.server.Messages()
	got := make([]string, 0, len(want))
	for _, m := range all[l.read:] {
		got = append(got, l.reading(m).String())
	}
	l.read = len(all)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		l.t.Fatalf("%v: the mails\n\t%s\nwant\n\t%s", l.clock(), strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// waiting are the mails that wait, by recipient.
func (l *library) waiting(want ...string) {
	l.t.Helper()
	all, err := l.store().List(l.t.Context(), data.ListQuery{States: []data.State{data.Waiting, data.Sending, data.Held}, Limit: 500})
	if err != nil {
		l.t.Fatal(err)
	}
	var got []string
	for _, e := range all {
		got = append(got, e.Recipient)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		l.t.Fatalf("%v: %v wait, want %v", l.clock(), got, want)
	}
}

// run is the last one, as it should stand.
func (l *library) run(state data.RunState, why string) data.Run {
	l.t.Helper()
	runs, err := l.store().Runs(l.t.Context(), 1)
	if err != nil || len(runs) != 1 || runs[0].State != state || !strings.Contains(runs[0].Why, why) {
		l.t.Fatalf("%v: %+v %v, want one that is %s: %s", l.clock(), runs, err, state, why)
	}
	return runs[0]
}

// paper is who is on the print pile of a run.
func (l *library) paper(r data.Run, want ...string) {
	l.t.Helper()
	set := l.gateway.Settings()
	pile, err := mailing.New(mailing.Options{Store: l.store(), Now: l.clock}).Pile(l.t.Context(), &set, r)
	if err != nil {
		l.t.Fatal(err)
	}
	var got []string
	for i := range pile.Lines {
		got = append(got, pile.Lines[i].Patron.First)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) || r.Print != len(want) {
		l.t.Fatalf("%v: %d on paper, %v; want %v", l.clock(), r.Print, got, want)
	}
}

// trouble is what status and window say, the worst first; empty: nothing is wrong.
func (l *library) trouble(want string) {
	l.t.Helper()
	b, err := l.store().Heartbeat(l.t.Context())
	if err != nil || b.Trouble == "" != (want == "") || !strings.Contains(b.Trouble, want) || want != "" && b.Remedy == "" {
		l.t.Fatalf("%v: the trouble is %q (%q) %v, want %q", l.clock(), b.Trouble, b.Remedy, err, want)
	}
}

// noted is a line of the journal since a moment.
func (l *library) noted(since string, want string) {
	l.t.Helper()
	lines, err := l.store().Journal(l.t.Context(), 0, 0, 1000)
	if err != nil {
		l.t.Fatal(err)
	}
	from := on(l.clock().Day(), since)
	var got []string
	for _, line := range lines {
		if line.At.Before(from) {
			continue
		}
		if strings.Contains(line.Text, want) {
			return
		}
		got = append(got, line.Text)
	}
	l.t.Fatalf("%v: %q is not in the journal:\n\t%s", l.clock(), want, strings.Join(got, "\n\t"))
}

// dead are the addresses that no mail arrives at.
func (l *library) dead(want ...string) {
	l.t.Helper()
	all, err := l.store().Addresses(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	var got []string
	for _, a := range all {
		if a.Health == data.AddressFailed {
			got = append(got, a.Address)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		l.t.Fatalf("%v: dead are %v, want %v", l.clock(), got, want)
	}
}

// out are the books that are not back, without those of the box.
func (l *library) out(want ...string) {
	l.t.Helper()
	r, err := l.store().Roster(l.t.Context(), data.RosterQuery{WithLeft: true, Loans: true})
	if err != nil {
		l.t.Fatal(err)
	}
	var got []string
	for _, loans := range r.Loans {
		for _, loan := range loans {
			if slices.Contains(l.titles, loan.Title) {
				got = append(got, loan.Title)
			}
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		l.t.Fatalf("%v: out are %v, want %v", l.clock(), got, want)
	}
}

// once fails if anything went twice: by what readers read, and by the ledger.
func (l *library) once() {
	l.t.Helper()
	seen := make(map[string]bool)
	mails := 0
	for _, m := range l.server.Messages() {
		one := l.reading(m)
		if one.letter == "return mail" {
			continue
		}
		mails++
		for _, title := range one.titles {
			key := one.to + " " + one.letter + " " + title
			if seen[key] {
				l.t.Errorf("twice: %s", key)
			}
			seen[key] = true
		}
	}
	ledger, err := l.store().Ledger(l.t.Context(), 0, 0)
	if err != nil {
		l.t.Fatal(err)
	}
	counts, sent := l.server.Counts(), make(map[int64]bool)
	for key, message := range ledger {
		entries, err := l.store().List(l.t.Context(), data.ListQuery{Message: message, Limit: 500})
		if err != nil || len(entries) != 1 {
			l.t.Fatal(key, entries, err)
		}
		e, want := entries[0], 0
		if e.State == data.Sent {
			sent[message], want = true, 1
		}
		if n := counts[e.Letter.MessageID+" "+e.Recipient]; n != want {
			l.t.Errorf("%+v: %s, and %d mails arrived", key, e.State, n)
		}
	}
	if len(sent) != mails {
		l.t.Errorf("%d mails arrived, the ledger knows %d", mails, len(sent))
	}
}
