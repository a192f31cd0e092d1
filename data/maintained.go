package data

// Maintained is what the retention removed.
type Maintained struct {
	Bodies   int64 // messages whose bytes were deleted; what became of them stays known
	Messages int64 // messages forgotten, with their deliveries and attempts
	Lines    int64 // of the journal
	Origins  int64 // dropped files gone for 30 days
	Requests int64
	Runs     int64 // of automatic notices, with their decisions
	Loans    int64 // that came back long ago
	Patrons  int64 // who left long ago
}
