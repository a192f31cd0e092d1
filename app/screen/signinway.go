package screen

import (
	"strconv"

	"smtpgateway/data"
)

// SignInOffer is a way of signing in that fits the mail server.
type SignInOffer struct {
	Words string
	Way   data.SignInWay
}

// Offers lists the ways to choose from while none is chosen: that of the mail server, or both where there is no server yet.
func (s *SignIn) Offers() []SignInOffer {
	if s.Way() != data.SignInNone || !s.Can() {
		return nil
	}
	host := s.value("host")
	offer := func(w data.SignInWay) SignInOffer {
		return SignInOffer{Words: s.desk.Say("Sign in with {{.Service}}", With("Service", serviceOf(w))), Way: w}
	}
	if host == "" && s.number == 1 {
		return []SignInOffer{offer(data.SignInGoogle), offer(data.SignInMicrosoft)}
	}
	if p, ok := data.ProviderForHost(host); ok && p.SignIn != data.SignInNone && !p.NoLogin {
		return []SignInOffer{offer(p.SignIn)}
	}
	return nil
}

// Choose takes a way and fills in what follows from it. Where something is still missing, it leads there.
func (s *SignIn) Choose(w data.SignInWay) {
	s.form.ChooseSignIn(s.number, w)
	s.end = Ending{}
	if field, _ := s.missing(); field != "" && s.OnFocus != nil {
		s.OnFocus(field)
	}
	s.changed()
}

// ChooseSignIn makes a way of signing in that of a server. A server that has no name yet gets that of the mail service.
func (s *Settings) ChooseSignIn(number int, w data.SignInWay) {
	pre := "server" + strconv.Itoa(number) + "."
	s.Set(pre+"signin", string(w))
	if auth := data.Auth(s.Value(pre + "auth")); auth != data.AuthAuto && auth != data.AuthXOAUTH2 {
		s.Set(pre+"auth", string(data.AuthAuto))
	}
	if s.Value(pre+"user") == "" {
		s.Set(pre+"user", s.Value("from.address"))
	}
	if s.Value(pre+"host") != "" {
		return
	}
	for _, p := range data.ProvidersForSchool() {
		if p.SignIn == w {
			s.Set(pre+"host", p.Host)
			s.Set(pre+"port", strconv.Itoa(p.Port))
			s.Set(pre+"security", string(p.Security))
			s.Set(pre+"recipients_per_day", strconv.Itoa(p.PerDay()))
			return
		}
	}
}

// Needs lists the settings that the chosen way goes by, in the order they are filled in.
func (s *SignIn) Needs() []string {
	switch s.Way() {
	case data.SignInGoogle:
		return []string{s.Field("client_id"), s.Field("client_secret")}
	case data.SignInMicrosoft:
		return []string{s.Field("tenant"), s.Field("client_id")}
	case data.SignInMicrosoftApp:
		return []string{s.Field("tenant"), s.Field("client_id"), s.Field("client_secret")}
	default:
		return nil
	}
}

// missing is the first setting without which nobody can sign in; empty: all are there.
func (s *SignIn) missing() (field string, end Ending) {
	ask := s.desk.Say("Ask IT for it: the guide says where it stands.")
	for _, one := range append([]string{s.Field("host"), s.Field("user")}, s.Needs()...) {
		f := s.form.field(one)
		if f == nil || s.form.given(f) {
			continue
		}
		if one == s.Field("host") || one == s.Field("user") {
			ask = ""
		}
		return one, Ending{Sentence: s.desk.Say("{{.Field}} is not filled in yet.", With("Field", s.form.called(f))), Next: ask}
	}
	return "", Ending{}
}

// given reports whether a field holds something, typed or stored.
func (s *Settings) given(f *Field) bool {
	if f.Kind == FieldPassword {
		return s.Typed(f.Name) || s.stored[f.Name] != "" && !s.forget[f.Name]
	}
	return s.Value(f.Name) != ""
}

// keptSecret is a client secret that was typed and saved while this window is open: only the service can open what is
// stored, and signing in needs it.
type keptSecret struct {
	typed  data.Secret // not saved yet
	before string      // what was stored when it was typed
	saved  data.Secret
	sealed string // saved, as it is stored
}

func (k *keptSecret) watch(s *Settings, field string) {
	switch p, typed := s.passwords[field]; {
	case typed && p != k.typed:
		k.typed, k.before = p, s.stored[field]
	case !typed && k.typed != "":
		if now := s.stored[field]; now != "" && now != k.before {
			k.saved, k.sealed = k.typed, now
		}
		k.typed = ""
	}
}

// of is the secret of a server's settings; empty: it is not known here.
func (k *keptSecret) of(v data.Server) data.Secret {
	if k.sealed == "" || k.sealed != v.ClientSealed {
		return ""
	}
	return k.saved
}
