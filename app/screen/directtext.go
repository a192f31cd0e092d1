package screen

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"smtpgateway/data"
)

// directWords are the words of a short letter to one patron, in one language. The first of two is said to the patron, the
// second to a guardian, with the patron's name.
type directWords struct {
	subject string // with loans: neutral, because a subject is read by whoever passes
	empty   string // without
	dear    [2]string
	anyone  string // to a guardian whose name is not known: the patron's name
	items   [2]string
	count   [2]string // to a guardian who is told no titles, for one thing and several: name, number, date
	due     string
	late    string
	date    string // layout
	more    string
}

var directLanguages = map[string]directWords{
	"en": {
		subject: "Your loans from the library", empty: "From your school library", dear: [2]string{"Dear %s,", "Dear %s,"}, anyone: "Dear parent or guardian of %s,",
		items: [2]string{"these items from the library are on loan to you:", "%s has these items from the library on loan:"},
		count: [2]string{"%s has %d item from the library on loan; it is due on %s.", "%s has %d items from the library on loan; the first is due on %s."},
		due:   "due %s", late: "overdue since %s", date: "2 Jan 2006", more: "... and %d more",
	},
	"es": {
		subject: "Tus préstamos de la biblioteca", empty: "De la biblioteca escolar", dear: [2]string{"Hola, %s:", "Hola, %s:"}, anyone: "Estimada familia de %s:",
		items: [2]string{"Tienes en préstamo de la biblioteca:", "%s tiene en préstamo de la biblioteca:"},
		count: [2]string{"%s tiene %d préstamo de la biblioteca; vence el %s.", "%s tiene %d préstamos de la biblioteca; el primero vence el %s."},
		due:   "vence el %s", late: "venció el %s", date: "02/01/2006", more: "... y %d más",
	},
	"fr": {
		subject: "Vos emprunts à la bibliothèque", empty: "De la bibliothèque de l’école", dear: [2]string{"Bonjour %s,", "Bonjour %s,"}, anyone: "Chers parents de %s,",
		items: [2]string{"Voici ce que tu as emprunté à la bibliothèque :", "Voici ce que %s a emprunté à la bibliothèque :"},
		count: [2]string{"%s a emprunté %d document à la bibliothèque, à rendre le %s.", "%s a emprunté %d documents à la bibliothèque ; le premier est à rendre le %s."},
		due:   "à rendre le %s", late: "en retard depuis le %s", date: "02/01/2006", more: "... et %d de plus",
	},
	"de": {
		subject: "Ausgeliehen aus der Bibliothek", empty: "Aus der Schulbibliothek", dear: [2]string{"Hallo %s,", "Guten Tag %s,"}, anyone: "Liebe Eltern von %s,",
		items: [2]string{"das hast du aus der Bibliothek ausgeliehen:", "%s hat aus der Bibliothek ausgeliehen:"},
		count: [2]string{"%s hat %d Medium aus der Bibliothek ausgeliehen, fällig am %s.", "%s hat %d Medien aus der Bibliothek ausgeliehen; das erste ist am %s fällig."},
		due:   "fällig am %s", late: "überfällig seit %s", date: "02.01.2006", more: "... und %d weitere",
	},
}

// words gives the words in a patron's language, else the library's.
func (k *acquainted) words() directWords {
	for _, language := range []string{k.patron.Language, k.set.Library.Language} {
		if w, ok := directLanguages[strings.ToLower(language)]; ok {
			return w
		}
	}
	return directLanguages["en"]
}

// longestTitle is how much of a title stands in a line of the list.
const longestTitle = 120

// directText fills in subject and text for one of the addresses.
func directText(k *acquainted, to int, today data.Date) (subject, text string) {
	if to >= len(k.to) {
		return "", ""
	}
	t, w := k.to[to], k.words()
	say := 0
	dear := fmt.Sprintf(w.dear[0], cmp.Or(data.Clean(k.patron.First, longestTitle), data.Clean(k.patron.Name(), longestTitle)))
	if t.Guardian {
		say = 1
		dear = fmt.Sprintf(w.dear[1], data.Clean(t.Name, longestTitle))
		if t.Name == "" {
			dear = fmt.Sprintf(w.anyone, data.Clean(k.patron.Name(), longestTitle))
		}
	}
	lines := []string{dear, ""}
	name := data.Clean(k.patron.Name(), longestTitle)
	subject = w.subject
	switch tell := k.tell; {
	case len(k.loans) == 0, t.Guardian && tell != data.DiscloseTitles && tell != data.DiscloseCount:
		subject, lines = w.empty, append(lines, "", "")
	case t.Guardian && tell == data.DiscloseCount:
		form := min(len(k.loans), 2) - 1
		lines = append(lines, fmt.Sprintf(w.count[form], name, len(k.loans), w.day(k.loans[0].Due)), "")
	default:
		intro := w.items[say]
		if say == 1 {
			intro = fmt.Sprintf(intro, name)
		}
		lines = append(lines, intro, "")
		for i := range k.loans {
			lines = append(lines, w.item(&k.loans[i], today))
		}
		lines = append(lines, "")
	}
	end := cmp.Or(k.set.Library.Signature, k.set.Library.Name, k.set.From.Name)
	return subject, strings.Join(append(lines, end), "\n")
}

func (w *directWords) day(on data.Date) string { return on.At(12, 0, time.UTC).Format(w.date) }

// item is one loan on one line.
func (w *directWords) item(l *data.Loan, today data.Date) string {
	line := "- " + data.Clean(l.Title, longestTitle)
	if author := data.Clean(l.Author, longestTitle); author != "" {
		line += " (" + author + ")"
	}
	switch {
	case l.Due == 0:
	case l.Due < today:
		line += ", " + fmt.Sprintf(w.late, w.day(l.Due))
	default:
		line += ", " + fmt.Sprintf(w.due, w.day(l.Due))
	}
	return line
}
