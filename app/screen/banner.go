package screen

import "smtpgateway/data"

// Blocked reports whether the store cannot be looked into, so that no screen has anything true to show. A database that is
// busy for a moment blocks nothing: what was read before stays true enough.
func (d *Desk) Blocked() bool {
	p := d.facts.Problem
	return p != nil && (p.Code != data.CodeBusy || d.facts.Folder == "")
}

// Kept says what became of the messages while the store cannot be looked into.
func (d *Desk) Kept() string {
	p := d.facts.Problem
	switch {
	case p == nil:
		return ""
	case p.Code == data.CodeNotFound && d.facts.Opened > 0:
		return d.Say("The messages in it can be sent when it is back.")
	case p.Code == data.CodeNotFound:
		return d.Say("No message is lost: the gateway has not been used here yet.")
	case p.Code == data.CodeDamaged:
		return d.Say("Nothing is sent until this is mended. Files in the mail folder stay where they are.")
	case p.Code == data.CodeNewer:
		return d.Say("The messages in it are untouched. This older version neither sends nor changes them.")
	case d.facts.Service.Running() && p.Code == data.CodeNoAccess:
		return d.Say("The service goes on sending. Only this window cannot look at it.")
	case d.facts.Service.Running():
		return d.Say("The messages are kept. The service sends them as soon as it can.")
	default:
		return d.Say("The messages are kept, and go out when the service runs again.")
	}
}

// CanStart reports whether starting the service makes sense. A database that no service can use is mended first, and in
// place of one that vanished a service would make a new one.
func (d *Desk) CanStart() bool {
	p := d.facts.Problem
	if p != nil && (p.Code == data.CodeDamaged || p.Code == data.CodeNewer || p.Code == data.CodeNotFound && d.facts.Opened > 0) {
		return false
	}
	switch d.facts.Service.State {
	case ServiceStopped, ServiceFailed, ServiceUnknown:
		return true
	default:
		return false
	}
}

// ServiceShort is what the service does, in two words.
func (d *Desk) ServiceShort() Standing {
	switch d.facts.Service.State {
	case ServiceRunning:
		return Standing{MoodGood, d.Say("Service running")}
	case ServiceStopped:
		return Standing{MoodOff, d.Say("Service stopped")}
	case ServiceStarting:
		return Standing{MoodBusy, d.Say("Service starting")}
	case ServiceStopping:
		return Standing{MoodBusy, d.Say("Service stopping")}
	case ServiceRestarting:
		return Standing{MoodWarn, d.Say("Service restarting")}
	case ServiceFailed:
		return Standing{MoodBad, d.Say("Service failed")}
	case ServiceNotInstalled:
		return Standing{MoodBad, d.Say("Service not installed")}
	case ServiceUnknown:
		return Standing{MoodWarn, d.Say("Service unknown")}
	default:
		return Standing{MoodBusy, d.Say("Looking for the service")}
	}
}

// Urgent is the first thing that needs a person wherever they are; what can wait until they look at the Overview is not
// in it.
func (o *Overview) Urgent() (Need, bool) {
	for _, n := range o.Needs() {
		if n.Fix != FixHeld {
			return n, true
		}
	}
	return Need{}, false
}

// Practice says that nothing reaches a patron; empty: practice mode is off.
func (d *Desk) Practice() string {
	if d.facts.Problem != nil || !d.facts.Settings.Practice {
		return ""
	}
	to := d.facts.Settings.TestTo
	if to == "" {
		return d.Say("Practice mode is on: nothing reaches a patron.")
	}
	return d.Say("Practice mode is on: everything goes to {{.To}}; nothing reaches a patron.", With("To", to))
}
