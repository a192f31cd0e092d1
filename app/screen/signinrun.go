package screen

import (
	"context"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/store"
)

// signingIn is one sign-in under way. What comes back to another one is dropped.
type signingIn struct {
	byCode bool
	stop   context.CancelFunc // of waiting for the person; nil: nobody waits
}

// otherAccount is a sign-in with another account than the mailbox, before the person said what is meant.
type otherAccount struct {
	v       data.Server
	granted Granted
	problem *data.Error
}

// signInAsked is what a sign-in goes by: the settings as they are stored.
type signInAsked struct {
	v     data.Server
	proxy string
}

// Begin saves what is unsaved and lets the person sign in, with the browser or by a code on another device.
func (s *SignIn) Begin(byCode bool) {
	if s.run != nil || !s.Can() || s.Way() == data.SignInNone {
		return
	}
	s.end = Ending{}
	if field, end := s.missing(); field != "" {
		s.finish(end)
		if s.OnFocus != nil {
			s.OnFocus(field)
		}
		return
	}
	// A password is of no use any more.
	s.form.Set(s.Field("password"), "")
	s.form.Forget(s.Field("password"))
	run := &signingIn{byCode: byCode}
	s.run, s.address, s.unable, s.code, s.other = run, "", false, SignInCode{}, nil
	s.saved(run, func() { s.ask(run) })
}

// saved goes on once nothing is unsaved.
func (s *SignIn) saved(run *signingIn, then func()) {
	if !s.form.Dirty() {
		then()
		return
	}
	s.stage = SignInSaving
	s.changed()
	s.form.Save(func(ok bool) {
		switch {
		case s.run != run:
		case ok || !s.form.Dirty(): // a service that is slow to take the settings over is no reason to wait
			then()
		default:
			s.finish(Ending{
				Sentence: s.desk.Say("Nobody was signed in, as the settings were not saved."),
				Next:     s.desk.Say("Look at what the line at the bottom says, then sign in again."),
			})
		}
	})
}

// ask reads what is stored and lets the person sign in with it.
func (s *SignIn) ask(run *signingIn) {
	s.stage = SignInWaiting
	s.changed()
	number, kept, at := s.number, s.secret, s.desk.o.Place
	GoStore(s.desk, func(ctx context.Context, st *store.Store) (signInAsked, error) {
		set, err := storedSettings(ctx, st)
		if err != nil {
			return signInAsked{}, err
		}
		a := signInAsked{v: *set.Server(number), proxy: set.ProxyURL}
		if a.v.ClientSecret = kept.of(a.v); a.v.ClientSecret == "" && a.v.ClientSealed != "" {
			if a.v.ClientSecret, err = house.OpenClientSecret(at, a.v); err != nil && a.v.SignIn != data.SignInMicrosoft {
				return a, &data.Error{Code: data.CodeNoAccess, Sentence: "The client secret in the settings can be read by the service only.", Next: "Type it once more, then sign in again.", Err: err}
			}
		}
		return a, nil
	}, func(a signInAsked, err error) {
		switch {
		case s.run != run:
		case err != nil:
			s.failed(err)
			if data.CodeOf(err) == data.CodeNoAccess && s.OnFocus != nil {
				s.OnFocus(s.Field("client_secret"))
			}
		default:
			s.sign(run, a)
		}
	})
}

// sign waits for the person, off the window's goroutine.
func (s *SignIn) sign(run *signingIn, a signInAsked) {
	ctx, stop := context.WithCancel(s.desk.ctx)
	run.stop = stop
	Go(s.desk, func(context.Context) (Granted, error) {
		defer stop()
		switch {
		case a.v.SignIn == data.SignInMicrosoftApp:
			return s.desk.o.SignIns.App(ctx, a.v, a.proxy)
		case run.byCode:
			return s.desk.o.SignIns.Device(ctx, a.v, a.proxy, func(code SignInCode) {
				s.show(run, func() { s.code = code })
			})
		}
		return s.desk.o.SignIns.Browser(ctx, a.v, a.proxy, func(address string) error {
			err := s.desk.Desktop().Open(address)
			s.show(run, func() { s.address, s.unable = address, err != nil })
			return nil // the address is there to be copied
		})
	}, func(granted Granted, err error) {
		if s.run == run && s.address != "" {
			s.desk.Desktop().Raise() // the browser stands before it
		}
		switch {
		case s.run != run:
		case err != nil && granted.Other:
			s.other = &otherAccount{v: a.v, granted: granted, problem: asError(err)}
			s.stage = SignInAsking
			s.changed()
		case err != nil:
			s.failed(err)
		default:
			s.keep(run, a.v, granted)
		}
	})
}

// show brings what is seen on the way to the window's goroutine.
func (s *SignIn) show(run *signingIn, f func()) {
	if !s.desk.begin() {
		return
	}
	s.desk.finish(func() {
		if s.run == run {
			f()
			s.changed()
		}
	})
}

// keep stores the sign-in for the service.
func (s *SignIn) keep(run *signingIn, v data.Server, granted Granted) {
	s.stage = SignInKeeping
	s.changed()
	at, now := s.desk.o.Place, s.desk.Now()
	GoStore(s.desk, func(ctx context.Context, st *store.Store) (data.SignIn, error) {
		set, err := storedSettings(ctx, st)
		if err != nil {
			return data.SignIn{}, err
		}
		if set.Server(v.Number).SignInBound() != v.SignInBound() {
			return data.SignIn{}, &data.Error{Code: data.CodeConflict, Sentence: "The settings were changed by somebody else during the sign-in, so it was not kept.", Next: "Look at them, then sign in again."}
		}
		in, err := granted.Keep(v, now, house.SealSignIn(at))
		if err == nil {
			err = st.ReplaceSignIn(ctx, in)
		}
		return in, err
	}, func(in data.SignIn, err error) {
		if s.run != run {
			return
		}
		if err != nil {
			s.failed(err)
			return
		}
		s.desk.Wake()
		s.finish(s.done(in, granted.Missing))
	})
}

// done says that it worked.
func (s *SignIn) done(in data.SignIn, missing []string) Ending {
	end := Ending{OK: true, Sentence: s.desk.Say("Signed in as {{.User}}.", With("User", in.User)), Next: s.desk.Say("The service takes it over by itself. Press Test to see whether mail arrives.")}
	if in.Way == data.SignInMicrosoftApp {
		end.Sentence = s.desk.Say("Microsoft let the program in.")
	}
	if len(missing) > 0 {
		end.Next = s.desk.Say("Not seen among the permissions: {{.What}}. Press Test: it shows whether mail goes all the same.", With("What", strings.Join(missing, ", ")))
	}
	return end
}

// Cancel gives up; nothing is changed.
func (s *SignIn) Cancel() {
	if s.run == nil {
		return
	}
	stop := s.run.stop
	s.finish(Ending{Sentence: s.desk.Say("The sign-in was stopped. Nothing was changed.")})
	if stop != nil {
		stop()
	}
}

func (s *SignIn) failed(err error) {
	e := asError(err)
	s.finish(Ending{Sentence: e.Sentence, Next: e.Next})
}

func (s *SignIn) finish(end Ending) {
	s.run, s.stage, s.other, s.address, s.code, s.end = nil, SignInIdle, nil, "", SignInCode{}, end
	s.changed()
}

// AccountQuestion is what to ask after somebody signed in with another account; ok is false while there is nothing to ask.
// keep are the words of the answer that this account may send for the mailbox, as for a shared one; empty: it may not, at
// Google.
func (s *SignIn) AccountQuestion() (text, keep, use string, ok bool) {
	if s.other == nil {
		return "", "", "", false
	}
	user := s.other.granted.User
	text = s.other.problem.Sentence
	if s.other.v.SignIn == data.SignInMicrosoft {
		text += " " + s.desk.Say("If that is a shared mailbox and {{.User}} may send for it, keep it so.", With("User", user))
		keep = s.desk.Say("{{.User}} may send for it", With("User", user))
	}
	return text, keep, s.desk.Say("Send as {{.User}}", With("User", user)), true
}

// KeepOther keeps the sign-in of another account, which may send for the mailbox.
func (s *SignIn) KeepOther() {
	if o := s.other; o != nil {
		s.other = nil
		s.keep(s.run, o.v, o.granted)
	}
}

// UseOther makes the account that signed in the mailbox of the settings.
func (s *SignIn) UseOther() {
	o, run := s.other, s.run
	if o == nil {
		return
	}
	s.other = nil
	s.form.Set(s.Field("user"), o.granted.User)
	s.saved(run, func() {
		v := o.v
		v.User = o.granted.User
		s.keep(run, v, o.granted)
	})
}

// Forget forgets the sign-in. Everything waits then until somebody signs in again.
func (s *SignIn) Forget() {
	if s.run != nil {
		return
	}
	number, way := s.number, s.desk.Facts().SignIns[s.number-1].Way
	GoStore(s.desk, func(ctx context.Context, st *store.Store) (struct{}, error) {
		return struct{}{}, st.DropSignIn(ctx, number)
	}, func(_ struct{}, err error) {
		s.desk.Wake()
		if err != nil {
			s.failed(err)
			return
		}
		s.finish(Ending{OK: true, Sentence: s.desk.Say("The sign-in is forgotten."), Next: s.desk.Say("Take the permission back at {{.Page}} as well.", With("Page", accountPage(way)))})
	})
}

// accountPage is where a person takes back what was allowed.
func accountPage(way data.SignInWay) string {
	if way == data.SignInGoogle {
		return "myaccount.google.com/permissions"
	}
	return "myapps.microsoft.com"
}
