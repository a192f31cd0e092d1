package data

import (
	"fmt"
	"sort"
	"strings"
)

// Settings is everything a person can set, checked and with its defaults filled in.
type Settings struct {
	Server1, Server2     Server
	From                 From
	Folder               string // folder to monitor; empty: the usual one of this installation
	MaxMB                int    // largest message taken, MiB
	MinutesBetweenChecks int
	MessagesEachCheck    int
	TestTo               string
	ShortMinutes         int    // length of the short range of retries
	GiveUpHours          int    // hours of running after which a delivery is given up
	LogDailyAt           string // "07:00"; empty: no daily log
	Practice             bool
	KeepBodiesDays       int
	KeepHistoryDays      int
	Library              Library
	ImportsFolder        string // lists put here are imported by themselves; empty: none are
	Overdue              Overdue
	ProxyURL             string // for HTTPS out of the school (sign-in, sender check): http, https or socks5; empty: none
	PracticeLetters      bool   // letters and notices go to TestTo, until a person approves them for the first time
}

// Library is what letters and notices say of the library.
type Library struct {
	Name      string
	Phone     string
	Address   string // lines parted by \n
	Signature string // lines parted by \n
	Language  string // of who has none of their own: "en", "es", "fr", "de"
}

// Overdue is how automatic notices go out.
type Overdue struct {
	Enabled     bool
	At          string // "06:30"
	Stages      string // as FormatStages writes them; see StageList
	CatchUpDays int    // days that were missed and are made up for, at most
	Calendar    string // CalendarIgnore and the like
	OpenDays    OpenDays
	FreshDays   int        // open days the list of loans may be old
	Disclosure  Disclosure // what guardians are told, where the group has no rule of its own
	Approve     bool       // every run waits for a person's yes
	Flood       int        // a run so many times as large as usual waits for a yes; 0: never
}

// StageList are the stages in the order of their days.
func (o *Overdue) StageList() []Stage {
	all, _ := ParseStages(o.Stages) // looked at when it was set
	return all
}

// What closed days mean to automatic notices.
const (
	CalendarIgnore = "ignore" // nothing: notices go out every day
	CalendarNext   = "next"   // what falls on a closed day goes out on the next open one
	CalendarCount  = "count"  // days late are counted in open days
)

// OpenDays says on which days of the week the library is open; by time.Weekday.
type OpenDays [7]bool

// From is the sender of every message.
type From struct {
	Address string
	Name    string
	ReplyTo string
}

// Server gives server 1 or 2.
func (s *Settings) Server(n int) *Server {
	if n == 2 {
		return &s.Server2
	}
	return &s.Server1
}

// MaxBytes is the largest message taken, in octets.
func (s *Settings) MaxBytes() int64 { return int64(s.MaxMB) << 20 }

// Problem is one setting that cannot stand, with the reason and, where there is one, the repair.
type Problem struct {
	Name     string `json:"name"` // of the field
	Sentence string `json:"sentence"`
	Suggest  string `json:"suggest,omitempty"` // a value that would do; empty: none
	Warning  bool   `json:"warning,omitempty"` // worth a look, but it can stand
	Missing  bool   `json:"missing,omitempty"` // not filled in yet: may be saved, but nothing can be sent
}

// Problems is several of them; it is an error when one is more than a warning.
type Problems []Problem

// Error lists the refusals, one sentence each.
func (p Problems) Error() string {
	var b strings.Builder
	for _, one := range p {
		if one.Warning {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%s: %s", one.Name, one.Sentence)
	}
	return b.String()
}

// Refused reports whether one of them is more than a warning.
func (p Problems) Refused() bool {
	for _, one := range p {
		if !one.Warning {
			return true
		}
	}
	return false
}

// DefaultSettings is what holds before anybody set anything.
func DefaultSettings() Settings {
	s, _ := ParseSettings(nil)
	return s
}

// Wrong reports whether one of them must not even be saved: more than a warning, and not just missing yet.
func (p Problems) Wrong() bool {
	for _, one := range p {
		if !one.Warning && !one.Missing {
			return true
		}
	}
	return false
}

// Missing reports whether all that stands against the settings is that they are not complete yet.
func (p Problems) Missing() bool { return p.Refused() && !p.Wrong() }

// ParseSettings reads values by field name, as the store keeps them. Fields without a value have their default.
// Every field is looked at by itself; Check looks at them together. The settings are usable as far as the problems
// go: a refused field keeps its default.
func ParseSettings(values map[string]string) (Settings, Problems) {
	s := Settings{}
	s.Server1.Number, s.Server2.Number = 1, 2
	var problems Problems
	for i := range fields {
		f := &fields[i]
		if p := f.parse(&s, f.Default); p != nil {
			panic("default of " + f.Name + ": " + p.Sentence)
		}
		v, ok := values[f.Name]
		if !ok || v == f.Default {
			continue
		}
		if p := f.parse(&s, v); p != nil {
			p.Name = f.Name
			problems = append(problems, *p)
			if !p.Warning {
				_ = f.parse(&s, f.Default)
			}
		}
	}
	names := make([]string, 0, len(values))
	for name := range values {
		if _, ok := FieldByName(name); !ok {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		problems = append(problems, Problem{Name: name, Sentence: "There is no setting of this name.", Suggest: nearestField(name)})
	}
	return s, problems
}

// Values is the settings by field name, passwords as they are sealed: what the store keeps.
func (s *Settings) Values() map[string]string {
	m := make(map[string]string, len(fields))
	for i := range fields {
		m[fields[i].Name] = fields[i].format(s)
	}
	return m
}

// Shown is one value as a person may see it: a password only says whether it is set.
func (s *Settings) Shown(f Field) string {
	v := f.format(s)
	if f.Kind == FieldPassword {
		if v == "" {
			return "not set"
		}
		return "set"
	}
	return v
}
