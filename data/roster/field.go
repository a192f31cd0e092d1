package roster

import (
	"maps"
	"slices"

	"smtpgateway/data"
)

// The fields of Mapping.
const (
	fieldKey           = "key"
	fieldCard          = "card"
	fieldFirst         = "first"
	fieldLast          = "last"
	fieldName          = "name"
	fieldNickname      = "nickname"
	fieldGroup         = "group"
	fieldLevel         = "level"
	fieldEmail         = "email"
	fieldGuardianEmail = "guardian_email"
	fieldGuardianName  = "guardian_name"
	fieldGuardianRole  = "guardian_role"
	fieldGuarantor     = "guarantor"

	fieldGuardianNotices = "guardian_notices"
	fieldLanguage        = "language"
	fieldAutoOverdue     = "auto_overdue"
	fieldStatus          = "status"
	fieldExpiry          = "expiry"
	fieldAddress         = "address"
	fieldAddress2        = "address2"
	fieldZip             = "zip"
	fieldCity            = "city"
	fieldLoan            = "loan"
	fieldPatronKey       = "patron_key"
	fieldPatronCard      = "patron_card"
	fieldPatronFirst     = "patron_first"
	fieldPatronLast      = "patron_last"
	fieldPatronName      = "patron_name"
	fieldPatronEmail     = "patron_email"
	fieldTitle           = "title"
	fieldAuthor          = "author"
	fieldBarcode         = "barcode"
	fieldCallNumber      = "call_number"
	fieldDue             = "due"
	fieldIssued          = "issued"
	fieldPrice           = "price"
)

// Field is one thing a column may hold.
type Field struct {
	Name  string // for Mapping.Columns
	Label string // as a person reads it
	Hint  string
}

var patronFields = []Field{
	{fieldKey, "Number of the person", "By which the library system knows the person. The best thing to recognise people by."},
	{fieldCard, "Card number", "Barcode on the library card."},
	{fieldFirst, "First name", ""},
	{fieldLast, "Last name", ""},
	{fieldName, "Whole name", "First and last name in one column."},
	{fieldNickname, "Preferred first name", "Used instead of the first name where there is one."},
	{fieldGroup, "Group", "Class or homeroom, such as 7B."},
	{fieldLevel, "Year", "Level or grade."},
	{fieldEmail, "E-mail address", "The person's own."},
	{fieldGuardianEmail, "Guardian's e-mail address", "Of parents; one cell may hold several, and several columns may be chosen."},
	{fieldGuardianName, "Guardian's name", ""},
	{fieldGuardianRole, "Guardian's role", "Such as mother, father, guardian."},
	{fieldGuardianNotices, "Guardian's notices", "Yes or no: may the guardian get letters?"},
	{fieldGuarantor, "Guardian's number", "The number of another person of the same list, whose address is the guardian's."},
	{fieldLanguage, "Language", "In which the person gets letters."},
	{fieldAutoOverdue, "Automatic notices", "Yes or no."},
	{fieldStatus, "Status", "Those who are inactive or have left count as not in the list."},
	{fieldExpiry, "Valid until", "Those whose card has run out count as not in the list."},
	{fieldAddress, "Street", "For letters on paper."},
	{fieldAddress2, "Street, second line", ""},
	{fieldZip, "Postcode", ""},
	{fieldCity, "Town", ""},
}

var loanFields = []Field{
	{fieldLoan, "Number of the loan", "The library system's own number for this loan, if it has one."},
	{fieldPatronKey, "Number of the person", ""},
	{fieldPatronCard, "Card number", ""},
	{fieldPatronFirst, "First name", ""},
	{fieldPatronLast, "Last name", ""},
	{fieldPatronName, "Whole name", ""},
	{fieldPatronEmail, "E-mail address", "To recognise the person where the list has no number."},
	{fieldTitle, "Title", ""},
	{fieldAuthor, "Author", ""},
	{fieldBarcode, "Barcode of the item", ""},
	{fieldCallNumber, "Call number", ""},
	{fieldDue, "Due date", ""},
	{fieldIssued, "Date of the loan", ""},
	{fieldPrice, "Price", ""},
}

// Fields are those a column of a kind of list may hold, in the order a person reads them.
func Fields(kind data.RosterKind) []Field {
	switch kind {
	case data.RosterLoans:
		return slices.Clone(loanFields)
	case data.RosterAddresses:
		return slices.DeleteFunc(slices.Clone(patronFields), func(f Field) bool {
			return !slices.Contains([]string{fieldKey, fieldCard, fieldEmail, fieldGuardianEmail}, f.Name)
		})
	default:
		return slices.Clone(patronFields)
	}
}

// several are the fields more than one column may hold.
var several = []string{fieldGuardianEmail, fieldGuardianName, fieldGuardianRole, fieldGuardianNotices, fieldGuarantor, fieldStatus}

// identifying are the fields in which a number that lost its digits would mean somebody or something else.
var identifying = []string{fieldKey, fieldCard, fieldGuarantor, fieldLoan, fieldPatronKey, fieldPatronCard, fieldBarcode}

// dated are the fields that hold days.
var dated = []string{fieldDue, fieldIssued, fieldExpiry}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
