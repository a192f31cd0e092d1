package screen

import (
	"strings"

	"smtpgateway/data"
)

// advised is what can be pressed for a server's trouble.
func (o *Overview) advised(advice string) (fix Fix, press string) {
	switch advice {
	case "browser":
		return FixSignIn, o.desk.Say("Sign in...")
	case "it-sheet":
		return FixSheet, o.desk.Say("Request for IT...")
	default:
		return FixNone, ""
	}
}

// unsigned are the servers nobody is signed in to any more, or not yet; those that are told among needs are left out.
func (o *Overview) unsigned(needs []Need) []Need {
	d, f := o.desk, o.desk.Facts()
	var out []Need
	if !f.Configured() {
		return nil
	}
	for n := 1; n <= 2; n++ {
		v, in := f.Settings.Server(n), f.SignIns[n-1]
		words, next, holds := data.SignInState(*v, in.SignIn, in.There)
		if holds || !v.Set() {
			continue
		}
		told := false
		for i := range needs {
			if told = strings.Contains(needs[i].Words, words); told {
				needs[i].Fix, needs[i].Press = FixSignIn, d.Say("Sign in...")
				break
			}
		}
		if !told {
			need := Need{MoodBad, words, d.withoutWay(next), FixSignIn, d.Say("Sign in...")}
			if !in.There {
				need.Mood = MoodWarn
			}
			out = append(out, need)
		}
	}
	return out
}
