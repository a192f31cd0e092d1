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
// these, so that nobody can send it to another server by changing the name.
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
		name := PasswordField(v.Number)
		password, given := changes[name]
		switch before := s.Server(v.Number); {
		case given && password == "":
			v.Sealed = ""
		case given:
			if p := CheckPassword(password); p != nil {
				p.Name = name
				return s, nil, append(problems, *p), nil
			}
			sealed, err := seal(name, *v, Secret(password))
			if err != nil {
				return s, nil, problems, err
			}
			v.Sealed = sealed
		case v.Sealed != "" && !before.sameLogin(*v) && v.Set():
			problems = append(problems, Problem{Name: name, Sentence: "Server, user or certificate changed: enter the password again."})
		case !v.Set():
			v.Sealed = ""
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
