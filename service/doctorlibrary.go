package main

import (
	"context"
	"fmt"
)

// library is what doctor looks at of the library's side; nil: it is not used, or cannot be read.
func (p *patient) library() *libraryView {
	if v := p.status.Library; p.readable && v != nil && v.used() {
		return v
	}
	return nil
}

// pitfallLoans finds a list of loans too old for notices.
func pitfallLoans(_ context.Context, p *patient) (finding, bool) {
	v := p.library()
	if v == nil || !v.Notices && v.List.IsZero() {
		return finding{}, false
	}
	const remedy = "Take in a new list: smtp-gateway loans import FILE"
	if v.List.IsZero() {
		return found("list of loans", false, "There is no list of loans yet: notices rest.", remedy)
	}
	if !v.Notices {
		return found("list of loans", true, "The list of loans is "+v.ListAge+".", "")
	}
	if !v.Fresh {
		return found("list of loans", false, "The list of loans is "+v.ListAge+": notices rest until a new one is taken in.", remedy)
	}
	return found("list of loans", true, "The list of loans is "+v.ListAge+".", "")
}

// pitfallNotices finds notices that wait for a person.
func pitfallNotices(_ context.Context, p *patient) (finding, bool) {
	v := p.library()
	switch {
	case v == nil || !v.Notices:
		return finding{}, false
	case v.Waiting != nil:
		return found("notices", false, waitWords(v.Waiting)+" "+v.Waiting.Why, fmt.Sprintf("smtp-gateway notices approve %d, or refuse %d", v.Waiting.Run, v.Waiting.Run))
	case p.status.State != "running" && p.place.Installed:
		return found("notices", false, "Notices are due, and the service does not run.", "smtp-gateway start")
	}
	return found("notices", true, "The next run of notices is "+when(v.NextRun)+".", "")
}

// pitfallPractice says where letters go, and finds practice that has nowhere to go to.
func pitfallPractice(_ context.Context, p *patient) (finding, bool) {
	v := p.library()
	switch {
	case v == nil:
		return finding{}, false
	case !v.Practice:
		return found("letters", true, "Letters and notices go out for real.", "")
	case p.settings.TestTo == "":
		return found("letters", false, "Letters are for practice, but there is no test address they could go to.", "smtp-gateway settings set test_to=ADDRESS")
	}
	return found("letters", true, "Letters and notices are for practice: they go to the test address.", "")
}
