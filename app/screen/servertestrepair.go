package screen

import (
	"fmt"
	"strings"

	"smtpgateway/data"
)

// StepState is how one step of a test stands.
type StepState int

// The states of a step.
const (
	StepRunning StepState = iota
	StepOK
	StepFailed
)

// TestStep is one step as a person sees it.
type TestStep struct {
	Name   string // the service's word for it
	Label  string
	State  StepState
	Text   string // what was seen; empty while it runs
	Took   string // "1.2 s"; empty: no time to speak of
	Detail string // certificate fingerprint, the server's own line: one click away
}

// Steps lists what was done so far, in order, and what is being done now. What became of the file is told as it is seen
// in the folder, where this account may look.
func (t *ServerTest) Steps() []TestStep {
	out := make([]TestStep, 0, len(t.steps)+2)
	told := false // of the file's end, by the service
	for i, s := range t.steps {
		one := TestStep{Name: s.Name, Label: t.label(s.Name), State: StepOK, Text: s.Text, Took: took(s.Took), Detail: s.Detail}
		if !s.OK {
			one.State = StepFailed
		}
		if s.Name == "file" && i > 0 {
			told = true
			if t.file.State == FileGone || t.file.State == FileBad {
				one.Text = t.file.Words
			}
		}
		out = append(out, one)
	}
	if t.stage == TestRunning {
		if name := t.nextStep(); name != "" {
			out = append(out, TestStep{Name: name, Label: t.label(name)})
		}
	}
	if last := len(out) - 1; !told && (t.file.State == FileGone || t.file.State == FileBad) {
		seen := TestStep{Name: "file", Label: t.label("file"), State: StepOK, Text: t.file.Words}
		if t.file.State == FileBad {
			seen.State = StepFailed
		}
		if last > 0 && out[last].Name == "file" && out[last].State == StepRunning {
			out = out[:last]
		}
		out = append(out, seen)
	}
	return out
}

func (t *ServerTest) label(name string) string {
	switch name {
	case "sign-in service":
		return t.desk.Say("Sign-in service")
	case "name":
		return t.desk.Say("Server name")
	case "connection":
		return t.desk.Say("Connection")
	case "protection":
		return t.desk.Say("Protection and certificate")
	case "greeting":
		return t.desk.Say("Greeting")
	case "sign-in":
		return t.desk.Say("Sign-in")
	case "sender":
		return t.desk.Say("Sender")
	case "message":
		return t.desk.Say("Message accepted")
	case "file":
		return t.desk.Say("Folder")
	}
	return name
}

// nextStep is what the service must be doing: it tells of each step when it is over.
func (t *ServerTest) nextStep() string {
	order := []string{"name", "connection", "greeting", "protection", "sign-in"}
	if t.form.Value(t.field("security")) == string(data.SecurityTLS) {
		order = []string{"name", "connection", "protection", "greeting", "sign-in"}
	}
	if t.form.Value(t.field("signin")) != string(data.SignInNone) {
		order = append([]string{"sign-in service"}, order...)
	}
	if t.number == 1 {
		order = append([]string{"file"}, append(order, "message")...) // whether the sender is taken shows along with it
	} else {
		order = append(order, "sender")
	}
	if len(t.steps) == 0 {
		return order[0]
	}
	last := t.steps[len(t.steps)-1]
	if !last.OK || len(t.steps) > 1 && last.Name == "file" {
		return ""
	}
	switch {
	case last.Name == "message":
		return "file"
	case last.Name == "sender" && t.number == 1:
		return "message"
	}
	for i, name := range order[:len(order)-1] {
		if name == last.Name {
			return order[i+1]
		}
	}
	return ""
}

func (t *ServerTest) field(name string) string { return fmt.Sprintf("server%d.%s", t.number, name) }

// Repair is something that mends what a test found, with one click.
type Repair struct {
	Text  string // of its button
	Trust bool   // asks first: see TrustQuestion and Trust
	Press func()
}

// Repairs lists what fits the end of the last test, best first.
func (t *ServerTest) Repairs() []Repair {
	if t.run != nil || t.end.result == "" || t.end.ok {
		return nil
	}
	set := func(text string, pairs ...string) []Repair {
		return []Repair{{Text: text, Press: func() {
			for i := 0; i+1 < len(pairs); i += 2 {
				t.form.Set(pairs[i], pairs[i+1])
			}
			t.Test()
		}}}
	}
	look := func(text, field string) []Repair {
		return []Repair{{Text: text, Press: func() {
			if t.OnFocus != nil {
				t.OnFocus(field)
			}
		}}}
	}
	switch t.end.advice {
	case "starttls":
		if t.form.Value(t.field("port")) == "465" { // the port of TLS; those of STARTTLS are others
			return set(t.desk.Say("Use STARTTLS on port 587 and test again"), t.field("security"), "starttls", t.field("port"), "587")
		}
		return set(t.desk.Say("Use STARTTLS and test again"), t.field("security"), "starttls")
	case "tls": // what answered at this very port speaks TLS
		return set(t.desk.Say("Use TLS and test again"), t.field("security"), "tls")
	case "port-587":
		return set(t.desk.Say("Try port 587"), t.field("port"), "587")
	case "trust":
		if _, ok := t.certificate(); ok {
			return []Repair{{Text: t.desk.Say("Trust this server..."), Trust: true}}
		}
	case "sign-in":
		return append(look(t.desk.Say("Enter the password again"), t.field("password")), look(t.desk.Say("Look at the user"), t.field("user"))...)
	case "browser":
		return t.offer(t.desk.Say("Sign in..."), t.OnSignIn)
	case "it-sheet":
		return t.offer(t.desk.Say("Request for IT..."), t.OnSheet)
	case "sender":
		return look(t.desk.Say("Look at the From address"), "from.address")
	default:
	}
	if field, ok := strings.CutPrefix(t.end.advice, adviceField); ok {
		return look(t.desk.Say("Go to the field"), field)
	}
	if n := len(t.steps); n == 1 && t.steps[0].Name == "file" && !t.steps[0].OK {
		return look(t.desk.Say("Look at the folder"), "folder")
	}
	return nil
}

// offer is one repair that somebody else makes; none where nobody does.
func (t *ServerTest) offer(text string, press func()) []Repair {
	if press == nil {
		return nil
	}
	return []Repair{{Text: text, Press: press}}
}
