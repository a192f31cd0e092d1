package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
)

// finding is one thing doctor looked at.
type finding struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Text   string `json:"text"`
	Remedy string `json:"remedy,omitempty"`
}

// patient is what doctor looks at, read once.
type patient struct {
	place    place.Place
	status   statusView
	settings data.Settings
	problems data.Problems
	readable bool // the store could be read
}

// pitfalls are the known bad surroundings, each a question with one sentence for an answer.
var pitfalls = []func(context.Context, *patient) (finding, bool){
	pitfallStore, pitfallShare, pitfallSpace, pitfallClock, pitfallSettings, pitfallFolder, pitfallUnreadable,
	pitfallService, pitfallTrouble, pitfallSender, pitfallPassword, pitfallLog, pitfallTested,
	pitfallLists, pitfallLoans, pitfallNotices, pitfallPractice,
}

func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{Use: "doctor", Short: "Look for what is known to go wrong", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		ctx := c.Context()
		p := &patient{place: a.place()}
		p.status = statusView{Version: version, Data: p.place.Data}
		if err := a.serviceStatus(ctx, p.place, &p.status); err != nil {
			p.status.State = "unknown"
		}
		err := a.withStore(ctx, func(s *store.Store) error {
			var err error
			if p.settings, p.problems, _, err = readSettings(ctx, s); err != nil {
				return err
			}
			p.readable = true
			return queueStatus(ctx, p.place, s, &p.status)
		})
		if err != nil {
			p.status.Store = err.Error()
		}
		var all []finding
		for _, look := range pitfalls {
			f, applies := look(ctx, p)
			if !applies {
				continue
			}
			all = append(all, f)
			if !f.OK {
				a.exit = exitNo
			}
		}
		if a.json {
			return encode(a.Out, all)
		}
		for _, f := range all {
			printStep(a.Out, data.Step{Name: f.Name, OK: f.OK, Text: f.Text, Remedy: f.Remedy})
		}
		return nil
	}}
}

func found(name string, ok bool, text, remedy string) (finding, bool) {
	if ok {
		remedy = ""
	}
	return finding{Name: name, OK: ok, Text: text, Remedy: remedy}, true
}

func pitfallStore(_ context.Context, p *patient) (finding, bool) {
	if p.status.Store != "" {
		return found("database", false, p.status.Store, "Without it nothing can be looked at.")
	}
	return found("database", true, "The database opens.", "")
}

func pitfallShare(_ context.Context, p *patient) (finding, bool) {
	if place.OnNetworkShare(p.place.Data) {
		return found("data folder", false, "The data folder lies on a network share: the database can be damaged there.", "Move it to a disk of this computer.")
	}
	return found("data folder", true, "The data folder is on a disk of this computer.", "")
}

func pitfallSpace(_ context.Context, p *patient) (finding, bool) {
	free, err := place.FreeBytes(p.place.Data)
	if err != nil {
		return finding{}, false
	}
	return found("disk", free > 256<<20, fmt.Sprintf("%d MB are free.", free>>20), "Make room before the queue stops.")
}

func pitfallClock(_ context.Context, p *patient) (finding, bool) {
	now := time.Now()
	switch {
	case now.Year() < 2026:
		return found("clock", false, "The computer's clock says "+now.Format(time.DateOnly)+".", "Set the clock: servers refuse mail and certificates with a wrong date.")
	case p.status.LastCheck.After(now.Add(10 * time.Minute)):
		return found("clock", false, "The last check is in the future: the clock was set back.", "Look at the clock.")
	}
	return found("clock", true, "The clock looks right.", "")
}

func pitfallSettings(_ context.Context, p *patient) (finding, bool) {
	if !p.readable {
		return finding{}, false
	}
	for _, one := range p.problems {
		if !one.Warning {
			return found("settings", false, one.Name+": "+one.Sentence, "smtp-gateway settings set "+one.Name+"=...")
		}
	}
	for _, one := range p.problems {
		return found("settings", false, one.Name+": "+one.Sentence, strings.TrimSpace("Look at it once more. "+one.Suggest))
	}
	return found("settings", true, "The settings can be used.", "")
}

func (p *patient) folder() string {
	return mailFolder(&p.settings, p.place)
}

func pitfallFolder(_ context.Context, p *patient) (finding, bool) {
	if !p.readable {
		return finding{}, false
	}
	dir := p.folder()
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return found("folder", false, "The folder "+dir+" cannot be reached.", "Make it, or choose another: smtp-gateway folder use PATH.")
	case !info.IsDir():
		return found("folder", false, dir+" is not a folder.", "Choose another: smtp-gateway folder use PATH.")
	case place.OnNetworkShare(dir):
		return found("folder", true, "The folder lies on a network share: new files are noticed at each check, not at once.", "")
	}
	return found("folder", true, "The folder "+dir+" is there.", "")
}

// pitfallUnreadable finds files that wait for ever because the service may not read them.
func pitfallUnreadable(_ context.Context, p *patient) (finding, bool) {
	if !p.readable {
		return finding{}, false
	}
	files, err := os.ReadDir(p.folder())
	if err != nil {
		return finding{}, false
	}
	for _, f := range files {
		ext := strings.ToUpper(filepath.Ext(f.Name()))
		if ext != ".TMP" && ext != ".EML" {
			continue
		}
		info, err := f.Info()
		if err == nil && info.Mode().IsRegular() && !groupReadable(info) {
			return found("files", false, fmt.Sprintf("%q in the folder can be read by its owner only.", f.Name()), "Let the library program write files the group may read (umask 007).")
		}
	}
	return found("files", true, "No file in the folder is out of reach.", "")
}

func pitfallService(_ context.Context, p *patient) (finding, bool) {
	if !p.place.Installed {
		return finding{}, false
	}
	switch {
	case p.status.State == "not installed":
		return found("service", false, "The service is not installed.", "smtp-gateway install")
	case p.status.State != "running":
		return found("service", false, strings.TrimSpace("The service does not run. "+p.status.Reason), "smtp-gateway start")
	case p.status.Startup != "auto":
		return found("service", false, "The service runs, but will not start with the computer.", "smtp-gateway startup auto")
	}
	return found("service", true, "The service runs and starts with the computer.", "")
}

func pitfallTrouble(_ context.Context, p *patient) (finding, bool) {
	if p.status.Trouble == "" {
		return finding{}, false
	}
	return found("trouble", false, p.status.Trouble, p.status.Remedy)
}

// freeMail are services whose addresses only their own servers may send: through a school relay such mail is refused
// or lost.
var freeMail = map[string]string{
	"gmail.com": "gmail.com", "googlemail.com": "gmail.com", "outlook.com": "outlook.com", "hotmail.com": "outlook.com",
	"live.com": "outlook.com", "yahoo.com": "yahoo.com", "icloud.com": "me.com", "gmx.net": "gmx.net", "gmx.de": "gmx.net", "web.de": "web.de",
}

func pitfallSender(_ context.Context, p *patient) (finding, bool) {
	_, domain, ok := strings.Cut(p.settings.From.Address, "@")
	if !ok || !p.settings.Server1.Set() {
		return finding{}, false
	}
	home, free := freeMail[domain]
	if free && !strings.HasSuffix(p.settings.Server1.Host, home) {
		return found("sender", false, "The From address belongs to "+domain+", but the server is "+p.settings.Server1.Host+".", "Use an address of the school, or the servers of "+domain+".")
	}
	return found("sender", true, "From address and server fit together as far as one can see.", "")
}

func pitfallPassword(_ context.Context, p *patient) (finding, bool) {
	v := p.settings.Server1
	switch {
	case !v.Login():
		return finding{}, false
	case v.SignIn != data.SignInNone:
		for i := range p.status.SignIns {
			if one := p.status.SignIns[i]; !one.OK {
				return found("sign-in", false, one.Says, one.Next)
			}
		}
		return found("sign-in", true, "The sign-in holds as far as one can see.", "")
	case strings.HasSuffix(v.Host, "gmail.com"):
		return found("sign-in", true, "Google takes an app password only, never the normal one; or sign in: smtp-gateway signin google.", "")
	case strings.HasSuffix(v.Host, "outlook.com"):
		return found("sign-in", false, "Microsoft takes no password from programs for private addresses any more.", "Use an address of the school: smtp-gateway signin microsoft.")
	case strings.HasSuffix(v.Host, "office365.com"):
		return found("sign-in", true, "Microsoft switches passwords off by default at the end of December 2026; instead there is smtp-gateway signin microsoft.", "")
	}
	return finding{}, false
}

func pitfallLog(_ context.Context, p *patient) (finding, bool) {
	if p.settings.LogDailyAt == "" || p.status.DailyLog.IsZero() || p.status.State != "running" {
		return finding{}, false
	}
	age := time.Since(p.status.DailyLog)
	return found("daily log", age < 26*time.Hour, "The daily log last told of "+when(p.status.DailyLog)+".", "It goes to the From address each day; look at the server's trouble.")
}

func pitfallTested(_ context.Context, p *patient) (finding, bool) {
	if !p.readable || p.problems.Refused() {
		return finding{}, false
	}
	if p.status.LastTestedOn.IsZero() {
		return found("test", false, "The settings were never tested.", "smtp-gateway test")
	}
	return found("test", p.status.LastTestOK, "Last test "+when(p.status.LastTestedOn)+": "+p.status.LastTestResult, "smtp-gateway test")
}
