package screen

import (
	"slices"

	"smtpgateway/data/mailing"
)

// Counts say how many go which way, and how many of these are ticked.
func (l *Letters) Counts() string {
	if l.list == nil || len(l.list.batch.Lines) == 0 {
		return ""
	}
	b, say := l.list.batch, l.desk.Say
	with := func(way mailing.Way) (map[string]any, bool) {
		n, ticked := b.Count(way, false), b.Count(way, true)
		return With("N", thousands(n), "Ticked", thousands(ticked)), n == ticked
	}
	var parts []string
	if n, all := with(mailing.ByMail); all {
		parts = append(parts, say("{{.N}} by e-mail", n))
	} else {
		parts = append(parts, say("{{.Ticked}} of {{.N}} by e-mail", n))
	}
	if n, all := with(mailing.OnPaper); all {
		parts = append(parts, say("{{.N}} on paper", n))
	} else {
		parts = append(parts, say("{{.Ticked}} of {{.N}} on paper", n))
	}
	return listed(append(parts, say("{{.N}} left out", With("N", thousands(b.Count(mailing.LeftOut, false))))))
}

// Ticked is how many letters are ticked, by e-mail and on paper; those that are in the queue already do not count as to
// be mailed.
func (l *Letters) Ticked() (mail, paper int) {
	if l.list == nil {
		return 0, 0
	}
	for i := range l.list.batch.Lines {
		switch line := &l.list.batch.Lines[i]; {
		case !line.Ticked:
		case line.Way == mailing.ByMail && !line.Queued:
			mail++
		case line.Way == mailing.OnPaper:
			paper++
		}
	}
	return mail, paper
}

// Tick ticks lines that are shown, or unticks them if all of them are ticked.
func (l *Letters) Tick(rows []int) {
	lines := l.lines(rows)
	on := slices.ContainsFunc(lines, func(x *mailing.Line) bool { return !x.Ticked })
	l.tick(lines, on)
}

// TickShown ticks or unticks all lines that are shown.
func (l *Letters) TickShown(on bool) {
	if l.list == nil {
		return
	}
	rows := make([]int, l.Len())
	for i := range rows {
		rows[i] = i
	}
	l.tick(l.lines(rows), on)
}

// lines are those of rows a person may tick.
func (l *Letters) lines(rows []int) []*mailing.Line {
	var all []*mailing.Line
	for _, i := range rows {
		if line := l.line(i); line != nil && line.Way != mailing.LeftOut {
			all = append(all, line)
		}
	}
	return all
}

func (l *Letters) tick(lines []*mailing.Line, on bool) {
	if l.job != nil {
		return
	}
	for _, line := range lines {
		line.Ticked = on
	}
	l.changed()
}
