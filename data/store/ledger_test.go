package store_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

func TestLedger(t *testing.T) {
	t.Run("it is read by due date, more than a page of it", func(t *testing.T) {
		l := newLibrary(t)
		keys := make([]data.NoticeKey, 12_000)
		for i := range keys {
			keys[i] = data.NoticeKey{Loan: fmt.Sprint("k", i), Due: data.Date(100 + i%3), Stage: "+1", Role: data.RoleGuardian, Practice: i%2 == 0}
		}
		ok(t, l.EnterLedger(t.Context(), keys, 7))
		for _, c := range []struct {
			from, to data.Date
			want     int
		}{{0, 0, 12_000}, {100, 102, 12_000}, {101, 101, 4000}, {101, 0, 8000}, {103, 200, 0}, {0, 99, 0}} {
			all, err := l.Ledger(t.Context(), c.from, c.to)
			ok(t, err)
			wantEqual(t, fmt.Sprint(c.from, "-", c.to), len(all), c.want)
		}
		all := l.ledger()
		for _, k := range keys {
			if message, told := all[k]; !told || message != 0 {
				t.Fatalf("%v: %d, %v", k, message, told)
			}
		}
		wantEqual(t, "run", l.number(`SELECT min(run) FROM ledger`), 7)
	})
	t.Run("what counts as told is not queued, and what was told is not entered again", func(t *testing.T) {
		l := newLibrary(t)
		id := l.post(notice(1, 20, "a"))[0]
		ok(t, l.EnterLedger(t.Context(), append(notice(1, 20, "a").Notices, notice(1, 20, "b").Notices...), 3))
		wantEqual(t, "a is told by", l.ledger()[notice(1, 20, "a").Notices[0]], id)
		wantEqual(t, "b", l.post(notice(1, 20, "b"))[0], 0)
	})
}

// Whatever two programs queue at once, in whatever order and however often, each notice is told by one message, and every
// message tells all it was written for.
func TestTwoProgramsTellEachNoticeOnce(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			l := newLibrary(t)
			other := l.another()
			defer shut(t, other)
			var wg sync.WaitGroup
			sums := make([][]int64, 2)
			for program, s := range []*store.Store{l.Store, other} {
				random := rand.New(rand.NewPCG(seed, uint64(program)))
				wg.Go(func() {
					for range 12 {
						letters := make([]data.Letter, random.IntN(12)+1)
						for i := range letters {
							loans := make([]string, random.IntN(3)+1)
							for j := range loans {
								loans[j] = fmt.Sprint("k", random.IntN(60))
							}
							slices.Sort(loans)
							letters[i] = notice(1, 20, slices.Compact(loans)...)
						}
						ids, err := s.QueueLetters(t.Context(), letters)
						if err != nil {
							t.Error(err)
							return
						}
						sums[program] = append(sums[program], ids...)
					}
				})
			}
			wg.Wait()
			l.wholeLedger()
			said := slices.DeleteFunc(slices.Concat(sums...), func(id int64) bool { return id == 0 })
			slices.Sort(said)
			wantEqual(t, "numbers given out", fmt.Sprint(said), fmt.Sprint(numbers(t, l.Store, `SELECT id FROM message ORDER BY id`)))
		})
	}
}

// wholeLedger checks that every letter has its message, bytes, delivery and all its notices, and every notice its letter.
func (l *library) wholeLedger() {
	l.t.Helper()
	for what, query := range map[string]string{
		"letters without a message in full": `SELECT count(*) FROM letter l WHERE NOT EXISTS (SELECT 1 FROM message WHERE id = l.message)
			OR NOT EXISTS (SELECT 1 FROM delivery WHERE message = l.message) OR NOT EXISTS (SELECT 1 FROM words WHERE rowid = l.message)
			OR (SELECT sum(length(bytes)) FROM body WHERE message = l.message) <> (SELECT size FROM message WHERE id = l.message)`,
		"messages without a letter": `SELECT count(*) FROM message m WHERE NOT EXISTS (SELECT 1 FROM letter WHERE message = m.id)`,
		"letters that tell less than they say": `SELECT count(*) FROM letter l, json_each(l.loans) j
			WHERE NOT EXISTS (SELECT 1 FROM ledger WHERE message = l.message AND loan = j.value)`,
		"notices without a letter that says them": `SELECT count(*) FROM ledger g WHERE NOT EXISTS
			(SELECT 1 FROM letter l, json_each(l.loans) j WHERE l.message = g.message AND j.value = g.loan)`,
	} {
		wantEqual(l.t, what, l.number(query), 0)
	}
}

// queueUntilKilled is what a child does: it queues letters, saying how many only after they are stored.
func queueUntilKilled(t *testing.T, path string) {
	t.Helper()
	s, err := store.Open(t.Context(), path, store.Options{})
	ok(t, err)
	for n := 0; ; n += 20 {
		letters := make([]data.Letter, 20)
		for i := range letters {
			letters[i] = notice(1, 20, fmt.Sprint("k", n+i), fmt.Sprint("l", n+i))
			letters[i].Message.Body = strings.NewReader(strings.Repeat("Please bring it back.\r\n", 400))
		}
		_, err := s.QueueLetters(t.Context(), letters)
		ok(t, err)
		fmt.Fprintln(os.Stdout, n+20)
	}
}

func TestKilledWhileQueueing(t *testing.T) {
	for round := range 4 {
		t.Run(fmt.Sprint("mails and ledger are both there or neither is, round ", round), func(t *testing.T) {
			l := newLibrary(t)
			cmd := child(t, "letters", l.path)
			out, err := cmd.StdoutPipe()
			ok(t, err)
			ok(t, cmd.Start())
			lines := bufio.NewScanner(out)
			var said int64
			for range round*7 + 3 {
				if !lines.Scan() {
					t.Fatal("the child stopped")
				}
			}
			ok(t, cmd.Process.Kill())
			for ok := true; ok; ok = lines.Scan() {
				if n, err := strconv.ParseInt(lines.Text(), 10, 64); err == nil {
					said = n
				}
			}
			_ = cmd.Wait()
			l.wholeLedger()
			there := l.number(`SELECT count(*) FROM message`)
			if there < said || there%20 != 0 {
				t.Errorf("%d letters are there, %d were promised", there, said)
			}
			// Started again, it queues the rest and nothing twice.
			var again int64
			for n := range there + 20 {
				if l.post(notice(1, 20, fmt.Sprint("k", n), fmt.Sprint("l", n)))[0] != 0 {
					again++
				}
			}
			wantEqual(t, "queued after the kill", again, 20)
		})
	}
}
