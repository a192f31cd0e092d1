package gateway

import (
	"cmp"
	"context"
	"fmt"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/mail"
	"smtpgateway/data/secret"
)

// apply reads the settings and puts them in force. At the start (first) settings that cannot be used are an error; in a
// running gateway the last good ones stay and the trouble says so.
func (g *Gateway) apply(ctx context.Context, first bool) error {
	values, revision, err := g.store.Settings(ctx)
	if err != nil {
		return err
	}
	g.mu.Lock()
	same := !first && revision == g.beat.Revision
	before := g.settings
	g.mu.Unlock()
	if same {
		return nil
	}
	s, err := g.usable(values)
	if err != nil {
		if first {
			return err
		}
		g.trouble(ctx, troubleSettings, 202, data.NotInForce+", the last good ones stay in force: "+sentence(err), cmp.Or(next(err), "Open the settings and correct them."))
		return nil
	}
	g.clear(ctx, troubleSettings, "The settings can be used again.")
	g.mu.Lock()
	g.settings = s
	g.beat.Revision = revision
	g.beat.InForce = g.o.Now()
	g.mu.Unlock()
	if s.Folder != before.Folder || first {
		g.reopenFolder(ctx)
	}
	if err := g.restamp(ctx, s.From); err != nil {
		return err
	}
	if !first {
		g.notices.Again()
		g.mu.Lock()
		g.lift = true // by the courier: a message under way would keep the main loop waiting for its server
		g.mu.Unlock()
		g.notef(ctx, data.JournalSettings, 0, "New settings are in force (revision %d).", revision)
		g.setEnough(true) // the check under way goes on with the new ones
	}
	return g.writeBeat(ctx)
}

// usable turns stored values into settings with opened passwords, or says in one sentence why not.
func (g *Gateway) usable(values map[string]string) (s data.Settings, err error) {
	s, problems := data.ParseSettings(values)
	problems = append(problems, s.Check()...)
	if problems.Missing() {
		return s, &data.Error{Code: data.CodeNotConfigured, Sentence: "Not configured yet: " + problems.Error(), Next: "Fill in the settings, then start the service."}
	}
	if problems.Refused() {
		return s, &data.Error{Code: data.CodeBadSettings, Sentence: "Settings invalid: " + problems.Error(), Next: "Correct them, then start the service."}
	}
	for _, v := range []*data.Server{&s.Server1, &s.Server2} {
		if !v.Set() {
			continue
		}
		if v.ClientSecret, err = house.OpenClientSecret(g.o.Place, *v); err != nil {
			return s, &data.Error{
				Code: data.CodeBadSecret, Sentence: fmt.Sprintf("The client secret of %s cannot be opened on this computer.", data.ServerName(v.Number)),
				Next: "Enter the client secret again.", Err: err,
			}
		}
		if v.Sealed == "" || v.SignIn != data.SignInNone {
			continue
		}
		password, err := secret.Open(g.o.Place.Key, house.SecretContext(data.PasswordField(v.Number), *v), v.Sealed)
		if err != nil {
			return s, &data.Error{
				Code: data.CodeBadSecret, Sentence: fmt.Sprintf("The password of %s cannot be opened on this computer.", data.ServerName(v.Number)),
				Next: "Enter the password again.", Err: err,
			}
		}
		v.Password = data.Secret(password)
	}
	if s.Folder == "" {
		s.Folder = g.o.Place.Folder
	}
	if err := g.o.Place.CheckFolder(s.Folder); err != nil {
		return s, &data.Error{Code: data.CodeBadSettings, Sentence: sentence(err), Next: "Choose another folder to monitor.", Err: err}
	}
	return s, nil
}

// restamp gives everything waiting the From in force: under the old one it would be refused for ever.
func (g *Gateway) restamp(ctx context.Context, from data.From) error {
	stamp := from.Address + "\n" + from.Name + "\n" + from.ReplyTo
	if old, err := g.store.Stamped(ctx); err != nil || old == stamp {
		return err
	}
	n, err := g.store.Restamp(ctx, from.Address, func(header []byte) ([]byte, error) { return mail.Restamp(header, from) })
	if err != nil {
		return err
	}
	if n > 0 {
		g.notef(ctx, data.JournalSettings, 0, "From is now %s: changed in %d waiting messages.", from.Address, n)
	}
	return g.store.SetStamped(ctx, stamp)
}
