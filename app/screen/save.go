package screen

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/mailing"
	"smtpgateway/data/store"
)

// Said is what the save bar says about the last Save.
type Said struct {
	Words    string // empty: nothing
	Good     bool   // it is saved and, where a service runs, in force
	Bad      bool   // it is not saved, or not in force
	Start    bool   // StartService is offered
	Again    bool   // TryAgain is offered
	Conflict bool   // KeepMine and TakeTheirs are offered
}

// Said is the answer to the last Save.
func (s *Settings) Said() Said { return s.said }

// Busy reports whether Save is writing or waits for the service.
func (s *Settings) Busy() bool { return s.save.phase != saveIdle }

type savePhase int

const (
	saveIdle     savePhase = iota
	saveWriting            // the store is asked
	saveStarting           // the service is being started: what a look finds is from before
	saveWaiting            // saved; the service is to confirm it
)

// saving is a Save under way.
type saving struct {
	phase   savePhase
	round   int // tells an answer to this Save from one to an older
	then    []func(ok bool)
	trouble string // what the service complained of before
	timer   *time.Timer
}

// written is what came of asking the store.
type written struct {
	values   map[string]string
	revision int64
	met      bool // somebody else saved in between: nothing was written
	problems data.Problems
	service  ServiceStatus
	beat     data.Heartbeat
}

// Save stores what was typed and waits until the running service says that it is in force. then, which may be nil, is
// told true when all is saved and in force, or saved while the service is stopped. After false the save bar says why.
// With nothing typed it still finds out whether the service runs with what is stored.
func (s *Settings) Save(then func(ok bool)) {
	if then != nil {
		s.save.then = append(s.save.then, then)
	}
	if s.save.phase != saveWriting {
		s.saveWith(nil, func(bool) {})
	}
}

// saveWith saves, and stores right after it what belongs to the new settings; also may be nil. wrote is told when both are
// stored, or the settings are not: before the service took them over. Not while a Save is writing.
func (s *Settings) saveWith(also func(ctx context.Context, st *store.Store), wrote func(saved bool)) {
	s.attempted = true
	s.judge()
	if name := s.FirstWrong(); name != "" {
		s.refuse(name)
		wrote(false)
		return
	}
	s.begin(saveWriting, s.desk.Say("Saving."))
	round, base := s.save.round, s.revision
	changes, strange := s.typedOver(), slices.Clone(s.strange)
	edits, passwords, forget := s.taken()
	GoStore(s.desk, func(ctx context.Context, st *store.Store) (written, error) {
		w, err := s.desk.write(ctx, st, base, changes, strange)
		if err == nil && also != nil && !w.met && !w.problems.Wrong() {
			also(ctx, st)
		}
		return w, err
	}, func(w written, err error) {
		defer wrote(err == nil && !w.met && !w.problems.Wrong())
		if s.save.round != round {
			return
		}
		switch {
		case err != nil:
			e := asError(err)
			s.end(false, Said{Words: s.sentences(s.desk.Say("Not saved."), e.Sentence, e.Next), Bad: true, Again: true})
		case w.met:
			s.conflict(w)
		case w.problems.Wrong():
			s.problems = w.problems
			s.note()
			s.refuse(s.FirstWrong())
		default:
			s.saved(w, edits, passwords, forget)
		}
	})
}

// writing reports whether Save is writing.
func (s *Settings) writing() bool { return s.save.phase == saveWriting }

// taken is what this Save carries; what is typed while it is under way is the next one's.
func (s *Settings) taken() (edits map[string]string, passwords map[string]data.Secret, forget map[string]bool) {
	return maps.Clone(s.edits), maps.Clone(s.passwords), maps.Clone(s.forget)
}

// write runs off the window's goroutine.
func (d *Desk) write(ctx context.Context, st *store.Store, base int64, changes map[string]string, strange []string) (written, error) {
	var w written
	values, revision, err := st.Settings(ctx)
	if err != nil {
		return w, err
	}
	w.values, w.revision = values, revision
	if w.beat, err = st.Heartbeat(ctx); err != nil {
		return w, err
	}
	if revision != base {
		w.met = true
		return w, nil
	}
	before, _ := data.ParseSettings(values)
	next, changed, problems, err := before.Change(changes, house.Sealer(d.o.Place))
	if w.problems = problems; err != nil || problems.Wrong() {
		return w, err
	}
	if next.Folder != "" && next.Folder != before.Folder {
		if err := d.o.Place.CheckFolder(next.Folder); err != nil {
			w.problems = data.Problems{{Name: "folder", Sentence: asError(err).Sentence}}
			return w, nil
		}
	}
	own, err := st.Templates(ctx)
	if err != nil {
		return w, err
	}
	if w.problems = append(w.problems, mailing.CheckChange(&next, own, changed)...); w.problems.Wrong() {
		return w, nil
	}
	mend(changed, values, next.Values(), strange)
	if len(changed) > 0 {
		revision, err = st.SaveSettings(ctx, changed, base)
		if met := data.CodeOf(err) == data.CodeConflict; err != nil && !met {
			return w, err
		} else if met {
			w.met = true
		}
		if w.values, w.revision, err = st.Settings(ctx); err != nil {
			// What was saved is known without reading it back; what somebody else saved is found by the next look.
			if !w.met {
				maps.Copy(values, changed)
			}
			w.values, w.revision = values, revision
		}
	}
	w.service = d.askService(ctx)
	return w, nil
}

// mend adds to changed what lies in the store and cannot be used, though the settings read from it look well: a service
// refuses to start with it.
func mend(changed, stored, next map[string]string, strange []string) {
	for name, v := range stored {
		if after, known := next[name]; known && after != v {
			changed[name] = after
		}
	}
	for _, name := range strange {
		changed[name] = ""
	}
}

// saved takes over what was written, keeps what was typed meanwhile, and goes on to the service.
func (s *Settings) saved(w written, edits map[string]string, passwords map[string]data.Secret, forget map[string]bool) {
	maps.DeleteFunc(s.edits, func(name, now string) bool { v, ok := edits[name]; return ok && v == now })
	maps.DeleteFunc(s.passwords, func(name string, now data.Secret) bool { return passwords[name] == now })
	maps.DeleteFunc(s.forget, func(name string, _ bool) bool { return forget[name] })
	s.met = nil
	s.answer = Answer{}
	s.adopt(w.values, w.revision)
	s.desk.Wake()
	if w.problems.Missing() {
		s.end(true, Said{Words: s.sentences(s.desk.Say("Saved, but nothing can be sent yet."),
			s.desk.Say("Still missing: {{.Fields}}.", With("Fields", strings.Join(s.missing(w.problems), ", "))))})
		return
	}
	s.attempted = false
	s.save.trouble = w.beat.Trouble
	s.judgeService(w.service, w.beat, true)
}

// refuse names the field and why, and leads there.
func (s *Settings) refuse(name string) {
	var why string
	for _, p := range s.problems {
		if p.Name == name && !p.Warning && !p.Missing {
			why = p.Sentence
			break
		}
	}
	label := name
	if f := s.field(name); f != nil {
		label = s.called(f)
	}
	s.end(false, Said{Words: s.sentences(s.desk.Say("Not saved."), s.desk.Say("{{.Field}}: {{.Why}}", With("Field", label, "Why", why))), Bad: true})
	if s.OnFocus != nil {
		s.OnFocus(name)
	}
}

// begin enters a phase of a Save that is new or goes on.
func (s *Settings) begin(phase savePhase, words string) {
	s.stopTimer()
	s.save.phase = phase
	s.save.round++
	s.said = Said{Words: words}
	s.changed()
}

// end ends a Save and tells those who wait for it.
func (s *Settings) end(ok bool, said Said) {
	s.stopTimer()
	then := s.save.then
	s.save = saving{round: s.save.round + 1}
	s.said = said
	s.note()
	if s.OnChange != nil {
		s.OnChange()
	}
	for _, f := range then {
		f(ok)
	}
}

func (s *Settings) stopTimer() {
	if s.save.timer != nil {
		s.save.timer.Stop()
		s.save.timer = nil
	}
}

// sentences joins what is not empty.
func (s *Settings) sentences(all ...string) string {
	all = slices.DeleteFunc(all, func(one string) bool { return one == "" })
	return strings.Join(all, " ")
}
