package screen

import (
	"context"
	"strconv"

	"smtpgateway/data"
)

// MailFinder finds out who carries the mail of an address. It asks DNS, and only for the domain.
type MailFinder interface {
	FindProvider(ctx context.Context, address string) data.FoundProvider
}

// Answer is what came of the starting question, "What is the library's e-mail address?".
type Answer struct {
	Wrong   string         // why the address is none; empty: it is one
	Ask     string         // the question who carries the mail of this domain; empty: that is known for certain
	Choices []string       // the answers to it, for StartWith
	Filled  string         // what was filled in; empty: nothing yet
	Found   string         // how it was found out who carries the mail, or that it could not be
	Note    string         // what to know of this mail service
	SignIn  data.SignInWay // it is signed in to with the browser; ChooseSignIn takes that; none: it is not

	address data.Address
	looking bool   // DNS is being asked
	field   string // where the person is led, and reads the note again
}

// Fresh reports whether no mail server was ever given: the starting question stands above everything else.
func (s *Settings) Fresh() bool { return s.known && s.stored["server1.host"] == "" }

// Answer is what came of the starting question so far.
func (s *Settings) Answer() Answer { return s.answer }

// StartFrom fills in what the library's e-mail address tells. Where it does not tell who carries the mail, DNS is asked, and
// the answer holds the question meanwhile: a person who knows is quicker.
func (s *Settings) StartFrom(address string) {
	a, err := data.ParseAddress(address)
	if err != nil {
		e := asError(err)
		s.answer = Answer{Wrong: s.sentences(e.Sentence, e.Next)}
		s.changed()
		return
	}
	if p, ok := data.ProviderFor(address); ok {
		s.fill(a, p)
		return
	}
	s.answer = Answer{}
	s.askCarrier(a, s.desk.Say("Who carries the mail of {{.Domain}}? IT knows.", With("Domain", a.Domain)))
	if find := s.desk.o.Mail; find != nil {
		s.answer.looking = true
		s.answer.Found = s.desk.Say("Looking up who carries it ...")
		Go(s.desk, func(ctx context.Context) (data.FoundProvider, error) { return find.FindProvider(ctx, a.String()), nil },
			func(found data.FoundProvider, _ error) { s.startFound(a, found) })
	}
	s.changed()
}

// askCarrier puts the question who carries the mail of an address.
func (s *Settings) askCarrier(a data.Address, question string) {
	s.answer.address, s.answer.Ask, s.answer.Choices = a, question, nil
	for _, p := range data.ProvidersForSchool() {
		s.answer.Choices = append(s.answer.Choices, providerWords(s.desk, p))
	}
	s.answer.Choices = append(s.answer.Choices, s.desk.Say("Another server, or I do not know"))
}

// startFound takes what DNS told, unless the person answered or asked for another address meanwhile. What is certain is filled
// in and may still be changed; what is only likely is told beside the question.
func (s *Settings) startFound(a data.Address, found data.FoundProvider) {
	if !s.answer.looking || s.answer.address != a {
		return
	}
	if p, ok := data.ProviderByID(found.ID); ok && found.Finding == data.FindingGood {
		s.fill(a, p)
		s.answer.Found = found.How
		s.askCarrier(a, s.desk.Say("If the library sends in another way, choose it:"))
	} else {
		s.answer.looking, s.answer.Found = false, found.How
	}
	s.changed()
}

// providerWords says when to choose a mail service.
func providerWords(d *Desk, p data.Provider) string {
	switch p.ID {
	case data.ProviderWorkspace:
		return d.Say("Google Workspace (people read their mail in Gmail)")
	case data.ProviderMicrosoft:
		return d.Say("Microsoft 365 (people read their mail in Outlook)")
	case data.ProviderGoogleRelay:
		return d.Say("Google Workspace relay (it knows the school's internet address, without a password)")
	case data.ProviderRelay:
		return d.Say("School relay (a server of the school, without a password)")
	default:
		return p.Name
	}
}

// StartWith answers the question who carries the mail.
func (s *Settings) StartWith(choice int) {
	if s.answer.Ask == "" || choice < 0 || choice >= len(s.answer.Choices) {
		return
	}
	school := data.ProvidersForSchool()
	if choice < len(school) {
		s.fill(s.answer.address, school[choice])
		return
	}
	a := s.answer.address
	s.sender(a)
	s.Set("server1.user", a.String())
	s.answer = Answer{
		Filled: s.desk.Say("Filled in the addresses. Ask IT for the name of the mail server, its port and its protection."),
		Note:   s.desk.Say("It is the server your own mail program sends through."),
	}
	s.lead("server1.host")
}

// fill puts everything the provider decides into the fields, also what an earlier answer had put there.
func (s *Settings) fill(a data.Address, p data.Provider) {
	s.sender(a)
	auth := data.AuthAuto
	if p.NoLogin {
		auth = data.AuthNone
	}
	for name, v := range map[string]string{
		"server1.host": p.Host, "server1.port": strconv.Itoa(p.Port), "server1.security": string(p.Security),
		"server1.allow_insecure": strconv.FormatBool(p.Insecure), "server1.auth": string(auth), "server1.user": p.User(a),
		"server1.certificate": "", "server1.signin": string(data.SignInNone), "server1.recipients_per_day": strconv.Itoa(p.PerDay()), "server1.connections": strconv.Itoa(p.Connections()),
	} {
		s.Set(name, v)
	}
	if set, err := strconv.Atoi(s.Value("messages_each_check")); err == nil && p.EachCheck(set) != set {
		s.Set("messages_each_check", strconv.Itoa(p.EachCheck(set)))
	}
	s.answer = Answer{Filled: s.desk.Say("Filled in for {{.Provider}}.", With("Provider", p.Name))}
	s.answer.SignIn = p.SignIn
	if p.Note != "" {
		s.answer.Note = s.desk.Say(p.Note)
	}
	next := data.PasswordField(1)
	delete(s.forget, next)
	switch {
	case p.NoLogin:
		s.Set(next, "")
		s.Forget(next)
		next = "server1.host"
		if p.Host != "" {
			next = ""
		}
	case p.SignIn == data.SignInMicrosoft: // a password is the way of last resort: what to do next stands in the answer
		next = ""
	case s.stored[next] == "" || s.Edited("server1.host") || s.Edited("server1.user"):
	default:
		next = ""
	}
	s.lead(next)
}

func (s *Settings) sender(a data.Address) {
	s.Set("from.address", a.String())
	if s.Value("test_to") == "" {
		s.Set("test_to", a.String())
	}
}

// lead shows the answer and puts the person on the field that only they can fill in.
func (s *Settings) lead(name string) {
	s.answer.field = name
	s.changed()
	if name != "" && s.OnFocus != nil {
		s.OnFocus(name)
	}
}

// Hint is the explanation below a field: its own, or what the starting question's answer says about just this one.
func (s *Settings) Hint(name string) string {
	f := s.field(name)
	switch {
	case f == nil:
		return ""
	case s.answer.field == name && s.answer.Note != "":
		return s.answer.Note
	default:
		return f.Hint
	}
}
