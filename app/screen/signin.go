package screen

import (
	"context"
	"fmt"
	"strings"
	"time"

	"smtpgateway/data"
)

// SignIns lets a person sign in at Google or Microsoft, or the program as itself. Browser and Device wait for the person
// until ctx ends. Errors say in words what to do.
type SignIns interface {
	// Browser opens the browser of this computer; open is to show the address there.
	Browser(ctx context.Context, v data.Server, proxy string, open func(address string) error) (Granted, error)
	// Page is Browser without the last step: take gets what the browser brought and tells who signed in, or why it came to
	// nothing, for the browser's last page. It needs no client secret.
	Page(ctx context.Context, v data.Server, proxy string, open func(address string) error, take func(context.Context, data.SignInHandover) (user string, err error)) error
	// Device lets the person type a code on any other device. Microsoft only.
	Device(ctx context.Context, v data.Server, proxy string, show func(SignInCode)) (Granted, error)
	// App lets the program sign in as itself. Microsoft only.
	App(ctx context.Context, v data.Server, proxy string) (Granted, error)
	// Guide is what IT does once, for v.SignIn, with what is known filled in.
	Guide(v data.Server) []GuideStep
}

// Granted is what a sign-in brought. With Other it comes beside an error: the person took another account than the mailbox.
type Granted struct {
	User    string   // who signed in
	Missing []string // what was not granted, in words
	Other   bool
	Kept    bool // the service stored it already, and Keep is not needed
	// Keep is what the store keeps of it, sealed.
	Keep func(v data.Server, now time.Time, seal func(v data.Server, token data.Secret) (string, error)) (data.SignIn, error)
}

// SignInCode is what a person types on another device.
type SignInCode struct {
	Code    string
	Address string // page to open there
	Until   time.Time
}

// GuideStep is one thing that IT does once, at Google's or Microsoft's.
type GuideStep struct {
	Title, Text string
	Page        string   // address to open; empty: where the step before was
	Copy        []string // lines to paste there
}

// SignedIn is a server's sign-in as the store has it.
type SignedIn struct {
	data.SignIn

	There bool
}

// SignInStage is how far a sign-in has come.
type SignInStage int

// The stages. SignInAsking: somebody signed in with another account, and the person is asked.
const (
	SignInIdle SignInStage = iota
	SignInWaiting
	SignInKeeping
	SignInAsking
)

// SignIn is the sign-in of one server as a person sees it: how it stands, what it needs, and the way through it. What is
// typed is saved together with the sign-in, once it has worked; the service takes both over by itself.
type SignIn struct {
	OnChange func()             // something it shows changed
	OnFocus  func(field string) // the person should look at this field of the settings

	desk   *Desk
	form   *Settings
	number int
	secret keptSecret

	patience patience // with the service, where only that can open the client secret

	run        *signingIn // under way; nil: none
	forgetting bool
	stage      SignInStage
	address    string // the browser shows it
	unable     bool   // no browser could be opened
	note       string // what the service is asked; empty: nothing
	code       SignInCode
	other      *otherAccount
	end        Ending
}

// Ending is how something ended: one sentence, and what to do. Empty: there was nothing.
type Ending struct {
	OK       bool
	Sentence string
	Next     string
}

// NewSignIn makes the sign-in of server 1 or 2, with the settings as they are edited in form.
func NewSignIn(d *Desk, form *Settings, number int) *SignIn {
	s := &SignIn{desk: d, form: form, number: number, patience: usualPatience()}
	form.Watch(func() { s.secret.watch(form, s.Field("client_secret")) })
	return s
}

// Can reports whether signing in is built into this program.
func (s *SignIn) Can() bool { return s.desk.o.SignIns != nil }

// Number is which server: 1 or 2.
func (s *SignIn) Number() int { return s.number }

// Field is the name of one of this server's settings.
func (s *SignIn) Field(last string) string { return fmt.Sprintf("server%d.%s", s.number, last) }

func (s *SignIn) value(last string) string { return strings.TrimSpace(s.form.Value(s.Field(last))) }

// Way is the way that is chosen, saved or not.
func (s *SignIn) Way() data.SignInWay { return data.SignInWay(s.value("signin")) }

// Stage is how far it has come.
func (s *SignIn) Stage() SignInStage { return s.stage }

// Running reports whether a sign-in is under way.
func (s *SignIn) Running() bool { return s.run != nil }

// Busy reports whether a sign-in is under way, or one is being forgotten: no other can begin.
func (s *SignIn) Busy() bool { return s.run != nil || s.forgetting }

// CanCancel reports whether a sign-in is under way that can still be given up.
func (s *SignIn) CanCancel() bool { return s.run != nil && s.stage != SignInKeeping }

// Service is who is signed in with, as people call it.
func (s *SignIn) Service() string { return serviceOf(s.Way()) }

func serviceOf(w data.SignInWay) string {
	if w == data.SignInGoogle {
		return "Google"
	}
	return "Microsoft"
}

// State says how the sign-in that is stored stands; no words: none is stored for what is chosen.
func (s *SignIn) State() (standing Standing, next string) {
	f := s.desk.Facts()
	v := f.Settings.Server(s.number)
	if f.Problem != nil || s.Way() == data.SignInNone || v.SignIn != s.Way() {
		return Standing{}, ""
	}
	in := f.SignIns[s.number-1]
	words, next, holds := data.SignInState(*v, in.SignIn, in.There)
	standing = Standing{Mood: MoodGood, Words: words}
	switch {
	case !holds && in.There:
		standing.Mood = MoodBad
	case !holds:
		standing.Mood = MoodWarn
	case next != "": // it was not tried yet
		standing.Mood = MoodWaiting
	}
	return standing, s.desk.withoutWay(next)
}

// withoutWay leaves out where the button stands, where one that leads there stands beside the words.
func (d *Desk) withoutWay(next string) string {
	if rest, here := strings.CutPrefix(next, "Open Settings and click "); here {
		return d.Say("Click {{.Button}}", With("Button", rest))
	}
	return next
}

// there reports whether a sign-in of the chosen way is stored.
func (s *SignIn) there() bool {
	in := s.desk.Facts().SignIns[s.number-1]
	return in.There && in.Way == s.Way()
}

// ButtonText is what starts it now: with unsaved changes these are saved when it has worked.
func (s *SignIn) ButtonText() string {
	dirty, service := s.form.Dirty(), With("Service", s.Service())
	switch {
	case s.Way() == data.SignInMicrosoftApp && dirty:
		return s.desk.Say("Try the sign-in and save")
	case s.Way() == data.SignInMicrosoftApp:
		return s.desk.Say("Try the sign-in")
	case dirty:
		return s.desk.Say("Sign in with {{.Service}} and save", service)
	case s.there():
		return s.desk.Say("Sign in again")
	}
	return s.desk.Say("Sign in with {{.Service}}", service)
}

// Explanation is what the button does, in a sentence.
func (s *SignIn) Explanation() string {
	switch s.Way() {
	case data.SignInMicrosoftApp:
		return s.desk.Say("For IT: the program signs in as itself, without a person. It lasts as long as the client secret.")
	case data.SignInGoogle, data.SignInMicrosoft:
		return s.desk.Say("Opens the browser of this computer. Choose {{.Mailbox}} there; the password is typed on {{.Service}}'s own page only.",
			With("Mailbox", s.mailbox(), "Service", s.Service()))
	default:
		return ""
	}
}

func (s *SignIn) mailbox() string {
	if user := s.value("user"); user != "" {
		return user
	}
	return s.desk.Say("the library's account")
}

// OffersCode reports whether a code on another device will do as well.
func (s *SignIn) OffersCode() bool { return s.Way() == data.SignInMicrosoft }

// CanForget reports whether there is a sign-in to forget.
func (s *SignIn) CanForget() bool { return s.desk.Facts().SignIns[s.number-1].There && !s.Busy() }

// End is how the last sign-in ended.
func (s *SignIn) End() Ending { return s.end }

// Note says what is going on; empty: nothing.
func (s *SignIn) Note() string {
	switch {
	case s.note != "":
		return s.note
	case s.stage == SignInKeeping:
		return s.desk.Say("Keeping the sign-in for the service.")
	case s.stage != SignInWaiting:
		return ""
	case s.code.Code != "":
		return s.desk.Say("On any device with a browser, open this page and type the code. It is good until {{.Time}}.", With("Time", s.desk.Clock(s.code.Until)))
	case s.address != "" && s.unable:
		return s.desk.Say("No browser could be opened. Open one on this computer and paste this address into it.")
	case s.address != "" && s.Way() == data.SignInGoogle:
		return s.desk.Say("Your browser shows Google's page now. Choose {{.Mailbox}} there and tick every box. This window waits.", With("Mailbox", s.mailbox()))
	case s.address != "":
		return s.desk.Say("Your browser shows Microsoft's page now. Choose {{.Mailbox}} there and accept. This window waits.", With("Mailbox", s.mailbox()))
	default:
		return s.desk.Say("Asking {{.Service}}.", With("Service", s.Service()))
	}
}

// Address is what the browser shows, for a browser that shows nothing; empty: not known yet.
func (s *SignIn) Address() string { return s.address }

// Code is what is to be typed on another device; Code empty: nothing.
func (s *SignIn) Code() SignInCode { return s.code }

// Guide is what IT does once, with what is typed filled in.
func (s *SignIn) Guide() []GuideStep {
	if !s.Can() {
		return nil
	}
	return s.desk.o.SignIns.Guide(data.Server{
		Number: s.number, SignIn: s.Way(), User: s.value("user"), Tenant: s.value("tenant"), ClientID: s.value("client_id"), SignInAddress: s.value("signin_address"),
	})
}

// CopyGuide puts the whole guide on the clipboard, for a message to IT.
func (s *SignIn) CopyGuide() {
	var b strings.Builder
	for i, step := range s.Guide() {
		fmt.Fprintf(&b, "%d. %s\n", i+1, step.Title)
		if step.Page != "" {
			b.WriteString("   " + step.Page + "\n")
		}
		b.WriteString("   " + step.Text + "\n")
		for _, line := range step.Copy {
			b.WriteString("       " + line + "\n")
		}
		b.WriteString("\n")
	}
	s.desk.Desktop().Copy(b.String())
}

func (s *SignIn) changed() {
	if s.OnChange != nil {
		s.OnChange()
	}
}

// OpenOutside opens an address in the program that is meant for it; failed gets the words if that cannot be.
func (d *Desk) OpenOutside(address string, failed func(words string)) {
	Go(d, func(context.Context) (struct{}, error) { return struct{}{}, d.Desktop().Open(address) }, func(_ struct{}, err error) {
		if err != nil {
			failed(d.Say("Open this page in a browser yourself: {{.Page}}", With("Page", address)))
		}
	})
}
