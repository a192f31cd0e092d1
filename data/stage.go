package data

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Audience says to whom a letter goes.
type Audience string

// The audiences.
const (
	ToPatron    Audience = "patron"
	ToGuardian  Audience = "guardian"
	ToBoth      Audience = "both"
	ToEither    Audience = "guardian-if-none" // the patron; the guardians if the patron has no usable address
	maxStages            = 12
	maxOffset            = 365
	earlyLetter          = "due-soon"
	firstLetter          = "overdue-first"
	laterLetter          = "overdue-second"
)

// Audiences lists them in the order a person reads them.
func Audiences() []Audience { return []Audience{ToPatron, ToGuardian, ToBoth, ToEither} }

// Role says whose address a mail went to.
type Role string

// The roles in the ledger.
const (
	RolePatron   Role = "patron"
	RoleGuardian Role = "guardian"
)

// Disclosure is how much a guardian is told of what a patron reads.
type Disclosure string

// The disclosures; the empty one has not been chosen yet, and then nobody is told.
const (
	DiscloseTitles  Disclosure = "titles"
	DiscloseCount   Disclosure = "count"   // how many things, and when they are due
	DiscloseNothing Disclosure = "nothing" // guardians get no letters and notices
)

// Stage is one notice of the automatic ones: so many days before (negative) or after the due date.
type Stage struct {
	Offset   int
	Template string
	Audience Audience
}

// Name is the stage in ledger and lists: its days with their sign.
func (s Stage) Name() string { return fmt.Sprintf("%+d", s.Offset) }

// ParseStages reads "-3,+1,+3"; after the days may stand a template and an audience: "+14:overdue-final:both". They come
// back in the order of their days. What is not said: due-soon up to the due date, overdue-first on the first and second day
// after it, overdue-second later; the patron. Whether there is such a template is not looked at. Errors: CodeBadSettings.
func ParseStages(s string) ([]Stage, error) {
	var all []Stage
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		words := strings.Split(part, ":")
		days, err := strconv.Atoi(strings.TrimSpace(words[0]))
		if err != nil || len(words) > 3 || days < -maxOffset || days > maxOffset {
			return nil, &Error{Code: CodeBadSettings, Sentence: fmt.Sprintf("%q is no stage.", Clean(part, 40)), Next: "Write the days before or after the due date, such as -3,+1,+3."}
		}
		st := Stage{Offset: days, Template: usualLetter(days), Audience: ToPatron}
		if len(words) > 1 && strings.TrimSpace(words[1]) != "" {
			st.Template = strings.TrimSpace(words[1])
		}
		if len(words) > 2 {
			st.Audience = Audience(strings.TrimSpace(words[2]))
			if !slices.Contains(Audiences(), st.Audience) {
				return nil, &Error{Code: CodeBadSettings, Sentence: fmt.Sprintf("%q is no audience.", Clean(words[2], 40)), Next: "Use patron, guardian, both or guardian-if-none."}
			}
		}
		if slices.ContainsFunc(all, func(o Stage) bool { return o.Offset == days }) {
			return nil, &Error{Code: CodeBadSettings, Sentence: fmt.Sprintf("The day %+d stands there twice.", days), Next: "One notice a day is enough."}
		}
		all = append(all, st)
	}
	if len(all) > maxStages {
		return nil, &Error{Code: CodeBadSettings, Sentence: fmt.Sprintf("More than %d stages are more than anybody reads.", maxStages), Next: "Leave some out."}
	}
	slices.SortFunc(all, func(a, b Stage) int { return a.Offset - b.Offset })
	return all, nil
}

func usualLetter(days int) string {
	switch {
	case days <= 0:
		return earlyLetter
	case days < 3:
		return firstLetter
	}
	return laterLetter
}

// FormatStages is what ParseStages reads, as short as it can be.
func FormatStages(all []Stage) string {
	parts := make([]string, len(all))
	for i, s := range all {
		parts[i] = s.Name()
		switch {
		case s.Audience != ToPatron && s.Audience != "":
			parts[i] += ":" + s.Template + ":" + string(s.Audience)
		case s.Template != usualLetter(s.Offset):
			parts[i] += ":" + s.Template
		}
	}
	return strings.Join(parts, ",")
}
