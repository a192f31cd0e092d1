package letter

import (
	"strings"
	"unicode/utf8"
)

// Placeholder is a name that stands in a template in square brackets, for what differs from letter to letter.
type Placeholder struct {
	Name string // as it is written, with brackets: "[First name]"
	Hint string // what comes in its place, one sentence for the menu
}

// place is what is known of one placeholder.
type place struct {
	name  string // without brackets
	key   string // in the templates of Go
	block bool   // stands alone on its line and becomes a table
	lines bool   // may be several lines
	items bool   // tells titles
	hint  string
}

var places = []place{
	{name: "Greeting", key: "Greeting", hint: "The greeting with the name: “Dear Anna Berg”, or “Dear parent or guardian of Anna Berg” where a guardian gets the letter."},
	{name: "First name", key: "FirstName", hint: "The patron's first name."},
	{name: "Last name", key: "LastName", hint: "The patron's last name."},
	{name: "Name", key: "Name", hint: "The patron's first and last name."},
	{name: "Class", key: "Class", hint: "The patron's group, such as a class."},
	{name: "Year", key: "Year", hint: "The patron's year or level."},
	{name: "Card", key: "Card", hint: "The number on the patron's card."},
	{name: "Guardian", key: "Guardian", hint: "The name of the guardian who gets the letter. Empty where the patron gets it, or the name is not known."},
	{name: "Items", key: "Items", block: true, items: true, hint: "The table of the items. Stands alone on its line."},
	{name: "Also on loan", key: "Also", block: true, items: true, hint: "What else the patron has at home, with a line above it. Stands alone on its line; nothing where there is nothing."},
	{name: "Number of items", key: "Number", hint: "How many items the letter is about, in words: “1 item”, “2 items”."},
	{name: "Earliest due date", key: "EarliestDue", hint: "The first day on which one of them is due: “Tue 24 Nov 2026”."},
	{name: "Days late", key: "DaysLate", hint: "How late the latest of them is, in words: “1 day”, “3 days”. Empty where none is late."},
	{name: "Total price", key: "TotalPrice", hint: "What all of them cost together. Empty where a price is missing or they are not in one currency."},
	{name: "Library", key: "Library", hint: "The name of the library, from the settings."},
	{name: "Library phone", key: "LibraryPhone", hint: "The library's telephone, from the settings."},
	{name: "Library address", key: "LibraryAddress", lines: true, hint: "The library's postal address, from the settings."},
	{name: "Library e-mail", key: "LibraryEmail", hint: "The address that answers go to, from the settings."},
	{name: "Signature", key: "Signature", lines: true, hint: "How letters end, from the settings; the name of the library where nothing is set."},
	{name: "Today", key: "Today", hint: "The date of the letter: “24 November 2026”."},
}

// Placeholders lists them in the order of the menu. The names are English in every language's template.
func Placeholders() []Placeholder {
	all := make([]Placeholder, len(places))
	for i, p := range places {
		all[i] = Placeholder{Name: "[" + p.name + "]", Hint: p.hint}
	}
	return all
}

// placeNamed finds a placeholder by its name without brackets, in any case and with any blanks; nil: none is called so.
func placeNamed(name string) *place {
	name = plainName(name)
	for i := range places {
		if plainName(places[i].name) == name {
			return &places[i]
		}
	}
	return nil
}

func plainName(name string) string { return strings.Join(strings.Fields(strings.ToLower(name)), " ") }

// nearest is the name of the placeholder that was probably meant; empty: none is near.
func nearest(name string) string {
	names := make([]string, len(places))
	for i := range places {
		names[i] = places[i].name
	}
	return Nearest(name, names)
}

// Nearest is which of some names was probably meant, in any case and with any blanks; empty: none is near.
func Nearest(name string, names []string) string {
	name = plainName(name)
	best, distance := "", 1+max(1, utf8.RuneCountInString(name)/3)
	for _, one := range names {
		if d := edits(name, plainName(one)); d < distance {
			best, distance = one, d
		}
	}
	return best
}

// edits counts the letters that must be put in, taken out, changed, or swapped with their neighbour to make b out of a.
func edits(a, b string) int {
	from, to := []rune(a), []rune(b)
	rows := make([][]int, len(from)+1)
	for i := range rows {
		rows[i] = make([]int, len(to)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(from); i++ {
		for j := 1; j <= len(to); j++ {
			change := 1
			if from[i-1] == to[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && from[i-1] == to[j-2] && from[i-2] == to[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(from)][len(to)]
}
