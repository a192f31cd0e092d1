package bench_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
	"smtpgateway/data/roster"
	"smtpgateway/data/store"
)

// The large school of the library's side: its lists are files, as a library system exports them.
const (
	schoolPatrons = 50_000
	schoolLoans   = 200_000
	schoolLetters = 10_000
	typedQueries  = 40
)

var schoolDay = data.NewDate(2026, time.November, 24)

var syllables = []string{"an", "ber", "ca", "do", "el", "fi", "gu", "ho", "i", "jo", "ka", "lin", "ma", "no", "o", "pe", "ra", "sa", "ti", "ul", "ve", "wil", "y", "za", "é", "ø"}

// school writes a list of people and one of what they have at home, in an order of their own and always the same. Of 20
// people one has something that is due today, as much as 2,500 notices.
func school(b *testing.B, patrons, loans int) (people, things string) {
	b.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	name := func() string {
		s := ""
		for range 2 + r.IntN(2) {
			s += syllables[r.IntN(len(syllables))]
		}
		return strings.ToUpper(s[:1]) + s[1:]
	}
	var p, l strings.Builder
	p.WriteString("ID,Card,Surname,First name,Class,Year,Email,Guardian email,Password,Street,Postcode,Town\n")
	l.WriteString("Card,Barcode,Title,Author,Call number,Due,Issued,Price,Notes\n")
	for _, k := range r.Perm(patrons) {
		first, last := name(), name()
		fmt.Fprintf(&p, "S%07d,2%08d,%s,%s,%d%c,%d,p%d@students.school.org,%s%d@mail.org,secret%d,%d Mill Lane,%05d,Ashford\n",
			k, k*7, last, first, 1+k%12, 'A'+k%9, 1+k%12, k, strings.ToLower(last), k, k, k%200, k%9000)
		for j := range loans / patrons {
			due := schoolDay + data.Date(4+r.IntN(40))
			if j == 0 && k%20 == 0 {
				due = schoolDay - 1
			}
			fmt.Fprintf(&l, "2%08d,3%09d,\"The %s of %s, and %s\",\"%s, %s\",FIC %s,%s,%s,12.95,nothing\n",
				k*7, (k*4+j)*13, name(), name(), name(), name(), name(), name(), due, due-30)
		}
	}
	people, things = filepath.Join(b.TempDir(), "patrons.csv"), filepath.Join(b.TempDir(), "loans.csv")
	must(b, os.WriteFile(people, []byte(p.String()), 0o600))
	must(b, os.WriteFile(things, []byte(l.String()), 0o600))
	return people, things
}

// library is an empty store whose clock stands at the school's day, and who writes its letters.
func library(b *testing.B) (*store.Store, *mailing.Mailer, *data.Settings) {
	b.Helper()
	now := func() time.Time { return schoolDay.At(7, 0, time.Local) }
	s, err := store.Create(b.Context(), filepath.Join(b.TempDir(), "gateway.db"), store.Options{Now: now})
	must(b, err)
	b.Cleanup(func() { _ = s.Close() })
	set, _ := data.ParseSettings(map[string]string{
		"server1.host": "mail.example.org", "from.address": "library@example.org", "overdue.enabled": "true", "practice.letters": "false",
		"overdue.flood": "0", "overdue.fresh_days": "60",
	})
	must(b, s.Approve(b.Context(), now()))
	return s, mailing.New(mailing.Options{Store: s, Now: now}), &set
}

// take imports a list from its file to the disk: all that the window, the command and the imports folder do.
func take(b *testing.B, s *store.Store, path string) *data.ChangeSet {
	b.Helper()
	ctx := b.Context()
	f, err := roster.Open(path, roster.Options{})
	must(b, err)
	m := f.Propose("").Mapping
	m.Complete = true
	list, questions, err := f.Read(ctx, m, schoolDay)
	must(b, err)
	revision, err := s.RosterRevision(ctx)
	must(b, err)
	old, err := s.Roster(ctx, data.RosterQuery{WithLeft: true, Loans: list.Kind == data.RosterLoans})
	must(b, err)
	set := roster.Diff(list, old, revision, schoolDay)
	if set.Notices, err = s.CancelledBy(ctx, set); err != nil || len(questions)+len(set.Problems) > 0 {
		b.Fatal(err, questions, len(set.Problems))
	}
	_, err = s.Import(ctx, set, nil)
	must(b, err)
	return set
}

// spent measures some work again and again and keeps the best of each: what a machine can do that has nothing else to do.
type spent struct{ wall, cpu time.Duration }

func (s *spent) measure(work func()) {
	at, used := time.Now(), cpu()
	work()
	wall, busy := time.Since(at), cpu()-used
	if s.wall == 0 || wall < s.wall {
		s.wall = wall
	}
	if s.cpu == 0 || busy < s.cpu {
		s.cpu = busy
	}
}

func (s *spent) report(b *testing.B, what string) {
	b.Helper()
	b.ReportMetric(s.wall.Seconds(), what+"_s")
	b.ReportMetric(s.cpu.Seconds(), what+"_CPU_s")
}

// BenchmarkLibrary_import: 50,000 patrons and 200,000 loans, from two CSV files to the disk; then the same files again.
func BenchmarkLibrary_import(b *testing.B) {
	people, things := school(b, schoolPatrons, schoolLoans)
	var first, again spent
	for b.Loop() {
		s, _, _ := library(b)
		first.measure(func() {
			if p, l := take(b, s, people), take(b, s, things); len(p.New) != schoolPatrons || len(l.New) != schoolLoans {
				b.Fatal(len(p.New), len(l.New))
			}
		})
		again.measure(func() {
			if p, l := take(b, s, people), take(b, s, things); p.Same != schoolPatrons || l.Same != schoolLoans {
				b.Fatal(p.Same, l.Same)
			}
		})
		must(b, s.Close())
	}
	first.report(b, "first")
	again.report(b, "again")
}

// peopled is a store with the large school in it.
func peopled(b *testing.B, patrons, loans int) (*store.Store, *mailing.Mailer, *data.Settings) {
	b.Helper()
	s, m, set := library(b)
	people, things := school(b, patrons, loans)
	take(b, s, people)
	take(b, s, things)
	return s, m, set
}

// BenchmarkLibrary_day: the notices of a day in that school, planned only and then queued, for 2,500 patrons.
func BenchmarkLibrary_day(b *testing.B) {
	var plan, run spent
	for b.Loop() {
		s, m, set := peopled(b, schoolPatrons, schoolLoans)
		must(b, s.SetNoticesFrom(b.Context(), schoolDay-400))
		plan.measure(func() {
			r, err := m.Rehearse(b.Context(), set, schoolDay)
			if must(b, err); len(r.Mails) != schoolPatrons/20 {
				b.Fatal(len(r.Mails))
			}
		})
		run.measure(func() {
			r, err := m.Run(b.Context(), set, mailing.Order{Day: schoolDay})
			if must(b, err); r.State != data.RunDone || r.Queued != schoolPatrons/20 {
				b.Fatal(r)
			}
		})
		must(b, s.Close())
	}
	plan.report(b, "rehearsed")
	run.report(b, "queued")
}

// BenchmarkLibrary_search: a name typed letter by letter into the list of patrons, a page with what each has at home.
func BenchmarkLibrary_search(b *testing.B) {
	s, _, _ := peopled(b, schoolPatrons, schoolLoans)
	some, err := s.Patrons(b.Context(), data.PatronQuery{Limit: 100})
	must(b, err)
	var typed []string
	for i := range typedQueries {
		last := []rune(some[i*len(some)/typedQueries].Last)
		typed = append(typed, string(last[:1+i%len(last)]))
	}
	typed = append(typed, "school", "a b", "nowhere")
	slow := make(map[string]time.Duration, len(typed))
	var used time.Duration
	turns := 0
	for b.Loop() {
		turns++
		for _, text := range typed {
			at, before := time.Now(), cpu()
			_, err := s.Patrons(b.Context(), data.PatronQuery{Search: text, Limit: 100, WithOut: true, Today: schoolDay})
			must(b, err)
			if took := time.Since(at); slow[text] == 0 || took < slow[text] {
				slow[text] = took
			}
			used += cpu() - before
		}
	}
	var slowest time.Duration
	for _, took := range slow {
		slowest = max(slowest, took)
	}
	b.ReportMetric(slowest.Seconds()*1000, "slowest_letter_ms")
	b.ReportMetric(used.Seconds()*1000/float64(turns*len(typed)), "a_letter_CPU_ms")
}

// BenchmarkLibrary_letters: 10,000 letters from the choice to the disk, the longest time between two signs of progress, and
// how long a stop in the middle takes.
func BenchmarkLibrary_letters(b *testing.B) {
	everybody := func(template string) mailing.Choice { return mailing.Choice{Template: template, Which: "all"} }
	var queue spent
	var gap, stopped time.Duration
	for b.Loop() {
		s, m, set := peopled(b, schoolLetters, 2*schoolLetters)
		queue.measure(func() {
			batch, err := m.Prepare(b.Context(), set, everybody("overdue-first"))
			must(b, err)
			at := time.Now()
			sent, err := m.Queue(b.Context(), set, batch, func(int, int) { gap, at = max(gap, time.Since(at)), time.Now() })
			if must(b, err); sent.Queued != schoolLetters {
				b.Fatal(sent)
			}
		})
		batch, err := m.Prepare(b.Context(), set, everybody("overdue-second"))
		must(b, err)
		ctx, stop := context.WithCancel(b.Context())
		var asked time.Time
		sent, err := m.Queue(ctx, set, batch, func(done, _ int) {
			if done >= schoolLetters/2 && asked.IsZero() {
				asked = time.Now()
				stop()
			}
		})
		stopped = max(stopped, time.Since(asked))
		if must(b, err); !sent.Stopped || sent.Rest == 0 || sent.Queued+sent.Rest != schoolLetters {
			b.Fatal(sent)
		}
		stop()
		must(b, s.Close())
	}
	queue.report(b, "queued")
	b.ReportMetric(gap.Seconds(), "longest_silence_s")
	b.ReportMetric(stopped.Seconds(), "stop_s")
}
