package screen

import (
	"fmt"
	"strings"
	"time"

	"smtpgateway/data"
)

// Form is the settings as a person edits them, as far as a test of them needs it.
type Form interface {
	// Dirty reports whether something is edited and not saved.
	Dirty() bool
	// Save saves; then is told whether it is saved and a running service works with it.
	Save(then func(ok bool))
	// Set edits one field, as if typed.
	Set(name, value string)
	// Value is one field as it is edited.
	Value(name string) string
}

// TestStage is how far a test has come.
type TestStage int

// The stages. TestStarting: the service is made ready to be asked; TestWaiting: it is asked; TestLeft: nobody waits here
// any more, the service goes on.
const (
	TestIdle TestStage = iota
	TestSaving
	TestStarting
	TestWaiting
	TestRunning
	TestEnded
	TestLeft
)

// ServerTest is the test of one server: a real message through server 1, a look at server 2. Only the service can open
// the password, so the service does it; this follows.
type ServerTest struct {
	OnChange func()             // something it shows changed
	OnFocus  func(field string) // a person should look at this field of the settings
	OnSignIn func()             // the person wants to sign in with Google or Microsoft
	OnSheet  func()             // the person wants the request for IT

	desk     *Desk
	form     Form
	number   int
	patience patience

	run      *following // of the test under way; nil: none
	stage    TestStage
	note     string // what is going on beside the steps
	steps    []data.Step
	file     TestFile
	end      testEnd
	startup  string // what became of "Start with the computer"
	asking   bool   // for it, now
	declined bool
}

// testEnd is how a test ended.
type testEnd struct {
	ok     bool
	result string
	remedy string
	advice string // of data.Outcome, or the name of a field that is missing, after adviceField
}

// adviceField begins an advice that names the field to fill in.
const adviceField = "field "

// NewServerTest prepares the test of server 1 or 2 as edited in form.
func NewServerTest(d *Desk, form Form, number int) *ServerTest {
	return &ServerTest{desk: d, form: form, number: number, patience: usualPatience()}
}

// Number is which server: 1 or 2.
func (t *ServerTest) Number() int { return t.number }

// ButtonText is what starts it now: with unsaved changes these are saved first.
func (t *ServerTest) ButtonText() string {
	switch {
	case t.number == 2 && t.form.Dirty():
		return t.desk.Say("Save and look at server 2")
	case t.number == 2:
		return t.desk.Say("Look at server 2")
	case t.form.Dirty():
		return t.desk.Say("Save and test")
	}
	return t.desk.Say("Test")
}

// Explanation is what the button does, in a sentence.
func (t *ServerTest) Explanation() string {
	if t.number == 2 {
		return t.desk.Say("Goes to server 2 step by step, as far as sending. Nothing is sent.")
	}
	if to := strings.TrimSpace(t.form.Value("test_to")); to != "" {
		return t.desk.Say("Sends one real message to {{.Address}} through the folder and the mail server.", With("Address", to))
	}
	return t.desk.Say("Sends one real message through the folder and the mail server.")
}

// Stage is how far it has come.
func (t *ServerTest) Stage() TestStage { return t.stage }

// Running reports whether somebody waits for it here.
func (t *ServerTest) Running() bool { return t.run != nil }

// Note is what is going on beside the steps; empty: nothing to say.
func (t *ServerTest) Note() string { return t.note }

// File is the test message's file in the folder.
func (t *ServerTest) File() TestFile { return t.file }

// End is how the last test ended: one sentence, and what to do. Empty while there is none.
func (t *ServerTest) End() (ok bool, result, remedy string) {
	return t.end.ok, t.end.result, t.end.remedy
}

// LastTested says when a test was last run to its end and how it went, as the store keeps it. Server 2 has none.
func (t *ServerTest) LastTested() (ok bool, on, result string) {
	f := t.desk.Facts()
	switch {
	case t.number == 2 || f.Problem != nil:
		return false, "", ""
	case f.TestedOn.IsZero():
		return false, t.desk.Say("Not tested yet"), ""
	}
	return f.TestOK, t.desk.When(f.TestedOn), f.TestSaid
}

// Test saves what is unsaved, starts the service where it must, and asks it.
func (t *ServerTest) Test() {
	if t.run != nil {
		return
	}
	t.steps, t.file, t.end, t.note, t.startup = nil, TestFile{}, testEnd{}, "", ""
	if end, missing := t.missing(); missing {
		t.finish(end)
		return
	}
	run := newFollowing(t)
	t.run = run
	if !t.form.Dirty() {
		t.ask(run)
		return
	}
	t.stage, t.note = TestSaving, t.desk.Say("Saving the settings first.")
	t.changed()
	t.form.Save(func(ok bool) {
		switch {
		case t.run != run: // nobody waits any more
		case ok:
			t.ask(run)
		default:
			t.finish(testEnd{
				result: t.desk.Say("Nothing was tested, as the settings were not saved."),
				remedy: t.desk.Say("Look at the settings above, then test again."),
			})
		}
	})
}

// missing finds what no test can go without: the service would say it too, but only after having been started.
func (t *ServerTest) missing() (testEnd, bool) {
	host := fmt.Sprintf("server%d.host", t.number)
	for _, one := range []struct{ field, what, todo string }{
		{host, t.desk.Say("There is no mail server to test yet."), t.desk.Say("Fill in the SMTP server.")},
		{"from.address", t.desk.Say("There is no sender yet."), t.desk.Say("Fill in the From address.")},
		{"test_to", t.desk.Say("There is no address to send a test to."), t.desk.Say("Fill in the Test to address.")},
	} {
		if one.field == "test_to" && t.number == 2 {
			continue
		}
		if strings.TrimSpace(t.form.Value(one.field)) == "" {
			return testEnd{result: one.what, remedy: one.todo, advice: adviceField + one.field}, true
		}
	}
	return testEnd{}, false
}

// StopWaiting leaves a test alone. The service goes on with it and keeps the result.
func (t *ServerTest) StopWaiting() {
	if t.run == nil {
		return
	}
	asked := t.stage >= TestWaiting
	close(t.run.left)
	t.run = nil
	t.stage, t.note = TestIdle, ""
	if asked {
		t.stage, t.note = TestLeft, t.desk.Say("The service goes on with the test.")
		if t.number == 1 {
			t.note = t.desk.Say("The service goes on with the test. Its result will stand under Last test result.")
		}
	}
	t.changed()
}

func (t *ServerTest) ask(run *following) {
	t.stage, t.note = TestStarting, t.desk.Say("Asking the service.")
	t.changed()
	Go(t.desk, run.follow, func(end testEnd, err error) {
		if t.run != run {
			return
		}
		if err != nil {
			e := asError(err)
			end = testEnd{result: e.Sentence, remedy: e.Next}
		}
		t.finish(end)
	})
}

func (t *ServerTest) finish(end testEnd) {
	t.run, t.stage, t.note, t.end = nil, TestEnded, "", end
	t.desk.Wake() // when and with what result is in the store now
	t.changed()
}

func (t *ServerTest) changed() {
	if t.OnChange != nil {
		t.OnChange()
	}
}

// OffersStartup reports whether this is the moment to ask: it works, and nothing starts it with the computer yet.
func (t *ServerTest) OffersStartup() bool {
	s := t.desk.Facts().Service
	return t.number == 1 && t.stage == TestEnded && t.end.ok && !t.asking && !t.declined && !s.Auto && !s.ByHand &&
		s.State != ServiceNotInstalled && s.State != ServiceUnknown
}

// StartupSaid is what became of the offer; empty: nothing yet.
func (t *ServerTest) StartupSaid() string { return t.startup }

// StartWithComputer takes the offer. An administrator may be asked for.
func (t *ServerTest) StartWithComputer() {
	if t.asking {
		return
	}
	t.asking, t.startup = true, t.desk.Say("Asking for an administrator, where one is needed.")
	t.changed()
	Go(t.desk, t.desk.orderStartup, func(_ struct{}, err error) {
		t.asking = false
		if err != nil {
			e := asError(err)
			t.startup = strings.TrimSpace(e.Sentence + " " + e.Next)
		} else {
			t.startup, t.declined = t.desk.Say("From now on the service starts with the computer."), true
		}
		t.desk.Wake()
		t.changed()
	})
}

// DeclineStartup puts the offer away.
func (t *ServerTest) DeclineStartup() {
	t.declined, t.startup = true, ""
	t.changed()
}

// took is how long a step took, as far as a person cares.
func took(d time.Duration) string {
	if d < 50*time.Millisecond {
		return ""
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
