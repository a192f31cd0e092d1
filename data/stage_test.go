package data_test

import (
	"strings"
	"testing"
	"testing/quick"

	"smtpgateway/data"
)

func TestParseStages(t *testing.T) {
	cases := []struct {
		promise, in, back string
		want              []data.Stage
	}{
		{
			"the tech note's days", "-3,+1,+3", "-3,+1,+3",
			[]data.Stage{{Offset: -3, Template: "due-soon", Audience: data.ToPatron}, {Offset: 1, Template: "overdue-first", Audience: data.ToPatron}, {Offset: 3, Template: "overdue-second", Audience: data.ToPatron}},
		},
		{
			"they come back in the order of their days", " +3 , 1,-3,", "-3,+1,+3",
			[]data.Stage{{Offset: -3, Template: "due-soon", Audience: data.ToPatron}, {Offset: 1, Template: "overdue-first", Audience: data.ToPatron}, {Offset: 3, Template: "overdue-second", Audience: data.ToPatron}},
		},
		{
			"a template and an audience of its own", "+14:overdue-final:both", "+14:overdue-final:both",
			[]data.Stage{{Offset: 14, Template: "overdue-final", Audience: data.ToBoth}},
		},
		{
			"an audience with the usual template", "+2::guardian-if-none", "+2:overdue-first:guardian-if-none",
			[]data.Stage{{Offset: 2, Template: "overdue-first", Audience: data.ToEither}},
		},
		{
			"the usual is left out when written", "+1:overdue-first:patron", "+1",
			[]data.Stage{{Offset: 1, Template: "overdue-first", Audience: data.ToPatron}},
		},
		{"the due date itself is soon", "0", "+0", []data.Stage{{Offset: 0, Template: "due-soon", Audience: data.ToPatron}}},
		{"none", " , ", "", nil},
	}
	for _, c := range cases {
		t.Run(c.promise, func(t *testing.T) {
			got, err := data.ParseStages(c.in)
			if err != nil || len(got) != len(c.want) {
				t.Fatalf("%+v, %v", got, err)
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Errorf("%+v, want %+v", got[i], c.want[i])
				}
			}
			if back := data.FormatStages(got); back != c.back {
				t.Errorf("written %q, want %q", back, c.back)
			}
		})
	}
	for promise, in := range map[string]string{
		"a word":                        "soon",
		"more than a year":              "+366",
		"more than a year before":       "-366",
		"the same day twice":            "+1,1:overdue-final",
		"an audience nobody is":         "+1:overdue-first:everybody",
		"more parts than there are":     "+1:a:patron:b",
		"more than anybody reads":       "1,2,3,4,5,6,7,8,9,10,11,12,13",
		"days that do not fit a number": "+99999999999999999999",
	} {
		t.Run(promise+" is refused in words", func(t *testing.T) {
			got, err := data.ParseStages(in)
			if e := data.AsError(err); got != nil || e == nil || e.Code != data.CodeBadSettings || !strings.HasSuffix(e.Sentence, ".") {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
	t.Run("what is written reads back", func(t *testing.T) {
		letters := []string{"due-soon", "overdue-first", "overdue-second", "overdue-final"}
		if err := quick.Check(func(days [5]uint8, which [5]uint8) bool {
			var all []data.Stage
			seen := map[int]bool{}
			for i, d := range days {
				st := data.Stage{Offset: int(d) - 100, Template: letters[int(which[i])%4], Audience: data.Audiences()[int(which[i]/4)%4]}
				if !seen[st.Offset] {
					all, seen[st.Offset] = append(all, st), true
				}
			}
			back, err := data.ParseStages(data.FormatStages(all))
			if err != nil || len(back) != len(all) {
				return false
			}
			for _, st := range all {
				found := false
				for _, b := range back {
					found = found || b == st
				}
				if !found {
					return false
				}
			}
			return true
		}, nil); err != nil {
			t.Error(err)
		}
	})
	t.Run("a stage is named by its days", func(t *testing.T) {
		for days, want := range map[int]string{-3: "-3", 0: "+0", 14: "+14"} {
			if got := (data.Stage{Offset: days}).Name(); got != want {
				t.Errorf("%d is named %q", days, got)
			}
		}
	})
}
