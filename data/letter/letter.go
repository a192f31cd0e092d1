// Package letter is in charge of what letters and notices say: the texts with their placeholders, checking them, and
// rendering them for one person as mail text, HTML and printed pages. It has no clock, no store and no network.
package letter

import (
	"smtpgateway/data"
)

// Bounds of a text and of what is made of it, so that no text and no list can hold up a run.
const (
	MaxSubject = 200    // characters of a subject
	MaxBody    = 20_000 // characters of a body
	MaxItems   = 500    // rows of one table; how many more there are is said below it

	maxName = 100 // characters of a name, class or card
	maxCell = 250 // characters of a title or an author
)

// Facts are what one letter is about.
type Facts struct {
	Patron *data.Patron // about whom it is; nil: nobody in particular
	// Guardian is the name of the adult it goes to; empty: not known, or the patron gets it.
	Guardian   string
	Role       data.Role       // to whom it goes; empty: the patron
	Disclosure data.Disclosure // how much a guardian is told; means nothing where the patron gets the letter
	Loans      []data.Loan     // those the letter is about, most urgent first
	Also       []data.Loan     // others the patron has at home
	Library    data.Library
	From       data.From // its Reply-To, else its address, is the library's e-mail in letters
	Today      data.Date // days late are counted to it
	Language   string    // of dates and words made here; empty: the template's
	Practice   string    // stands on top of text and HTML as it is, see PracticeBanner; empty: this is no practice
}

// Rendered is one letter.
type Rendered struct {
	Subject string // one line
	Text    string // plain text, lines parted by \n and at most 76 characters long where words allow
	HTML    string // the same as a whole HTML document

	language string
	blocks   []block // the same for PDF
	body     string  // the HTML inside its document, without the banner of practice
}

// Render is Compile and Rendered at once; who writes many letters compiles first. Errors: CodeUsage for a template with
// problems, CodeNotNow for a guardian who may be told nothing.
func Render(t data.Template, f Facts) (Rendered, error) {
	c, err := Compile(t)
	if err != nil {
		return Rendered{}, err
	}
	return c.Render(f)
}
