package screen

import (
	"slices"
	"strconv"

	"smtpgateway/data/roster"
)

// encodingNames are those a person may choose from for this file, as it is read now first.
func (im *Import) encodingNames() []string {
	if im.list == nil || im.list.look.Encoding == "" {
		return nil
	}
	names := []string{im.list.look.Encoding}
	for _, more := range [][]string{im.list.look.Encodings, encodingNames()} {
		for _, n := range more {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return slices.Index(encodingNames(), a) - slices.Index(encodingNames(), b) })
	return names
}

func encodingNames() []string {
	var names []string
	for _, e := range roster.Encodings() {
		names = append(names, e.Name)
	}
	return names
}

// Encodings are the words for how the letters may be written; empty: there is no such question for this file.
func (im *Import) Encodings() []string {
	var words []string
	for _, n := range im.encodingNames() {
		words = append(words, encodingLabel(n))
	}
	return words
}

// Encoding is the one in force, an index of Encodings.
func (im *Import) Encoding() int {
	if im.list == nil {
		return -1
	}
	return slices.Index(im.encodingNames(), im.list.look.Encoding)
}

// InDoubt reports whether the letters could be written in several ways, so that a person had better look at them.
func (im *Import) InDoubt() bool { return im.list != nil && len(im.list.look.Encodings) > 0 }

// SetEncoding reads the file with another one.
func (im *Import) SetEncoding(i int) {
	if names := im.encodingNames(); im.job == nil && i >= 0 && i < len(names) && names[i] != im.list.look.Encoding {
		o := im.list.options
		o.Encoding = names[i]
		im.open(im.list.path, o, false)
	}
}

var separators = []string{",", ";", "\t", "|"}

// Separators are the words for what stands between columns; empty: there is no such question for this file.
func (im *Import) Separators() []string {
	if im.list == nil || im.list.look.Separator == "" {
		return nil
	}
	var words []string
	for _, s := range separators {
		words = append(words, im.desk.separatorWords(s))
	}
	return words
}

// Separator is the one in force, an index of Separators.
func (im *Import) Separator() int {
	if im.list == nil {
		return -1
	}
	return slices.Index(separators, im.list.look.Separator)
}

// SetSeparator reads the file with another one.
func (im *Import) SetSeparator(i int) {
	if im.job == nil && im.list != nil && i >= 0 && i < len(separators) && separators[i] != im.list.look.Separator {
		o := im.list.options
		o.Separator = separators[i]
		im.open(im.list.path, o, false)
	}
}

// Sheets are the sheets of a workbook; empty: there is but one.
func (im *Import) Sheets() []string {
	if im.list == nil || len(im.list.look.Sheets) < 2 {
		return nil
	}
	return im.list.look.Sheets
}

// Sheet is the one in force, an index of Sheets.
func (im *Import) Sheet() int { return slices.Index(im.Sheets(), im.list.look.Sheet) }

// SetSheet reads another sheet.
func (im *Import) SetSheet(i int) {
	if all := im.Sheets(); im.job == nil && i >= 0 && i < len(all) && all[i] != im.list.look.Sheet {
		o := im.list.options
		o.Sheet = all[i]
		im.open(im.list.path, o, false)
	}
}

// headerMost is the last row a person may choose for the names of the columns.
const headerMost = 12

// HeaderRows are the words for where the names of the columns stand.
func (im *Import) HeaderRows() []string {
	words := []string{im.desk.Say("nowhere: it has none")}
	for i := 1; i <= headerMost || im.list != nil && i <= im.list.look.HeaderRow; i++ {
		words = append(words, im.desk.Say("in row {{.N}}", With("N", strconv.Itoa(i))))
	}
	return words
}

// HeaderRow is the one in force, an index of HeaderRows.
func (im *Import) HeaderRow() int {
	if im.list == nil {
		return -1
	}
	return im.list.look.HeaderRow
}

// SetHeaderRow reads the file with the names of the columns elsewhere.
func (im *Import) SetHeaderRow(i int) {
	if im.job == nil && im.list != nil && i >= 0 && i != im.list.look.HeaderRow {
		o := im.list.options
		o.HeaderRow = i
		if i == 0 {
			o.HeaderRow = -1
		}
		im.open(im.list.path, o, false)
	}
}
