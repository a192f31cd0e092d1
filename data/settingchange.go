package data

import "fmt"

// Sealer seals a password for the service, bound to the name of the setting and the server it is for.
type Sealer func(name string, v Server, password Secret) (string, error)

// NotInForce begins the trouble of a service that goes on with its last good settings, so that a window which waits for
// the new ones need not wait to the end of its patience.
const NotInForce = "The new settings cannot be used"

// PasswordField is the name of the setting that holds the password of server n.
func PasswordField(n int) string { return fmt.Sprintf("server%d.password", n) }

// Change works out what saving changes would mean: the settings as they would be, the values to store, and what
// stands against it. A password in changes is in the clear and is sealed here; empty takes it away. One that is set
// and not in changes stays good only while host, user and trusted certificate stay as they are: it is sealed for
// these, so that nobody can send it to another server by changing the name. A client secret is a password in all this,
// good while Server.SignInFor stays the same.
func (s Settings) Change(changes map[string]string, seal Sealer) (Settings, map[string]string, Problems, error) {
	values := s.Values()
	for name, v := range changes {
		if f, ok := FieldByName(name); ok && f.Kind == FieldPassword {
			continue
		}
		values[name] = v
	}
	next, problems := ParseSettings(values)
	if problems.Refused() {
		return s, nil, problems, nil
	}
	for _, v := range []*Server{&next.Server1, &next.Server2} {
		for _, h := range v.hidden() {
			p, err := h.change(changes, s.Server(v.Number), v, seal)
			if err != nil {
				return s, nil, problems, err
			}
			if p != nil {
				problems = append(problems, *p)
				if _, given := changes[h.name]; given {
					return s, nil, problems, nil
				}
			}
		}
	}
	problems = append(problems, next.Check()...)
	after, before := next.Values(), s.Values()
	changed := make(map[string]string)
	for name, v := range after {
		if v != before[name] {
			changed[name] = v
		}
	}
	return next, changed, problems, nil
}

func (s Server) sameLogin(o Server) bool {
	return s.Host == o.Host && s.User == o.User && s.Certificate == o.Certificate
}

// hidden is a value of a server that is written but never shown.
type hidden struct {
	name string // of the setting
	what string // it is
	lost string // what must have changed if it is of no use any more
	at   func(*Server) *string
	same func(Server, Server) bool
	none bool // the server has no use for it
}

func (s *Server) hidden() []hidden {
	return []hidden{
		{PasswordField(s.Number), "password", "Server, user or certificate", func(v *Server) *string { return &v.Sealed }, Server.sameLogin, !s.Set()},
		{ClientSecretField(s.Number), "client secret", "Server, certificate or something about the sign-in", func(v *Server) *string { return &v.ClientSealed }, Server.sameApp, !s.Set() || s.SignIn == SignInNone},
	}
}

// change puts what changes say of the value into v, sealed.
func (h hidden) change(changes map[string]string, before, v *Server, seal Sealer) (*Problem, error) {
	typed, given := changes[h.name]
	at := h.at(v)
	switch {
	case given && typed == "":
		*at = ""
	case given:
		if p := checkHidden(h.what, typed); p != nil {
			p.Name = h.name
			return p, nil
		}
		sealed, err := seal(h.name, *v, Secret(typed))
		if err != nil {
			return nil, err
		}
		*at = sealed
	case *at != "" && !h.none && !h.same(*before, *v):
		return &Problem{Name: h.name, Sentence: h.lost + " changed: enter the " + h.what + " again."}, nil
	case h.none:
		*at = ""
	}
	return nil, nil
}
