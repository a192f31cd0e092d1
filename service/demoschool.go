package main

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"smtpgateway/assets"
	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/mailing"
	"smtpgateway/data/notice"
	"smtpgateway/data/roster"
	"smtpgateway/data/store"
)

// demoSchool is the library's part of the demo: lists come in, notices and letters go into the queue and onto paper.
type demoSchool struct {
	app      *app
	store    *store.Store
	settings data.Settings
	dir      string
	told     demoTold
}

// demoTold is the demo for programs.
type demoTold struct {
	Data     string             `json:"data"`
	Folder   string             `json:"folder"`
	Received string             `json:"received"` // folder of what the mail server took
	Messages int                `json:"messages"` // in it
	States   map[data.State]int `json:"states"`
	Patrons  int                `json:"patrons"`
	Groups   int                `json:"groups"`
	Loans    int                `json:"loans"`
	Overdue  int                `json:"patrons_with_overdue"`
	Notices  int                `json:"notices"`
	Letters  int                `json:"letters"`
	LeftOut  map[string]int     `json:"left_out"` // patrons with something at a day for a notice who get none, by reason
	Printed  string             `json:"printed"`  // PDF
	Pages    int                `json:"letters_printed"`
}

// story is the part of the demo before anything leaves.
func (s *demoSchool) story(ctx context.Context) error {
	now := time.Now()
	if err := s.lists(ctx, now); err != nil {
		return err
	}
	m := mailing.New(mailing.Options{Store: s.store})
	if err := s.notices(ctx, m, data.DateOf(now)); err != nil {
		return err
	}
	return s.letters(ctx, m)
}

// lists takes in what the library system exported this morning.
func (s *demoSchool) lists(ctx context.Context, now time.Time) error {
	patrons, loans := assets.School(now)
	s.app.sayf("3. The lists of the library system are imported:")
	for _, list := range []struct {
		name string
		text []byte
	}{{"patrons.csv", patrons}, {"loans.csv", loans}} {
		path := filepath.Join(s.dir, list.name)
		if err := os.WriteFile(path, list.text, 0o600); err != nil {
			return err
		}
		if err := s.list(ctx, path, data.DateOf(now)); err != nil {
			return err
		}
	}
	counts, err := s.store.PatronCounts(ctx, data.DateOf(now))
	if err != nil {
		return err
	}
	groups, err := s.store.Groups(ctx)
	if err != nil {
		return err
	}
	s.told.Patrons, s.told.Loans, s.told.Overdue, s.told.Groups = counts.Patrons, counts.Loans, counts.Overdue, len(groups)
	s.app.sayf("   %d patrons in %d groups with %d loans; %d have something overdue, %d have no address at all.", counts.Patrons, len(groups), counts.Loans, counts.Overdue, counts.NoAddress)
	found, err := s.store.Patrons(ctx, data.PatronQuery{Search: assets.SchoolHeld, Limit: 1})
	if err != nil || len(found) == 0 {
		return err
	}
	p := found[0].Patron
	s.app.sayf("   %s is ill: letters about %s are held for a week.", p.Name(), p.First)
	return s.store.HoldPatron(ctx, p.ID, data.DateOf(now)+7, "ill")
}

// list imports one list as a person does who agrees with what was understood.
func (s *demoSchool) list(ctx context.Context, path string, today data.Date) error {
	f, err := roster.Open(path, roster.Options{}) //nolint:contextcheck // it looks at the first rows
	if err != nil {
		return err
	}
	look, proposal := f.Look(), f.Propose("")
	batch, asked, err := f.Read(ctx, proposal.Mapping, today)
	if err != nil {
		return err
	}
	if len(asked)+len(proposal.Questions) > 0 {
		return &data.Error{Code: data.CodeBadList, Sentence: "The sample list asks a question that nobody here can answer."}
	}
	old, err := s.store.Roster(ctx, data.RosterQuery{WithLeft: true, Loans: batch.Kind == data.RosterLoans})
	if err != nil {
		return err
	}
	revision, err := s.store.RosterRevision(ctx)
	if err != nil {
		return err
	}
	done, err := s.store.Import(ctx, roster.Diff(batch, old, revision, today), nil)
	if err != nil {
		return err
	}
	s.app.sayf("   %s: %s of %s, %s; %d rows, %d new, %d problems.", look.Name, look.Form, proposal.Mapping.Kind, look.Encoding, done.Rows, done.New, done.Problems)
	return nil
}

// notices rehearses a later day and runs today's, which a person says yes to because it is the first.
func (s *demoSchool) notices(ctx context.Context, m *mailing.Mailer, today data.Date) error {
	later, err := m.Rehearse(ctx, &s.settings, today+1)
	if err != nil {
		return err
	}
	s.app.sayf("4. Rehearsed: tomorrow %d patrons or guardians would get an automatic notice. Nothing is written.", len(later.Mails))
	now, err := m.Rehearse(ctx, &s.settings, today)
	if err != nil {
		return err
	}
	s.app.sayf("   Today it would be %d. How many patrons get none, and why:", len(now.Mails))
	s.leftOut(now.Mails, now.Decisions)
	run, err := m.Run(ctx, &s.settings, mailing.Order{Day: today})
	if err != nil {
		return err
	}
	s.app.sayf("5. Automatic notices of today: %s", waits(run))
	if run.State == data.RunAwaiting {
		if run, err = m.Run(ctx, &s.settings, mailing.Order{Day: today, Yes: run.ID}); err != nil {
			return err
		}
		s.app.sayf("   A person says yes. %s", mailing.Summary(run))
	}
	s.told.Notices = run.Queued
	return nil
}

// waits is what a run says before anybody said yes.
func waits(run data.Run) string {
	if run.State == data.RunAwaiting || run.State == data.RunHeld {
		return run.Why
	}
	return mailing.Summary(run)
}

// leftOut counts the people nobody is told about anything of, by reason.
func (s *demoSchool) leftOut(mails []notice.Mail, decisions []data.Decision) {
	told, people, words := map[int64]bool{}, map[string]map[int64]bool{}, map[string]string{}
	for i := range mails {
		told[mails[i].Patron.ID] = true
	}
	for i := range decisions {
		d := decisions[i]
		if told[d.Patron] {
			continue
		}
		ruling := string(d.Ruling)
		if people[ruling] == nil {
			people[ruling] = map[int64]bool{}
		}
		people[ruling][d.Patron] = true
		d.Detail = ""
		words[ruling] = mailing.Reason(&d)
	}
	s.told.LeftOut = map[string]int{}
	for _, ruling := range slices.Sorted(maps.Keys(people)) {
		s.told.LeftOut[ruling] = len(people[ruling])
		s.app.sayf("   %3d: %s", len(people[ruling]), words[ruling])
	}
}

// letters writes to one class, by mail and, where no mail arrives, on paper.
func (s *demoSchool) letters(ctx context.Context, m *mailing.Mailer) error {
	b, err := m.Prepare(ctx, &s.settings, mailing.Choice{Template: letter.KeyFirst, Audience: data.ToEither, Groups: []string{assets.SchoolGroup}})
	if err != nil {
		return err
	}
	text, _ := letter.Original(letter.KeyFirst, s.settings.Library.Language)
	s.app.sayf("6. Letters \"%s\" to the class %s: %d by e-mail, %d on paper, %d left out:", text.Name, assets.SchoolGroup, b.Count(mailing.ByMail, true), b.Count(mailing.OnPaper, true), b.Count(mailing.LeftOut, false))
	for i := range b.Lines {
		if l := &b.Lines[i]; l.Way == mailing.LeftOut {
			s.app.sayf("   %s: %s", l.Patron.Name(), strings.TrimSpace(l.Why))
		}
	}
	sent, err := m.Queue(ctx, &s.settings, b, nil)
	if err != nil {
		return err
	}
	s.told.Letters = sent.Queued
	s.app.sayf("   %s", sent)
	s.told.Printed = filepath.Join(s.dir, "letters-to-print.pdf")
	f, err := os.OpenFile(s.told.Printed, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	all, err := m.Prepare(ctx, &s.settings, mailing.Choice{Template: letter.KeyFirst, Audience: data.ToEither, Which: notice.WhichOverdue, Days: 1})
	if err != nil {
		return err
	}
	if s.told.Pages, err = m.Print(ctx, &s.settings, f, all, mailing.Printing{Format: "pdf", Way: mailing.OnPaper}); err != nil {
		return err
	}
	s.app.sayf("   %d letters to everybody in the school whom no e-mail reaches, to print: %s", s.told.Pages, s.told.Printed)
	return f.Close()
}
