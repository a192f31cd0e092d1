package roster

import (
	"slices"

	"smtpgateway/data"
)

// layout is the shape one system gives its lists.
type layout struct {
	name   string
	kind   data.RosterKind
	need   []string          // folded headers that must be there
	not    []string          // that must not
	fields map[string]string // folded header -> field; "": not read. Others by their aliases
	ask    string            // question about the parent's address; empty: none
	of     []string          // folded headers that question offers
	some   bool              // not all people are in it
	number bool              // status is a number, as Alexandria has it
}

const askParent = "Which of these is the parent's address?"

// alexandria are the numeric codes of Alexandria's tab-delimited lists.
var alexandria = map[string]string{
	"1000": fieldCard, "1007": fieldFirst, "1006": fieldLast, "1070": fieldNickname, "1026": fieldStatus,
}

var destinyMails = []string{"emailprimary", "emailsecondary", "email3", "email4", "email5"}

// layouts are tried in this order; the first whose columns are all there has the file.
var layouts = []layout{
	{name: "Koha overdues", kind: data.RosterLoans, need: []string{"duedate", "title", "borrowernumber", "barcode", "itemcallnumber"},
		fields: map[string]string{"borrowernumber": fieldPatronKey, "barcode": fieldBarcode, "firstname": fieldPatronFirst, "surname": fieldPatronLast, "email": fieldPatronEmail}},
	{name: "Koha overdue notices", kind: data.RosterPatrons, need: []string{"name", "surname", "itemcount", "itemsinfo"}, some: true,
		fields: map[string]string{"name": fieldFirst, "address1": fieldAddress, "address2": fieldAddress2}},
	{name: "Koha patrons", kind: data.RosterPatrons, need: []string{"cardnumber", "surname", "firstname", "categorycode", "branchcode"},
		fields: map[string]string{"title": "", "bemail": fieldGuardianEmail, "emailpro": "", "contactname": "", "relationship": "", "lost": ""},
		ask:    askParent, of: []string{"bemail", "emailpro"}},
	{name: "OneRoster 1.1", kind: data.RosterPatrons, need: []string{"sourcedid", "givenname", "familyname", "orgsourcedids", "agentsourcedids"}, fields: oneRosterFields},
	{name: "OneRoster 1.2", kind: data.RosterPatrons, need: []string{"sourcedid", "givenname", "familyname", "enableduser", "usermasteridentifier"}, fields: oneRosterFields},
	{name: "School Data Sync 2.1", kind: data.RosterPatrons, need: []string{"sourcedid", "givenname", "familyname", "username"}, not: []string{"enableduser"}},
	{name: "School Data Sync (UK)", kind: data.RosterPatrons, need: []string{"id", "schooldfenumber", "firstname", "lastname"},
		fields: map[string]string{"studentnumber": fieldCard, "id": fieldKey, "secondaryemail": fieldEmail, "stateid": ""}},
	{name: "School Data Sync guardians", kind: data.RosterPatrons, need: []string{"sisid", "email", "role"}, not: []string{"firstname", "lastname"}, some: true,
		fields: map[string]string{"email": fieldGuardianEmail, "role": fieldGuardianRole}},
	{name: "School Data Sync 1", kind: data.RosterPatrons, need: []string{"sisid", "schoolsisid", "username"}, fields: map[string]string{"sisid": fieldKey, "studentnumber": fieldCard, "id": ""}},
	{name: "Clever", kind: data.RosterPatrons, need: []string{"schoolid", "studentid", "contactemail"},
		fields: map[string]string{"studentnumber": fieldCard, "stateid": "", "contacttype": "", "contactlastname": fieldGuardianName}},
	{name: "Destiny", kind: data.RosterPatrons, need: []string{"fieldbarcode", "fieldlastname"}, ask: askParent,
		fields: map[string]string{"fieldresourcegroup": "", "fieldstatus": fieldStatus},
		of:     []string{"fieldemailprimary", "fieldemailsecondary", "fieldemail3", "fieldemail4", "fieldemail5"}},
	{name: "Destiny (from a school information system)", kind: data.RosterPatrons, need: []string{"barcode", "siteshortname", "districtid", "lastname"}, ask: askParent, of: destinyMails},
	{name: "Alexandria", kind: data.RosterPatrons, need: []string{"1000", "1006"}, fields: alexandria, number: true},
	{name: "Evergreen", kind: data.RosterPatrons, need: []string{"cardnumber", "usrname", "familyname", "firstgivenname"}},
	{name: "OpenBiblio members", kind: data.RosterPatrons, need: []string{"barcodenmbr", "firstname", "lastname"}, fields: map[string]string{"schoolteacher": fieldGroup}},
	{name: "OpenBiblio overdues", kind: data.RosterLoans, need: []string{"member", "title", "datedue", "dayslate"}, fields: map[string]string{"member": fieldPatronName, "barcode": fieldBarcode}},
	{name: "PMB", kind: data.RosterPatrons, need: []string{"emprcb", "emprnom"}},
	{name: "BiblioTECH", kind: data.RosterPatrons, need: []string{"stkey", "surname", "pgroup"}},
	{name: exportLayout, kind: data.RosterPatrons, need: []string{"key", "card", "guardianemail", "guardiannotices"}},
}

var oneRosterFields = map[string]string{
	"identifier": fieldCard, "sourcedid": fieldKey, "status": fieldStatus, "enableduser": fieldStatus,
}

// Headers of what is put together from the other files of a set.
const (
	guardianMailsHeader = "guardians.email"
	guardianNamesHeader = "guardians.name"
	guardianRolesHeader = "guardians.role"
	homeroomHeader      = "homeroom.class"
)

// findLayout tells whose shape the headers have; nil: nobody's.
func findLayout(headers []string) *layout {
	have := make([]string, len(headers))
	for i, h := range headers {
		have[i] = fold(h)
	}
	in := func(h string) bool { return slices.Contains(have, h) }
	for i := range layouts {
		l := &layouts[i]
		if !slices.ContainsFunc(l.need, func(h string) bool { return !in(h) }) && !slices.ContainsFunc(l.not, in) {
			return l
		}
	}
	return nil
}
