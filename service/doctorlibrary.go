package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/place"
)

// library is what doctor looks at of the library's side; nil: it is not used, or cannot be read.
func (p *patient) library() *libraryView {
	if v := p.status.Library; p.readable && v != nil && v.used() {
		return v
	}
	return nil
}

// pitfallLists finds a folder for lists that cannot be used, and lists that wait for a person.
func pitfallLists(_ context.Context, p *patient) (finding, bool) {
	const name, use = "folder for lists", "smtp-gateway folder use --imports PATH"
	if !p.readable || p.status.Library == nil || p.status.Library.Imports == nil {
		return finding{}, false
	}
	v := p.status.Library.Imports
	_, err := os.ReadDir(v.Folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return found(name, false, "The folder for lists "+v.Folder+" is not there.", "Make it, or choose another: "+use)
	case err != nil || v.Problem != "":
		return found(name, false, strings.TrimSpace("The folder for lists cannot be looked at. "+v.Problem), "Let the service and yourself read it: "+use)
	case v.Left > 0, !p.place.Installed && !writable(v.Folder):
		return found(name, false, "Lists can be read in "+v.Folder+", but not renamed: each is taken in once, and stays there.", use)
	case len(v.Held) > 0:
		h := v.Held[0]
		return found(name, false, fmt.Sprintf("%s: %s", countOf(len(v.Held), "list waits for you", "lists wait for you"), data.Clean(h.Name, 60)+": "+h.Sentence), h.Remedy)
	case place.OnNetworkShare(v.Folder):
		return found(name, true, "The folder for lists lies on a network share: new lists are noticed at each check, not at once.", "")
	}
	return found(name, true, "The folder for lists "+v.Folder+" can be used.", "")
}

// pitfallLoans finds a list of loans too old for notices.
func pitfallLoans(_ context.Context, p *patient) (finding, bool) {
	v := p.library()
	if v == nil || !v.Notices && v.List.IsZero() && v.Imports == nil {
		return finding{}, false
	}
	remedy := "Take in a new list: smtp-gateway loans import FILE"
	if v.Imports != nil {
		remedy = "Look why the library system exports none into " + v.Imports.Folder + ", or: smtp-gateway loans import FILE"
	}
	if v.List.IsZero() {
		return found("list of loans", false, "There is no list of loans yet: notices rest.", "The first is imported by hand: smtp-gateway loans import FILE")
	}
	if !v.Notices && v.Imports != nil && !v.Fresh {
		return found("list of loans", false, "The list of loans is "+v.ListAge+": none came into the folder since.", remedy)
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
