package screen

import (
	"context"
	"net/netip"
	"strconv"
	"strings"

	"smtpgateway/data"
)

// PortFinder finds out on which of the usual ports a mail server answers, and how it is protected there.
type PortFinder interface {
	// Ports looks at one server. It sends nothing and signs in nowhere. It takes less than half a minute, and no longer than ctx.
	Ports(ctx context.Context, host string) data.PortsLook
}

// Ports finds port and protection of one mail server as it is typed, and fills them in.
type Ports struct {
	OnChange func()
	OnFocus  func(field string) // the person should look at this field of the settings

	desk   *Desk
	form   *Settings
	number int

	stop  context.CancelFunc // of looking; nil: nobody looks
	round int
	host  string // looked at; what is said is about it
	found data.PortsLook
	end   Ending
	mood  Mood
}

// NewPorts makes it for server 1 or 2, with the settings as they are edited in form.
func NewPorts(d *Desk, form *Settings, number int) *Ports {
	p := &Ports{desk: d, form: form, number: number}
	form.Watch(p.edited)
	return p
}

// Can reports whether looking is built into this program.
func (p *Ports) Can() bool { return p.desk.o.Ports != nil }

// Running reports whether somebody looks.
func (p *Ports) Running() bool { return p.stop != nil }

func (p *Ports) field(last string) string { return "server" + strconv.Itoa(p.number) + "." + last }

func (p *Ports) typedHost() string { return strings.TrimSpace(p.form.Value(p.field("host"))) }

// edited drops what was said of another server, or of a port that was typed over.
func (p *Ports) edited() {
	other := p.end.OK && (p.form.Value(p.field("port")) != strconv.Itoa(p.found.Best) || p.form.Value(p.field("security")) != string(p.found.Security))
	if p.host == "" || strings.EqualFold(p.typedHost(), p.host) && !other {
		return
	}
	if p.stop != nil {
		p.stop()
	}
	p.forget()
	p.changed()
}

func (p *Ports) forget() {
	p.stop, p.host, p.found, p.end, p.mood = nil, "", data.PortsLook{}, Ending{}, MoodOff
	p.round++
}

// Look finds out and fills in what is protected. Without protection it only says so.
func (p *Ports) Look() {
	if p.stop != nil || !p.Can() {
		return
	}
	p.forget()
	host := p.typedHost()
	_, number := netip.ParseAddr(host)
	if _, err := data.CanonicalHost(host); err != nil && number != nil {
		p.mood, p.end = MoodWarn, Ending{Sentence: p.desk.Say("Write the name of the mail server above first, such as mail.school.org; IT knows it.")}
		p.changed()
		if p.OnFocus != nil {
			p.OnFocus(p.field("host"))
		}
		return
	}
	ctx, stop := context.WithCancel(p.desk.ctx)
	p.stop, p.host = stop, host
	round := p.round
	Go(p.desk, func(context.Context) (data.PortsLook, error) {
		defer stop()
		return p.desk.o.Ports.Ports(ctx, host), nil
	}, func(l data.PortsLook, _ error) {
		if p.round == round {
			p.stop = nil
			p.take(l)
			p.changed()
		}
	})
	p.changed()
}

// take fills in what was found.
func (p *Ports) take(l data.PortsLook) {
	p.found = l
	switch {
	case l.Best == 0:
		p.mood, p.end = MoodBad, Ending{Sentence: l.Sentence, Next: l.Next}
		return
	case l.Security == data.SecurityNone:
		p.mood, p.end = MoodWarn, Ending{Sentence: l.Sentence, Next: l.Next}
		return
	}
	say := p.desk.Say("{{.Host}} answers on port {{.Port}}, {{.How}}. That is filled in now.", p.with())
	if p.form.Value(p.field("port")) == strconv.Itoa(l.Best) && p.form.Value(p.field("security")) == string(l.Security) {
		say = p.desk.Say("{{.Host}} answers on port {{.Port}}, {{.How}}, as it is filled in.", p.with())
	}
	p.fill()
	p.mood, p.end = MoodGood, Ending{OK: true, Sentence: say, Next: p.desk.Say("Whether it takes the library's mail, Test finds out.")}
}

func (p *Ports) with() map[string]any {
	how := p.desk.Say("protected from the start of the talk (STARTTLS)")
	switch p.found.Security {
	case data.SecurityTLS:
		how = p.desk.Say("protected from the first byte (TLS)")
	case data.SecurityNone:
		how = p.desk.Say("not protected")
	case data.SecuritySTARTTLS:
	}
	return With("Host", data.Clean(p.found.Host, 80), "Port", p.found.Best, "How", how)
}

func (p *Ports) fill() {
	p.form.Set(p.field("port"), strconv.Itoa(p.found.Best))
	p.form.Set(p.field("security"), string(p.found.Security))
}

// Unprotected are the words of a button that fills in a port without protection; empty: none was found, or there is better.
func (p *Ports) Unprotected() string {
	if p.found.Best == 0 || p.found.Security != data.SecurityNone || p.end.OK {
		return ""
	}
	return p.desk.Say("Use port {{.Port}} without protection", p.with())
}

// UseUnprotected fills it in: a person wants it so.
func (p *Ports) UseUnprotected() {
	if p.Unprotected() == "" {
		return
	}
	p.fill()
	p.form.Set(p.field("allow_insecure"), "true")
	p.mood = MoodWarn
	p.end = Ending{OK: true, Sentence: p.desk.Say("Port {{.Port}} without protection is filled in: everybody on the way can read the mail.", p.with()), Next: p.desk.Say("Only inside the school's own network is this acceptable.")}
	p.changed()
}

// Stop gives up. Nothing is filled in.
func (p *Ports) Stop() {
	if p.stop == nil {
		return
	}
	p.stop()
	p.forget()
	p.end = Ending{Sentence: p.desk.Say("Stopped. Nothing was filled in.")}
	p.changed()
}

// Said says what is going on, or what was found, and what to do; empty: nothing.
func (p *Ports) Said() (standing Standing, next string) {
	if p.stop != nil {
		return Standing{MoodBusy, p.desk.Say("Looking on which port {{.Host}} answers. It takes up to 20 seconds, and nothing is sent.", With("Host", data.Clean(p.host, 80)))}, ""
	}
	return Standing{p.mood, p.end.Sentence}, p.end.Next
}

// Each says what answered on each port; empty: nothing was looked at, or all is said already.
func (p *Ports) Each() []string {
	if p.found.Best == 0 {
		return nil
	}
	var out []string
	for i := range p.found.Ports {
		out = append(out, p.found.Ports[i].Sentence)
	}
	return out
}

func (p *Ports) changed() {
	if p.OnChange != nil {
		p.OnChange()
	}
}
