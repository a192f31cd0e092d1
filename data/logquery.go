package data

import "time"

// LogQuery asks for one page of the journal, newest first. Pages go by key, never by offset.
type LogQuery struct {
	Kinds    []JournalKind // empty: all
	From, To time.Time     // From included, To not; zero: no limit on that side
	Search   string        // somewhere in the text, letter case aside; empty: all
	Before   int64         // lines with a smaller number than this; 0: from the newest
	Limit    int           // 1 .. 1000
}

// JournalKinds lists every kind in the order a person picks from.
func JournalKinds() []JournalKind {
	return []JournalKind{
		JournalTrouble, JournalFailed, JournalCheck, JournalIntake, JournalNotices, JournalImport, JournalPerson, JournalSettings,
		JournalMail, JournalService,
	}
}
