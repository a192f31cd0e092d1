package roster

import (
	"slices"
	"strings"

	"smtpgateway/data"
)

// alias is a field with the names columns have for it, best first, folded.
type alias struct {
	field string
	names []string
}

// patronAliases are the names of columns seen in lists of people. Where several columns of a file are named for the same
// field, the first name here has it.
var patronAliases = []alias{
	{fieldKey, []string{"key", "stkey", "borrowernumber", "sourcedid", "studentid", "districtid", "fielddistrictid", "usrname", "mbrid", "idempr", "sisid", "externalid", "patronid", "personid", "identifier", "studentnumber", "id", "schülernummer", "schuelernummer", "matricule", "matrícula"}},
	{fieldCard, []string{"card", "cardnumber", "fieldbarcode", "patronbarcode", "barcodenmbr", "emprcb", "librarycard", "barcode", "barcodenumber", "cardno", "cardbarcode", "identifier", "studentnumber", "ausweisnummer", "ausweis", "ausweisnr", "numérodecarte", "numerodecarte", "carte", "códigodebarras", "tarjeta"}},
	{fieldLast, []string{"last", "surname", "familyname", "lastname", "fieldlastname", "emprnom", "nachname", "familienname", "nomdefamille", "nom", "apellidos", "apellido"}},
	{fieldFirst, []string{"first", "firstname", "givenname", "firstgivenname", "fieldfirstname", "emprprenom", "forename", "vorname", "prénom", "prenom", "nombre", "nombres"}},
	{fieldName, []string{"name", "fullname", "patronname", "patron", "studentname", "student", "borrower", "member", "displayname"}},
	{fieldNickname, []string{"nickname", "preferredgivenname", "preffirstgivenname", "fieldnickname", "preferredname", "preferredfirstname", "knownas", "rufname"}},
	{fieldGroup, []string{homeroomHeader, "group", "pgroup", "class", "homeroom", "fieldhomeroom", "schoolteacher", "metadata.jp.homeclass", "homeclass", "form", "tutorgroup", "sort1", "klasse", "classe", "division", "grupo", "clase"}},
	{fieldLevel, []string{gradeHeader, "level", "year", "yearlevel", "yeargroup", "grade", "grades", "gradelevel", "fieldgradelevel", "schoolgrade", "sort2", "jahrgang", "stufe", "niveau", "nivel", "curso"}},
	{fieldEmail, []string{"email", "emailaddress", "emailprimary", "fieldemailprimary", "primaryemail", "studentemail", "patronemail", "emprmail", "mail", "emailpro", "courriel", "correo", "correoelectrónico", "emailadresse"}},
	{fieldGuardianEmail, []string{guardianMailsHeader, "guardianemail", "guardianemails", "guardianemailaddress", "parentemail", "parentemails", "parentsemail", "contactemail", "bemail", "otheremails", "motheremail", "fatheremail", "guardian1email", "guardian2email", "parent1email", "parent2email", "parentemail1", "parentemail2", "caregiveremail", "emaileltern", "elternemail", "emailparent", "emailparents", "courrielparent", "emailpadres"}},
	{fieldGuardianName, []string{guardianNamesHeader, "guardianname", "parentname", "contactname", "guardian", "parent"}},
	{fieldGuardianRole, []string{guardianRolesHeader, "guardianrole", "contactrelationship", "guarantorrelationship", "relationship", "parentrole"}},
	{fieldGuardianNotices, []string{"guardiannotices"}},
	{fieldGuarantor, []string{"guarantorid", "guarantor"}},
	{fieldLanguage, []string{"language", "homelanguage", "lang", "locale", "emprlang", "preferredlanguage", "sprache", "langue", "idioma"}},
	{fieldAutoOverdue, []string{"autooverdue", "autooverdueenabled", "overduenotices", "automaticnotices"}},
	{fieldStatus, []string{"status", "enableduser", "fieldstatus", "patronstatus", "active", "statut", "estado"}},
	{fieldExpiry, []string{"expiry", "dateexpiry", "expiredate", "cardexpires", "fieldcardexpires", "emprdateexpiration", "expirydate", "expires", "validuntil", "gültigbis"}},
	{fieldAddress, []string{"address", "address1", "street", "studentstreet", "addressprimaryline1", "fieldaddressprimaryline1", "add1street1", "empradr1", "streetaddress", "strasse", "straße", "adresse", "dirección"}},
	{fieldAddress2, []string{"address2", "street2", "addressprimaryline2", "fieldaddressprimaryline2", "add1street2", "empradr2"}},
	{fieldZip, []string{"zip", "zipcode", "postcode", "postalcode", "studentzip", "add1postcode", "emprcp", "addressprimaryzipcode", "fieldaddressprimaryzipcode", "plz", "codepostal", "códigopostal"}},
	{fieldCity, []string{"city", "town", "suburb", "studentcity", "add1city", "emprville", "addressprimarycity", "fieldaddressprimarycity", "ort", "ville", "ciudad"}},
}

var loanAliases = []alias{
	{fieldLoan, []string{"loan", "loanid", "issueid", "circid", "checkoutid", "transactionid", "loannumber"}},
	{fieldPatronKey, []string{"patronkey", "borrowernumber", "stkey", "studentid", "districtid", "fielddistrictid", "sisid", "usrname", "mbrid", "idempr", "patronid", "sourcedid", "studentnumber", "externalid", "borrowerid"}},
	{fieldPatronCard, []string{"patroncard", "cardnumber", "patronbarcode", "emprcb", "barcodenmbr", "borrowerbarcode", "studentbarcode", "memberbarcode", "librarycard", "usercard", "card", "cardno", "ausweisnummer", "ausweis"}},
	{fieldPatronLast, []string{"patronlast", "surname", "lastname", "familyname", "emprnom", "nachname", "apellidos", "patronlastname"}},
	{fieldPatronFirst, []string{"patronfirst", "firstname", "givenname", "firstgivenname", "emprprenom", "vorname", "prénom", "prenom", "nombre", "patronfirstname"}},
	{fieldPatronName, []string{"patronname", "patron", "member", "borrower", "name", "fullname", "student", "studentname", "borrowername", "leser", "lecteur", "emprunteur", "lector"}},
	{fieldPatronEmail, []string{"patronemail", "email", "emailaddress", "studentemail", "primaryemail", "emailprimary", "emprmail"}},
	{fieldTitle, []string{"title", "biblio.title", "itemtitle", "booktitle", "resourcetitle", "titel", "titre", "título", "titulo"}},
	{fieldAuthor, []string{"author", "biblio.author", "itemauthor", "autor", "auteur", "verfasser"}}, //nolint:misspell // German and Spanish
	{fieldBarcode, []string{"barcode", "itembarcode", "copybarcode", "itemnumber", "accession", "accessionnumber", "accessionno", "copynumber", "explcb", "biblio.barcode", "itemnum", "exemplarnummer", "mediennummer", "exemplaire", "ejemplar"}},
	{fieldCallNumber, []string{"callnumber", "itemcallnumber", "callno", "shelfmark", "signatur", "cote", "signatura"}},
	{fieldDue, []string{"due", "duedate", "datedue", "duedt", "dateduedate", "duebackdate", "returndate", "fällig", "faellig", "fälligam", "rückgabedatum", "leihfrist", "dateretour", "dateretourprévue", "fechadevolución", "vencimiento", "pretretour"}},
	{fieldIssued, []string{"issued", "issuedate", "out", "dateout", "checkoutdate", "dateissued", "loandate", "checkedout", "ausgeliehenam", "ausleihdatum", "datedeprêt", "datepret", "pretdate", "fechapréstamo"}},
	{fieldPrice, []string{"price", "replacementprice", "itemcost", "cost", "replacementcost", "preis", "prix", "precio"}},
}

// asked are the columns of which nobody can tell whose address they hold: each school names and fills them as it likes.
var asked = []string{
	"emailsecondary", "fieldemailsecondary", "secondaryemail", "email2", "email3", "email4", "email5",
	"fieldemail3", "fieldemail4", "fieldemail5", "alternateemail", "otheremail", "emailpro",
}

// secret are words in the names of columns whose values a notice never needs and that harm if they get about.
var secret = []string{
	"passw", "passwort", "motdepasse", "contraseña", "birth", "geburt", "naissance", "nacimiento", "gender", "geschlecht", "race", "ethn", "hispanic", "disab", "religi", "socialsec",
	"nationalid", "medical", "health", "allerg", "frlstatus", "freelunch", "iepstatus", "ellstatus", "lunch", "debarred", "borrowernotes", "phone", "mobile", "opacnote", "contactnote", "circnote",
}

var secretWhole = []string{"pin", "dob", "sex", "sexe", "ssn", "field_gender", "pwd", "sms", "fax", "telefon", "tel", "nino"}

// sensitive reports whether a column holds what a notice never needs.
func sensitive(header string) bool {
	h := fold(header)
	for _, w := range secret {
		if strings.Contains(h, w) {
			return true
		}
	}
	return slices.Contains(secretWhole, h)
}

func aliasesOf(kind data.RosterKind) []alias {
	if kind == data.RosterLoans {
		return loanAliases
	}
	return patronAliases
}

// known is how many of the headers are names seen in lists of either kind.
func known(headers []string) int {
	n := 0
	for _, h := range headers {
		if h := fold(strings.TrimSpace(h)); h != "" && knownNames[h] {
			n++
		}
	}
	return n
}

var knownNames = func() map[string]bool {
	m := map[string]bool{"pt01": true, "image": true, "birthdate": true, "password": true, "username": true, "middlename": true}
	for _, list := range [][]alias{patronAliases, loanAliases} {
		for _, a := range list {
			for _, n := range a.names {
				m[n] = true
			}
		}
	}
	for _, n := range asked {
		m[n] = true
	}
	for code := range alexandria {
		m[code] = true
	}
	return m
}()

// guessKind tells by the columns what a list holds.
func guessKind(headers []string) data.RosterKind {
	has := func(list []alias, fields ...string) bool {
		for _, a := range list {
			if !slices.Contains(fields, a.field) {
				continue
			}
			for _, h := range headers {
				if slices.Contains(a.names, fold(plainHeader(h))) {
					return true
				}
			}
		}
		return false
	}
	switch {
	case has(loanAliases, fieldDue) && has(loanAliases, fieldTitle, fieldBarcode):
		return data.RosterLoans
	case has(patronAliases, fieldCard) && has(patronAliases, fieldEmail, fieldGuardianEmail) && !has(patronAliases, fieldLast, fieldFirst, fieldName, fieldKey, fieldGroup):
		return data.RosterAddresses
	}
	return data.RosterPatrons
}

// plainHeader is a header without the number that tells it from others of the same name.
func plainHeader(h string) string {
	if at := strings.LastIndex(h, " ("); at > 0 && strings.HasSuffix(h, ")") {
		if n := h[at+2 : len(h)-1]; n != "" && strings.Trim(n, "0123456789") == "" {
			return h[:at]
		}
	}
	return h
}
