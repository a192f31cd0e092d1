package roster

import (
	"bufio"
	"encoding/csv"
	"io"
	"strings"

	"smtpgateway/data"
)

const (
	exportLayout = "SMTP Gateway"
	ownMark      = "; " // between the guardians of a person
)

var exportHeader = []string{"Key", "Card", "Last name", "First name", "Group", "Level", "E-mail", "Guardian e-mail", "Guardian name", "Guardian role", "Guardian notices", "Language", "Auto overdue", "Address"}

// ExportCSV writes patrons as UTF-8 with a mark, as Excel reads it safely. What a spreadsheet would take for a formula gets an
// apostrophe before it, which importing takes off again.
func ExportCSV(w io.Writer, roster *data.Roster) error {
	b := bufio.NewWriter(w)
	_, _ = b.WriteString("\ufeff")
	c := csv.NewWriter(b)
	c.UseCRLF = true
	_ = c.Write(exportHeader)
	for i := range roster.Patrons {
		p := &roster.Patrons[i]
		var mails, names, roles, notices []string
		for _, g := range p.Guardians {
			mails, notices = append(mails, g.Email), append(notices, yesNo(g.Notices))
			names, roles = append(names, strings.ReplaceAll(g.Name, ";", ",")), append(roles, strings.ReplaceAll(g.Role, ";", ","))
		}
		row := []string{
			p.Key, p.Card, p.Last, p.First, p.Group, p.Level, p.Email,
			strings.Join(mails, ownMark), strings.Join(names, ownMark), strings.Join(roles, ownMark), strings.Join(notices, ownMark), p.Language, yesNo(p.AutoOverdue), p.Address,
		}
		for j := range row {
			row[j] = guard(row[j])
		}
		if err := c.Write(row); err != nil {
			return err
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return err
	}
	return b.Flush()
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// guarded reports whether a spreadsheet would take s for a formula, or s looks like one that was kept from it.
func guarded(s string) bool {
	s = strings.TrimLeft(s, "'")
	return s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0]))
}

func guard(s string) string {
	if guarded(s) {
		return "'" + s
	}
	return s
}
