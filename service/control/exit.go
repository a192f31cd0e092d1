package control

// Cause is why a service ends, as the operating system is told: an exit status on Linux, a service code on Windows
// and an event in the system's log. The numbers are promises; they stand in the manual.
type Cause struct {
	Word    string // data.Code of the error that ended it; empty: none of ours
	Process int    // exit status of the process
	Windows uint32 // service-specific code, above 20000 so that no text of the system is shown for it; 0: none
	Event   int    // number in the Event Log, and in the journal with an E before it
	Meaning string // one sentence
	Restart bool   // a new start may help, so the system shall try it
}

// The causes, by what they mean.
var (
	Ended         = Cause{Event: 101, Meaning: "It was stopped."}
	NotConfigured = Cause{Word: "not-configured", Process: 78, Windows: 20001, Event: 201, Meaning: "It is not set up yet."}
	BadSettings   = Cause{Word: "bad-settings", Process: 78, Windows: 20002, Event: 202, Meaning: "The settings are not valid."}
	BadSecret     = Cause{Word: "bad-secret", Process: 78, Windows: 20003, Event: 203, Meaning: "A stored password cannot be opened: enter it again."}
	NoAccess      = Cause{Word: "no-access", Process: 77, Windows: 20004, Event: 204, Meaning: "The data folder cannot be used."}
	Damaged       = Cause{Word: "damaged", Process: 78, Windows: 20005, Event: 205, Meaning: "The database is damaged."}
	Newer         = Cause{Word: "newer", Process: 78, Windows: 20006, Event: 206, Meaning: "The database is from a newer version of this program."}
	InUse         = Cause{Word: "in-use", Process: 78, Windows: 20007, Event: 207, Meaning: "Another service works on the same data."}
	Broken        = Cause{Process: 70, Event: 299, Meaning: "Something went wrong inside the program.", Restart: true}
	DiskFull      = Cause{Word: "disk-full", Process: 75, Event: 500, Meaning: "The disk is full.", Restart: true}
	Busy          = Cause{Word: "busy", Process: 75, Event: 298, Meaning: "The database is locked by another program.", Restart: true}
)

// Causes lists every cause, for the manual and for --help.
func Causes() []Cause {
	return []Cause{Ended, NotConfigured, BadSettings, BadSecret, NoAccess, Damaged, Newer, InUse, Broken, DiskFull, Busy}
}

// CauseOf finds the cause for the code of an error (data.CodeOf); what is unknown is Broken.
func CauseOf(word string) Cause {
	for _, c := range Causes() {
		if c.Word == word && word != "" {
			return c
		}
	}
	return Broken
}

// causeOfWindows finds the cause the service manager reports.
func causeOfWindows(code uint32) (Cause, bool) {
	for _, c := range Causes() {
		if c.Windows == code && code != 0 {
			return c, true
		}
	}
	return Cause{}, false
}

// Exit is how the work of the service ended.
type Exit struct {
	Cause  Cause
	Reason string // one sentence for people; empty: the meaning of the cause
}

func (e Exit) reason() string {
	if e.Reason == "" {
		return e.Cause.Meaning
	}
	return oneLine(e.Reason)
}
