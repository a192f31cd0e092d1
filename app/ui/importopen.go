package ui

import (
	"fyne.io/fyne/v2/lang"
)

// importLists says how lists of patrons and loans are taken in.
func importLists(w *Window) {
	const patrons, loans = "smtp-gateway patrons import FILE", "smtp-gateway loans import FILE"
	body := rowsBy(wideGap,
		newText(lang.L("Export the list of patrons and the list of loans from your library system, as CSV or Excel, and take them in with these commands on this computer:")),
		rowsBy(4, newText(patrons).bold(), newText(loans).bold()),
		newHint(lang.L("Add --dry-run to see first what would change.")),
		line(newPrimary(lang.L("Copy"), func() { w.desk.Desktop().Copy(patrons + "\n" + loans) })),
	)
	w.panel(lang.L("Take in lists"), body, 560, nil)
}
