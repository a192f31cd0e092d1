package letter

import (
	"math/big"
	"regexp"
	"strings"

	"smtpgateway/data"
)

// price is an amount as a file has it: whole and decimal digits, and what stands around them.
var price = regexp.MustCompile(`^([^0-9.,+()-]{0,5}?)\s*([0-9]{1,9})(?:([.,])([0-9]{1,2}))?\s*([^0-9.,+()-]{0,5})$`)

// thousands is an amount whose thousands are parted.
var thousands = regexp.MustCompile(`[0-9]{1,3}(?:(?:,[0-9]{3})+\.[0-9]{2}|(?:\.[0-9]{3})+,[0-9]{2}|(?:['’\x{a0}\x{202f} ][0-9]{3})+[.,][0-9]{2})`)

// total adds up what loans cost, written as the first one is. Empty: a price is missing, zero or cannot be read, or they
// are not all written in one form, so that nobody can be sure that they are one currency.
func total(loans []data.Loan) string {
	var form [2]string // before and behind the amount
	var point, blankBefore, blankBehind string
	sum := new(big.Int)
	for i := range loans {
		m := price.FindStringSubmatch(unparted(strings.TrimSpace(loans[i].Price)))
		if m == nil {
			return ""
		}
		before, behind := strings.TrimSpace(m[1]), strings.TrimSpace(m[5])
		if i == 0 {
			form = [2]string{before, behind}
			blankBefore, blankBehind = blanks(loans[i].Price, before, behind)
		}
		if form != [2]string{before, behind} || point != "" && m[3] != "" && m[3] != point {
			return ""
		}
		if m[3] != "" {
			point = m[3]
		}
		cents, _ := new(big.Int).SetString(m[2]+(m[4] + "00")[:2], 10)
		if cents == nil || cents.Sign() == 0 {
			return ""
		}
		sum.Add(sum, cents)
	}
	if sum.Sign() == 0 {
		return ""
	}
	digits := sum.String()
	for len(digits) < 3 {
		digits = "0" + digits
	}
	whole, decimals := digits[:len(digits)-2], digits[len(digits)-2:]
	if point != "" {
		whole += point + decimals
	}
	return form[0] + blankBefore + whole + blankBehind + form[1]
}

// unparted takes the marks between thousands out, where the decimals show which is which.
func unparted(s string) string {
	return thousands.ReplaceAllStringFunc(s, func(n string) string {
		last := strings.LastIndexAny(n, ".,")
		return strings.NewReplacer(".", "", ",", "", "'", "", "’", "", " ", "", "\u00a0", "", "\u202f", "").Replace(n[:last]) + n[last:]
	})
}

// blanks says which blanks stand between the currency and the amount.
func blanks(s, before, behind string) (first, second string) {
	s = strings.TrimSpace(s)
	if before != "" && strings.HasPrefix(strings.TrimPrefix(s, before), " ") {
		first = " "
	}
	if behind != "" && strings.HasSuffix(strings.TrimSuffix(s, behind), " ") {
		second = " "
	}
	return first, second
}
