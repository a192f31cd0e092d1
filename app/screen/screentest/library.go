package screentest

import (
	"time"

	"smtpgateway/data"
)

// Take takes in a list as an import does.
func (b *Bench) Take(kind data.RosterKind, known []string, rows ...data.Changed) {
	b.tb.Helper()
	base, err := b.Store.RosterRevision(b.tb.Context())
	if err != nil {
		b.tb.Fatal(err)
	}
	batch := &data.Batch{Kind: kind, File: string(kind) + ".csv", Taken: b.now(), Known: map[string]bool{}, Rows: len(rows)}
	for _, name := range known {
		batch.Known[name] = true
	}
	set := &data.ChangeSet{Batch: batch, New: rows, Base: base}
	if _, err := b.Store.Import(b.tb.Context(), set, nil); err != nil {
		b.tb.Fatal(err)
	}
}

// People stores people, as a list of patrons brings them.
func (b *Bench) People(people ...data.Patron) {
	b.tb.Helper()
	rows := make([]data.Changed, len(people))
	for i := range people {
		rows[i] = data.Changed{Row: i + 2, After: &people[i]}
	}
	b.Take(data.RosterPatrons, []string{"key", "card", "first", "last", "group", "level", "email", "guardian_email", "language", "auto_overdue", "address"}, rows...)
}

// Lend stores loans of one person, as a list of loans brings them.
func (b *Bench) Lend(key string, loans ...data.Loan) {
	b.tb.Helper()
	rows := make([]data.Changed, len(loans))
	for i := range loans {
		if loans[i].Key == "" {
			loans[i].Key = data.LoanKey(key, loans[i].Barcode)
		}
		rows[i] = data.Changed{Row: i + 2, Is: &loans[i], Owner: key}
	}
	b.Take(data.RosterLoans, []string{"loan", "title", "author", "barcode", "call_number", "due", "issued", "price"}, rows...)
}

// PatronByKey is the number of a person.
func (b *Bench) PatronByKey(key string) int64 {
	b.tb.Helper()
	all, err := b.Store.Roster(b.tb.Context(), data.RosterQuery{WithLeft: true})
	if err != nil {
		b.tb.Fatal(err)
	}
	for i := range all.Patrons {
		if all.Patrons[i].Key == key {
			return all.Patrons[i].ID
		}
	}
	b.tb.Fatalf("nobody has the key %q", key)
	return 0
}

// School stores a small school on a day: somebody with something overdue, without an address, with an address that fails,
// held, and one who left.
func (b *Bench) School(today data.Date) {
	b.tb.Helper()
	b.People(
		data.Patron{Key: "1001", Card: "90001", First: "Ada", Last: "Fennimore", Group: "7B", Level: "7", Email: "ada@school.test", AutoOverdue: true, Guardians: []data.Guardian{
			{Name: "Nina Fennimore", Email: "nina@home.test", Role: "mother", Notices: true},
			{Name: "Tom Fennimore", Email: "tom@home.test", Role: "father"},
		}},
		data.Patron{Key: "1002", Card: "90002", First: "Ben", Last: "Okoro", Group: "7B", Level: "7", Email: "ben@school.test", AutoOverdue: true},
		data.Patron{Key: "1003", Card: "90003", First: "Cleo", Last: "Marsh", Group: "8A", Level: "8"},
		data.Patron{Key: "1004", Card: "90004", First: "Dan", Last: "Ängström", Group: "8A", Level: "8", AutoOverdue: true, Guardians: []data.Guardian{{Email: "angstrom@home.test", Role: "guardian", Notices: true}}},
		data.Patron{Key: "1005", Card: "90005", First: "Eve", Last: "Li", Group: "8A", Level: "8", Email: "eve@school.test", AutoOverdue: true},
		data.Patron{Key: "2001", First: "Fay", Last: "Porter", Group: "Teachers", Email: "fay@school.test"},
		data.Patron{Key: "1099", First: "Gus", Last: "Gone", Group: "9C", Level: "9", Email: "gus@school.test"},
	)
	b.Lend("1001",
		data.Loan{Barcode: "30001", Title: "The Grey Tower", Author: "M. Quill", CallNumber: "F QUI", Due: today - 4},
		data.Loan{Barcode: "30002", Title: "Moths of the North", Author: "R. Vale", Due: today + 3},
	)
	b.Lend("1003", data.Loan{Barcode: "30003", Title: "A Short History of Salt", Due: today - 1})
	b.Lend("1005", data.Loan{Barcode: "30004", Title: "Rivers", Due: today})
	ctx := b.tb.Context()
	gus, err := b.Store.Patron(ctx, b.PatronByKey("1099"))
	if err == nil {
		gus.Left = today - 30
		_, err = b.Store.SavePatron(ctx, gus)
	}
	if err != nil {
		b.tb.Fatal(err)
	}
	if err := b.Store.HoldPatron(ctx, b.PatronByKey("1005"), today+10, "ill"); err != nil {
		b.tb.Fatal(err)
	}
	if err := b.Store.MarkAddress(ctx, data.AddressState{Address: "ben@school.test", Health: data.AddressFailed, Reason: "There is no such mailbox.", Since: today.At(9, 0, time.UTC)}); err != nil {
		b.tb.Fatal(err)
	}
}
