package itsheet

import (
	"fmt"
	"strings"

	"smtpgateway/data"
)

const notYet = "not known yet; please tell us (part 9)"

func (f *Facts) asked() []Line {
	v := f.server()
	domain := ""
	if a, err := data.ParseAddress(f.Settings.From.Address); err == nil {
		domain = a.Domain
	}
	login := "a user name and password, or permission for this computer by its internet address"
	switch {
	case !v.Set():
	case v.SignIn == data.SignInMicrosoftApp:
		login = "the program signs in as itself at Microsoft (SMTP.SendAsApp) for the mailbox " + orNot(v.User, "not chosen yet")
	case v.SignIn != data.SignInNone:
		login = "sign-in with " + wayName(v.SignIn) + " in the browser for the mailbox " + orNot(v.User, "not chosen yet")
	case !v.Login():
		login = "none: please let this computer send by its internet address"
	default:
		login = "user " + clean(v.User) + " (the password is not on this sheet)"
	}
	all := []Line{
		line("Domain name", orNot(domain, notYet)),
		line("SMTP relay host", orNot(v.Host, notYet)),
		line("Login", login),
		line("Protection and port", security(v)),
	}
	if f.Settings.Server2.Set() {
		b := &f.Settings.Server2
		all = append(all, line("If it fails", "a second server: "+clean(b.Host)+", "+security(b)))
	}
	return all
}

func wayName(w data.SignInWay) string {
	if w == data.SignInGoogle {
		return "Google"
	}
	return "Microsoft"
}

func security(v *data.Server) string {
	if !v.Set() {
		return "STARTTLS on port 587, TLS on port 465, or port 25 of a relay inside the school; please tell us (part 9)"
	}
	words := map[data.Security]string{data.SecuritySTARTTLS: "STARTTLS", data.SecurityTLS: "TLS from the first byte", data.SecurityNone: "none"}[v.Security]
	if v.AllowInsecure && v.Security != data.SecurityNone {
		words += " where it is offered"
	}
	return fmt.Sprintf("%s, port %d", words, v.Port)
}

func (f *Facts) firewall() []Line {
	from := "this computer"
	if f.Computer != "" {
		from = clean(f.Computer)
	}
	var to []string
	for _, v := range []*data.Server{&f.Settings.Server1, &f.Settings.Server2} {
		if v.Set() {
			to = append(to, fmt.Sprintf("%s port %d", clean(v.Host), v.Port))
		}
	}
	if len(to) == 0 {
		to = []string{"the mail server of part 2 on its port"}
	}
	all := lines("Please allow", "outgoing TCP from "+from+" to "+strings.Join(to, " and to "), "name service (DNS) for "+from)
	if hosts := signInHosts(&f.Settings); hosts != "" {
		all = append(all, line("", "outgoing HTTPS (port 443) to "+hosts+", for signing in"))
	}
	all = append(all, line("Please switch off", "anything on the way that reads SMTP and takes STARTTLS out of it (\"SMTP inspection\", \"fixup\")"))
	ehlo := clean(f.server().EHLO)
	if ehlo == "" {
		ehlo = "this computer's full name, else its address in brackets"
		if strings.Contains(f.Computer, ".") {
			ehlo = clean(f.Computer)
		}
	}
	return append(all, line("It greets as (EHLO)", ehlo))
}

// signInHosts are the hosts where the program gets its right to send.
func signInHosts(s *data.Settings) string {
	var hosts []string
	for n := 1; n <= 2; n++ {
		v := s.Server(n)
		if !v.Set() {
			continue
		}
		switch v.SignIn {
		case data.SignInNone:
		case data.SignInGoogle:
			hosts = append(hosts, "accounts.google.com and oauth2.googleapis.com")
		case data.SignInMicrosoft, data.SignInMicrosoftApp:
			host := "login.microsoftonline.com"
			if _, rest, ok := strings.Cut(v.SignInAddress, "://"); ok {
				host, _, _ = strings.Cut(rest, "/")
			}
			hosts = append(hosts, clean(host))
		}
	}
	return strings.Join(hosts, " and ")
}

func (f *Facts) howMuch() []Line {
	s := &f.Settings
	readers := "people at the school"
	if f.Patrons > 0 {
		readers = number(int64(f.Patrons)) + " readers of the library"
	}
	expected := "none was sent yet"
	if f.Usual > 0 {
		expected = fmt.Sprintf("about %s messages on a day, %s on the busiest of the last %d days", number(f.Usual), number(f.Most), lookBack)
	}
	all := []Line{
		line("For whom", readers+"; only to pupils, their guardians and staff, never advertising"),
		line("Expected", expected),
		line("Pace", fmt.Sprintf("at most %s messages every %d minutes, about 20 KB each, %s", number(int64(s.MessagesEachCheck)), s.MinutesBetweenChecks, connections(s.Server1.Connections))),
	}
	if s.Server1.RecipientsDay > 0 {
		all = append(all, line("Limit set here", number(int64(s.Server1.RecipientsDay))+" recipients in 24 hours; the rest waits for the next day"))
	}
	if p, ok := f.provider(); ok {
		if l := limits(p.Limits); l != "" {
			all = append(all, line("Limits of "+p.Name, l))
		}
	}
	return all
}

// number is written so that its thousands can be read.
func number(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func connections(n int) string {
	if n <= 1 {
		return "over one connection"
	}
	return fmt.Sprintf("over up to %d connections", n)
}

func limits(l data.Limits) string {
	var all []string
	for _, one := range []struct {
		n     int
		words string
	}{
		{l.PerDay, "%s recipients in 24 hours"}, {l.PerMinute, "%s messages a minute"},
		{l.PerMessage, "%s recipients of one message"}, {l.Connections, "%s connections at a time"},
	} {
		if one.n > 0 {
			all = append(all, fmt.Sprintf(one.words, number(int64(one.n))))
		}
	}
	return strings.Join(all, ", ")
}

func (f *Facts) returned() []Line {
	to := orNot(f.Settings.From.Address, "the From address of part 1")
	return []Line{
		line("Returned mail goes to", to+". Please make sure that this mailbox exists and is read."),
		line("May we read it?", "by IMAP, so that wrong addresses can be found (part 9)"),
	}
}

func (f *Facts) lastError() []Line {
	var all []Line
	if !f.TestedOn.IsZero() {
		how := "failed: "
		if f.TestOK {
			how = "went well: "
		}
		all = append(all, line("Last test", f.TestedOn.Local().Format("2 January 2006, 15:04")+", "+how+f.masked(f.TestSaid)))
	} else {
		all = append(all, line("Last test", "none yet"))
	}
	for _, s := range f.Servers {
		if s.Since.IsZero() {
			continue
		}
		o := s.Outcome
		l := line("Trouble with "+data.ServerName(s.Server), "since "+s.Since.Local().Format("2 January 2006, 15:04")+", "+at(o.Phase)+": "+f.masked(o.Sentence))
		if said := strings.TrimSpace(fmt.Sprintf("%s %s %s", code(o.Code), o.Enhanced, o.Line)); said != "" {
			l.Raw = []string{f.masked(said)}
		}
		all = append(all, l)
	}
	return all
}

// masked is a text from outside without the address of a reader.
func (f *Facts) masked(s string) string {
	return data.MaskAddresses(data.Clean(s, 500), f.Settings.OwnAddresses()...)
}

func code(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// at is where in the conversation it happened.
func at(p data.Phase) string {
	switch p {
	case data.PhaseDNS, data.PhaseConnect:
		return "while connecting"
	case data.PhaseTLS:
		return "while protecting the connection (TLS)"
	case data.PhaseGreeting, data.PhaseEHLO:
		return "at the greeting"
	case data.PhaseAuth:
		return "while signing in"
	default:
		return "while sending"
	}
}

func (f *Facts) answer() []Line {
	return []Line{
		blank("SMTP host and port"),
		{Label: "Protection", Text: "STARTTLS (587)", Tick: true}, tick("TLS (465)"), tick("none, inside the school only (25)"),
		{Label: "Login", Text: "sign-in in the browser", Tick: true}, tick("password, handed over in person"), tick("none, by internet address"),
		blank("Seen from outside as"),
		blank("IMAP host, if allowed"),
		{Label: "Done", Text: "firewall", Tick: true}, tick("DNS records of part 6"), tick("spam filter lets our From through"),
		blank("Name, phone, date"),
	}
}
