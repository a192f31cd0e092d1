package letter

import (
	"fmt"
	"strings"

	"smtpgateway/data"
)

// words are what is said in letters besides their templates, in one language. Of two forms the first is for one thing,
// the second for none or several.
type words struct {
	weekdays   [7]string // short, Sunday first
	months     [12]string
	longMonths [12]string
	short      string // date: weekday, day, month, year
	long       string // date: day, month, year
	first      string // day of the month when it is the 1st; empty: the number
	zeroIsOne  bool   // none takes the form for one

	items, days  [2]string
	dear         string // name of the patron
	dearGuardian string // name of the patron
	dearAll      string // to nobody in particular
	due          string // date
	late, ahead  [2]string
	today        string
	none         string    // nothing on loan
	count        [2]string // number of items in words, date
	more         string    // number
	also         string
	columns      map[string]string
	details      string // of a text line: name of the column, value
	toGuardian   string // on an envelope: name of the patron
	shelf, class string
	reader       string
	noClass      string
	withItems    string // head of a column: how many
	firstDue     string
	shelfIntro   string
	classIntro   string
}

//nolint:dupl,misspell // the same fields in each language, and not all of them English
var languages = map[string]*words{
	"en": {
		weekdays:   [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		months:     [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		longMonths: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		short:      "%s %s %s %d", long: "%s %s %d",
		items: [2]string{"%d item", "%d items"}, days: [2]string{"%d day", "%d days"},
		dear: "Dear %s", dearGuardian: "Dear parent or guardian of %s", dearAll: "Dear reader",
		due: "due %s", late: [2]string{"%d day late", "%d days late"}, ahead: [2]string{"in %d day", "in %d days"}, today: "today",
		none:  "Nothing is on loan at the moment.",
		count: [2]string{"%s; due date: %s.", "%s; earliest due date: %s."},
		more:  "and %d more", also: "Also on loan:", details: "%s: %s",
		columns:    map[string]string{"title": "Title", "author": "Author", "barcode": "Barcode", "call-number": "Call number", "due": "Due", "late": "Late", "price": "Price"},
		toGuardian: "To the parent or guardian of", shelf: "Shelf check", class: "Class list", reader: "Name", noClass: "no class", withItems: "Items", firstDue: "First due",
		shelfIntro: "Look for these on the shelves before reminders go out; tick what is there.", classIntro: "Items on loan that are due.",
	},
	"es": {
		weekdays:   [7]string{"dom", "lun", "mar", "mié", "jue", "vie", "sáb"},
		months:     [12]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"},
		longMonths: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		short:      "%s %s %s %d", long: "%s de %s de %d",
		items: [2]string{"%d préstamo", "%d préstamos"}, days: [2]string{"%d día", "%d días"},
		dear: "Hola, %s", dearGuardian: "Estimada familia de %s", dearAll: "Hola",
		due: "fecha de devolución: %s", late: [2]string{"%d día de retraso", "%d días de retraso"}, ahead: [2]string{"en %d día", "en %d días"}, today: "hoy",
		none:  "No hay ningún préstamo en este momento.",
		count: [2]string{"%s; fecha de devolución: %s.", "%s; primera fecha de devolución: %s."},
		more:  "y %d más", also: "Otros préstamos:", details: "%s: %s",
		columns:    map[string]string{"title": "Título", "author": "Autor", "barcode": "Código de barras", "call-number": "Signatura", "due": "Devolución", "late": "Retraso", "price": "Precio"},
		toGuardian: "A la familia de", shelf: "Revisión de estantes", class: "Lista de clase", reader: "Nombre", noClass: "sin clase", withItems: "Préstamos", firstDue: "Primera devolución",
		shelfIntro: "Búsquelos en los estantes antes de enviar los avisos y marque los que estén.", classIntro: "Préstamos por devolver.",
	},
	"fr": {
		weekdays:   [7]string{"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."},
		months:     [12]string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
		longMonths: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		short:      "%s %s %s %d", long: "%s %s %d", first: "1er", zeroIsOne: true,
		items: [2]string{"%d document", "%d documents"}, days: [2]string{"%d jour", "%d jours"},
		dear: "Bonjour %s", dearGuardian: "Chers parents ou responsables légaux de l’élève %s", dearAll: "Bonjour",
		due: "à rendre le %s", late: [2]string{"%d jour de retard", "%d jours de retard"}, ahead: [2]string{"dans %d jour", "dans %d jours"}, today: "aujourd’hui",
		none:  "Aucun document n’est emprunté en ce moment.",
		count: [2]string{"%s ; date de retour : %s.", "%s ; première date de retour : %s."},
		more:  "et %d de plus", also: "Autres emprunts :", details: "%s : %s",
		columns:    map[string]string{"title": "Titre", "author": "Auteur", "barcode": "Code-barres", "call-number": "Cote", "due": "À rendre le", "late": "Retard", "price": "Prix"},
		toGuardian: "Aux parents ou responsables légaux de", shelf: "Vérification des rayons", class: "Liste de classe", reader: "Nom", noClass: "sans classe", withItems: "Documents", firstDue: "Premier retour",
		shelfIntro: "À chercher en rayon avant l’envoi des rappels ; cochez ce qui s’y trouve.", classIntro: "Documents empruntés à rendre.",
	},
	"de": {
		weekdays:   [7]string{"So.", "Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa."},
		months:     [12]string{"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."},
		longMonths: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
		short:      "%s, %s. %s %d", long: "%s. %s %d",
		items: [2]string{"%d Medium", "%d Medien"}, days: [2]string{"%d Tag", "%d Tage"},
		dear: "Hallo %s", dearGuardian: "Liebe Eltern oder Erziehungsberechtigte von %s", dearAll: "Guten Tag",
		due: "fällig am %s", late: [2]string{"%d Tag überfällig", "%d Tage überfällig"}, ahead: [2]string{"in %d Tag", "in %d Tagen"}, today: "heute",
		none:  "Zurzeit ist nichts ausgeliehen.",
		count: [2]string{"%s; Rückgabe bis: %s.", "%s; früheste Rückgabe: %s."},
		more:  "und %d weitere", also: "Außerdem ausgeliehen:", details: "%s: %s",
		columns:    map[string]string{"title": "Titel", "author": "Autor", "barcode": "Barcode", "call-number": "Signatur", "due": "Fällig am", "late": "Überfällig", "price": "Preis"},
		toGuardian: "An die Eltern oder Erziehungsberechtigten von", shelf: "Regalkontrolle", class: "Klassenliste", reader: "Name", noClass: "ohne Klasse", withItems: "Medien", firstDue: "Erste Rückgabe",
		shelfIntro: "Bitte vor dem Versand der Erinnerungen im Regal nachsehen und abhaken, was da ist.", classIntro: "Ausgeliehene Medien, die fällig sind.",
	},
}

// wordsOf gives the words of the first language that there are words of, else the English ones.
func wordsOf(names ...string) (*words, string) {
	for _, name := range names {
		if w := languages[strings.ToLower(name)]; w != nil {
			return w, strings.ToLower(name)
		}
	}
	return languages["en"], "en"
}

// number puts n into the form for one or for several.
func (w *words) number(forms [2]string, n int) string {
	if n == 1 || n == 0 && w.zeroIsOne {
		return fmt.Sprintf(forms[0], n)
	}
	return fmt.Sprintf(forms[1], n)
}

func (w *words) dayOfMonth(n int) string {
	if n == 1 && w.first != "" {
		return w.first
	}
	return fmt.Sprint(n)
}

// shortDate is a day with its weekday, such as "Tue 24 Nov 2026"; empty: none.
func (w *words) shortDate(d data.Date) string {
	if d == 0 {
		return ""
	}
	y, m, n := d.Parts()
	return fmt.Sprintf(w.short, w.weekdays[d.Weekday()], w.dayOfMonth(n), w.months[m-1], y)
}

// longDate is a day as the head of a letter has it, such as "24 November 2026"; empty: none.
func (w *words) longDate(d data.Date) string {
	if d == 0 {
		return ""
	}
	y, m, n := d.Parts()
	return fmt.Sprintf(w.long, w.dayOfMonth(n), w.longMonths[m-1], y)
}

// lateness says by how much a loan is late, or when it will be due; empty: it has no due date.
func (w *words) lateness(l *data.Loan, today data.Date) string {
	n := l.DaysLate(today)
	switch {
	case l.Due == 0:
		return ""
	case n > 0:
		return w.number(w.late, n)
	case n == 0:
		return w.today
	}
	return w.number(w.ahead, -n)
}

// dueLine says when a loan is due and how late that is: "due Tue 24 Nov 2026 (3 days late)".
func (w *words) dueLine(l *data.Loan, today data.Date, withDate, withLate bool) string {
	late := w.lateness(l, today)
	switch {
	case l.Due == 0 || !withDate && !withLate:
		return ""
	case !withDate:
		return late
	case !withLate:
		return fmt.Sprintf(w.due, w.shortDate(l.Due))
	}
	return fmt.Sprintf(w.due, w.shortDate(l.Due)) + " (" + late + ")"
}
