package screen

import (
	"context"
	"errors"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/store"
)

// signingIn is one sign-in under way. What comes back to another one is dropped.
type signingIn struct {
	byCode bool
	undo   func()             // gives back what was put aside for it, should it come to nothing
	stop   context.CancelFunc // of waiting for the person; nil: nobody waits
	served bool               // only the service can open the client secret: it takes the last step
	keep   bool               // the service stores the sign-in too, as nothing is unsaved
}

// otherAccount is a sign-in with another account than the mailbox, before the person said what is meant.
type otherAccount struct {
	v       data.Server
	granted Granted
	problem *data.Error
}

// Begin lets the person sign in, with the browser or by a code on another device, with the settings as they are typed.
// Nothing is saved before it has worked: until then mail goes out as before.
func (s *SignIn) Begin(byCode bool) {
	if s.Busy() || !s.Can() || s.Way() == data.SignInNone {
		return
	}
	s.end = Ending{}
	field, end := s.missing()
	if unreadable := s.form.Unreadable(); unreadable != "" {
		field, end = s.Field("signin"), Ending{Sentence: unreadable}
	}
	if field != "" {
		s.finish(end)
		if s.OnFocus != nil {
			s.OnFocus(field)
		}
		return
	}
	run := &signingIn{byCode: byCode, undo: s.form.putAside(s.Field("password"))} // whoever signs in needs none
	s.run, s.address, s.unable, s.note, s.code, s.other = run, "", false, "", SignInCode{}, nil
	if s.form.Dirty() && s.form.FirstWrong() != "" { // before anybody signs in for nothing
		s.form.Save(nil) // says what is wrong, and leads there
		s.finish(s.unsaved())
		return
	}
	s.ask(run)
}

func (s *SignIn) unsaved() Ending {
	return Ending{
		Sentence: s.desk.Say("Nobody was signed in, as the settings cannot be saved."),
		Next:     s.desk.Say("Look at what the line at the bottom says, then sign in again."),
	}
}

// ask finds the client secret and lets the person sign in.
func (s *SignIn) ask(run *signingIn) {
	s.stage = SignInWaiting
	s.changed()
	set := s.form.asTyped()
	v, at := *set.Server(s.number), s.desk.o.Place
	if v.ClientSecret = s.form.passwords[s.Field("client_secret")]; v.ClientSecret == "" {
		v.ClientSecret = s.secret.of(v)
	}
	stored := s.form.storedServer(s.number)
	same := stored.SignInFor() == v.SignInFor()
	Go(s.desk, func(context.Context) (data.Secret, error) {
		if v.ClientSecret != "" || v.ClientSealed == "" {
			return v.ClientSecret, nil
		}
		secret, err := house.OpenClientSecret(at, v)
		switch {
		case err == nil || v.SignIn == data.SignInMicrosoft:
			return secret, nil
		case same && onlyService(err):
			return "", errOnlyService
		}
		return "", s.sealedSecret(err)
	}, func(secret data.Secret, err error) {
		switch {
		case s.run != run:
			return
		case errors.Is(err, errOnlyService):
			run.served, run.keep = true, !s.form.Dirty()
		case err != nil:
			s.failed(err)
			s.wantSecret()
			return
		}
		v.ClientSecret = secret
		s.sign(run, v, set.ProxyURL)
	})
}

// wantSecret leads to where the client secret is typed.
func (s *SignIn) wantSecret() {
	if s.OnFocus != nil {
		s.OnFocus(s.Field("client_secret"))
	}
}

// sealedSecret says why a secret that is stored is asked for again.
func (s *SignIn) sealedSecret(err error) error {
	return &data.Error{
		Code:     data.CodeBadSecret,
		Sentence: s.desk.Say("The client secret is needed once more: the one that is stored belongs to other settings, or was stored on another computer."),
		Next:     s.desk.Say("Paste it into Client secret and sign in again; IT finds it, or makes a new one, where {{.Service}} keeps the app registration.", With("Service", s.Service())),
		Err:      err,
	}
}

// sign waits for the person, off the window's goroutine.
func (s *SignIn) sign(run *signingIn, v data.Server, proxy string) {
	ctx, stop := context.WithCancel(s.desk.ctx)
	run.stop = stop
	Go(s.desk, func(context.Context) (Granted, error) {
		defer stop()
		show := func(address string) error {
			err := s.desk.Desktop().Open(address)
			s.show(run, func() { s.address, s.unable = address, err != nil })
			return nil // the address is there to be copied
		}
		switch {
		case run.served:
			return s.byService(ctx, run, v, proxy, show)
		case v.SignIn == data.SignInMicrosoftApp:
			return s.desk.o.SignIns.App(ctx, v, proxy)
		case run.byCode:
			return s.desk.o.SignIns.Device(ctx, v, proxy, func(code SignInCode) {
				s.show(run, func() { s.code = code })
			})
		}
		return s.desk.o.SignIns.Browser(ctx, v, proxy, show)
	}, func(granted Granted, err error) {
		if s.run == run && s.address != "" {
			s.desk.Desktop().Raise() // the browser stands before it
		}
		switch {
		case s.run != run:
		case err != nil && granted.Other:
			s.other = &otherAccount{v: v, granted: granted, problem: asError(err)}
			s.stage, s.note = SignInAsking, ""
			s.changed()
		case err != nil:
			s.failed(err)
			if run.served && data.CodeOf(err) == data.CodeBadSecret {
				s.wantSecret()
			}
		case granted.Kept:
			s.desk.Wake()
			s.finish(s.done(data.SignIn{Way: v.SignIn}, granted.Missing))
		default:
			s.keep(run, v, granted)
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

// keep saves what is unsaved and stores the sign-in for the service, in one go: the service sees both or neither.
func (s *SignIn) keep(run *signingIn, v data.Server, granted Granted) {
	s.stage, s.note = SignInKeeping, ""
	s.changed()
	if s.form.writing() { // another Save is under way
		s.form.Save(func(bool) { s.keep(run, v, granted) })
		return
	}
	at, now := s.desk.o.Place, s.desk.Now()
	put := func(ctx context.Context, st *store.Store) (data.SignIn, error) {
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
	}
	kept := func(in data.SignIn, err error) {
		if s.run != run {
			return
		}
		s.desk.Wake()
		if err != nil {
			s.failed(err)
			return
		}
		s.finish(s.done(in, granted.Missing))
	}
	if !s.form.Dirty() {
		GoStore(s.desk, put, kept)
		return
	}
	var in data.SignIn
	var err error
	s.form.saveWith(func(ctx context.Context, st *store.Store) { in, err = put(ctx, st) }, func(saved bool) {
		if !saved && s.run == run {
			s.finish(s.unsaved())
			return
		}
		kept(in, err)
	})
}

// done says that it worked.
func (s *SignIn) done(in data.SignIn, missing []string) Ending {
	end := Ending{OK: true, Sentence: s.desk.Say("The sign-in worked."), Next: s.desk.Say("The service takes it over by itself. Press Test to see whether mail arrives.")}
	if in.Way == data.SignInMicrosoftApp {
		end.Sentence = s.desk.Say("Microsoft let the program in.")
	}
	if len(missing) > 0 {
		end.Next = s.desk.Say("Not seen among the permissions: {{.What}}. Press Test: it shows whether mail goes all the same.", With("What", strings.Join(missing, ", ")))
	}
	return end
}

// Cancel gives up; nothing is changed. What is being kept already is not given up any more.
func (s *SignIn) Cancel() {
	if !s.CanCancel() {
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
	if s.run != nil && !end.OK {
		s.run.undo()
	}
	s.run, s.stage, s.other, s.address, s.note, s.code, s.end = nil, SignInIdle, nil, "", "", SignInCode{}, end
	s.changed()
}

// longUser is how long an account's name may be on a button, in bytes.
const longUser = 36

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
	use = s.desk.Say("Send as {{.User}}", With("User", user))
	if len(user) > longUser { // the text above names it
		use = s.desk.Say("Send as this account")
		if keep != "" {
			keep = s.desk.Say("This account may send for it")
		}
	}
	return text, keep, use, true
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
	v, set := o.v, s.form.asTyped()
	v.User = set.Server(s.number).User
	s.keep(run, v, o.granted)
}

// Forget forgets the sign-in. Everything waits then until somebody signs in again.
func (s *SignIn) Forget() {
	if s.Busy() {
		return
	}
	s.forgetting = true
	number, way := s.number, s.desk.Facts().SignIns[s.number-1].Way
	GoStore(s.desk, func(ctx context.Context, st *store.Store) (struct{}, error) {
		return struct{}{}, st.DropSignIn(ctx, number)
	}, func(_ struct{}, err error) {
		s.forgetting = false
		s.desk.Wake()
		if err != nil {
			s.failed(err)
			return
		}
		s.finish(Ending{OK: true, Sentence: s.desk.Say("The sign-in is forgotten."), Next: s.desk.Say("Take the permission back at {{.Page}} as well.", With("Page", accountPage(way)))})
	})
	s.changed()
}

// accountPage is where a person takes back what was allowed.
func accountPage(way data.SignInWay) string {
	if way == data.SignInGoogle {
		return "myaccount.google.com/permissions"
	}
	return "myapps.microsoft.com"
}
