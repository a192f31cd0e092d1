package software

import (
	"unicode"

	"golang.org/x/text/encoding/charmap"
)

// letterOf is the letter that a sign of a key writes, 0 if it writes none. Appendix A of the X protocol numbers letters by
// the character sets of their time, and all others by Unicode.
func letterOf(s keysym) rune {
	const unicodeSigns = 0x01000000
	switch {
	case s >= 0x20 && s <= 0x7e, s >= 0xa0 && s <= 0xff: // Latin-1
		return rune(s)
	case s >= unicodeSigns+0x100 && s <= unicodeSigns+unicode.MaxRune:
		return rune(s - unicodeSigns)
	case s >= 0xffaa && s <= 0xffb9, s == 0xffbd: // of the number pad
		return rune(s - 0xff80)
	case s == 0xff80:
		return ' '
	case s >= 0x20a0 && s <= 0x20ac: // currencies
		return rune(s)
	}
	if r, ok := someLetters[s]; ok {
		return r
	}
	if set, ok := sets[s>>8]; ok && s&0xff >= 0xa0 {
		if r := set.DecodeByte(byte(s)); r != unicode.ReplacementChar { //nolint:gosec // the lower byte
			return r
		}
	}
	return 0
}

func large(s keysym) rune { return unicode.ToUpper(letterOf(s)) }

// numberPad: digits and what stands beside them there.
func numberPad(s keysym) bool { return s >= 0xffaa && s <= 0xffb9 }

// sets are the character sets of which the second byte of a number tells one; someLetters goes before.
var sets = map[keysym]*charmap.Charmap{
	0x01: charmap.ISO8859_2, 0x02: charmap.ISO8859_3, 0x03: charmap.ISO8859_4, 0x05: charmap.ISO8859_6, 0x06: charmap.KOI8R, 0x07: charmap.ISO8859_7,
	0x0c: charmap.ISO8859_8, 0x0d: charmap.Windows874, 0x12: charmap.ISO8859_14, 0x13: charmap.ISO8859_15,
}

// someLetters are those whose numbers keep to no character set: Greek letters with an accent, Cyrillic ones beside the
// Russian, and signs of typesetters and mathematicians.
var someLetters = func() map[keysym]rune {
	letters := map[keysym]rune{}
	for first, row := range map[keysym]string{
		0x6a1: "ђѓёєѕіїјљњћќґўџ№ЂЃЁЄЅІЇЈЉЊЋЌҐЎЏ",
		0x7a1: "ΆΈΉΊΪ", 0x7a7: "Ό", 0x7a8: "Ύ", 0x7a9: "Ϋ", 0x7ab: "Ώ", 0x7ae: "΅―", 0x7b1: "άέήίϊΐόύϋΰώ",
		0x7c1: "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣ", 0x7d4: "ΤΥΦΧΨΩ", 0x7e1: "αβγδεζηθικλμνξοπρσςτυφχψω",
		0x8bc: "≤≠≥∫∴∝∞", 0x8c5: "∇", 0x8c8: "∼≃", 0x8cd: "⇔⇒≡", 0x8d6: "√", 0x8da: "⊂⊃∩∪∧∨", 0x8ef: "∂", 0x8f6: "ƒ", 0x8fb: "←↑→↓", 0x3a2: "ĸ",
		0xaa1: "\u2003\u2002\u2004\u2005\u2007\u2008\u2009\u200a—–", 0xaae: "…‥⅓⅔⅕⅖⅗⅘⅙⅚℅", 0xabb: "‒", 0xac3: "⅛⅜⅝⅞", 0xac9: "™", 0xad0: "‘’“”℞‰′″",
		0xae6: "•", 0xaec: "♣♦♥", 0xaf1: "†‡✓✗♯♭♂♀", 0xafd: "‚„",
	} {
		for _, r := range row {
			letters[first] = r
			first++
		}
	}
	return letters
}()

// latin1 writes a text in the character set of the X protocol of 1987, with question marks for what it lacks.
func latin1(text string) string {
	b := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 0xff {
			r = '?'
		}
		b = append(b, byte(r)) //nolint:gosec // see above
	}
	return string(b)
}
