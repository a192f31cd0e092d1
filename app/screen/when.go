package screen

import "time"

// Clock is the time of day as everybody writes it: "10:42".
func (d *Desk) Clock(t time.Time) string { return d.local(t).Format("15:04") }

// DayName is a date nobody can read the wrong way round: "Tue 24 Nov 2026".
func (d *Desk) DayName(t time.Time) string {
	t = d.local(t)
	days := [...]string{d.Say("Sun"), d.Say("Mon"), d.Say("Tue"), d.Say("Wed"), d.Say("Thu"), d.Say("Fri"), d.Say("Sat")}
	months := [...]string{
		d.Say("Jan"), d.Say("Feb"), d.Say("Mar"), d.Say("Apr"), d.Say("May"), d.Say("Jun"),
		d.Say("Jul"), d.Say("Aug"), d.Say("Sep"), d.Say("Oct"), d.Say("Nov"), d.Say("Dec"),
	}
	return d.Say("{{.Weekday}} {{.Day}} {{.Month}} {{.Year}}",
		With("Weekday", days[t.Weekday()], "Day", t.Day(), "Month", months[t.Month()-1], "Year", t.Year()))
}

// When is a moment in a sentence: "today at 10:42", "Tue 24 Nov 2026 at 10:42"; the zero time is "never".
func (d *Desk) When(t time.Time) string {
	switch {
	case t.IsZero():
		return d.Say("never")
	case d.Today(t):
		return d.Say("today at {{.Time}}", With("Time", d.Clock(t)))
	}
	return d.Say("{{.Day}} at {{.Time}}", With("Day", d.DayName(t), "Time", d.Clock(t)))
}

// Today reports whether t lies on this calendar day, where the person is.
func (d *Desk) Today(t time.Time) bool {
	y, m, day := d.local(t).Date()
	ny, nm, nday := d.Now().Date()
	return y == ny && m == nm && day == nday
}

// Ago is how long a moment lies back, as people say it: "2 minutes ago". One that is still to come is "in 2 minutes";
// clocks of two programs that differ by seconds make no future of it.
func (d *Desk) Ago(t time.Time) string {
	if t.IsZero() {
		return d.Say("never")
	}
	past := d.Now().Sub(t)
	if past <= -time.Minute {
		return d.ahead(-past)
	}
	n := int(past / time.Minute)
	switch {
	case n < 1:
		return d.Say("just now")
	case n == 1:
		return d.Say("1 minute ago")
	case n < 60:
		return d.Say("{{.N}} minutes ago", With("N", n))
	case n < 120:
		return d.Say("1 hour ago")
	case n < 24*60:
		return d.Say("{{.N}} hours ago", With("N", n/60))
	case n < 48*60:
		return d.Say("1 day ago")
	}
	return d.Say("{{.N}} days ago", With("N", n/60/24))
}

// ahead rounds up: who is told "in 2 minutes" and looks again then shall find it done.
func (d *Desk) ahead(left time.Duration) string {
	n := int((left + time.Minute - 1) / time.Minute)
	switch {
	case n <= 1:
		return d.Say("in 1 minute")
	case n < 60:
		return d.Say("in {{.N}} minutes", With("N", n))
	case n < 120:
		return d.Say("in 1 hour")
	case n < 24*60:
		return d.Say("in {{.N}} hours", With("N", n/60))
	case n < 48*60:
		return d.Say("in 1 day")
	}
	return d.Say("in {{.N}} days", With("N", n/60/24))
}

// local moves a time, which the store keeps in UTC, to where the desk's clock hangs.
func (d *Desk) local(t time.Time) time.Time { return t.In(d.Now().Location()) }
