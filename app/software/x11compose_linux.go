package software

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// composing makes letters of several keys: a dead key and a letter, or the key Compose and two.
type composing struct {
	accent  keysym // the dead key that was pressed
	compose bool   // Compose was pressed
	first   rune   // ... and then this
}

func (c *composing) forget() { *c = composing{} }

const signCompose, signBackspace, signEscape = 0xff20, 0xff08, 0xff1b

// cancelled: somebody takes back a dead key; the text stays as it is.
func (c *composing) cancelled(s keysym) bool {
	if (s != signBackspace && s != signEscape) || *c == (composing{}) {
		return false
	}
	c.forget()
	return true
}

// add takes the sign of the next key and gives the letters that are to be written now.
func (c *composing) add(s keysym) []rune {
	r := letterOf(s)
	_, isDead := accents[s]
	switch {
	case s == signCompose:
		*c = composing{compose: true}
		return nil
	case c.compose:
		return c.pair(r)
	case c.accent != 0:
		before := accents[c.accent]
		again := s == c.accent
		c.forget()
		switch {
		case again:
			return []rune{before.alone}
		case isDead:
			c.accent = s
			return []rune{before.alone}
		case r == 0:
			return nil
		case r == ' ' || r == 0xa0:
			return []rune{before.blank}
		}
		if composed := before.on(r); composed != 0 {
			return []rune{composed}
		}
		return []rune{before.alone, r}
	case isDead:
		c.accent = s
	case r >= ' ':
		return []rune{r}
	}
	return nil
}

// pair takes what follows the key Compose: two signs in either order.
func (c *composing) pair(r rune) []rune {
	if r == 0 {
		c.forget()
		return nil
	}
	if c.first == 0 {
		c.first = r
		return nil
	}
	first := c.first
	c.forget()
	for _, two := range []string{string([]rune{first, r}), string([]rune{r, first})} {
		if made, ok := pairs[two]; ok {
			return []rune{made}
		}
	}
	for _, two := range [][2]rune{{first, r}, {r, first}} {
		if a, ok := composeAccents[two[0]]; ok {
			if made := accents[a].on(two[1]); made != 0 {
				return []rune{made}
			}
		}
	}
	return nil // as everywhere: what makes no letter is not written
}

// accent is a dead key: how it is written on a letter, alone, and with the space bar.
type accent struct {
	combining, alone, blank rune
	others                  map[rune]rune // letters that Unicode does not take for a letter with this accent
}

// on puts the accent on a letter; 0 if there is no such letter.
func (a accent) on(letter rune) rune {
	if r, ok := a.others[letter]; ok {
		return r
	}
	if a.combining == 0 {
		return 0
	}
	made, size := utf8.DecodeRuneInString(norm.NFC.String(string([]rune{letter, a.combining})))
	if size != len(norm.NFC.String(string([]rune{letter, a.combining}))) {
		return 0
	}
	return made
}

// accents are the dead keys of European keyboards, by their numbers. What they write alone and with the space bar is what
// they write in other programs.
var accents = map[keysym]accent{
	0xfe50: {combining: 0x300, alone: '`', blank: '`'},
	0xfe51: {combining: 0x301, alone: '´', blank: '\''},
	0xfe52: {combining: 0x302, alone: '^', blank: '^'},
	0xfe53: {combining: 0x303, alone: '~', blank: '~'},
	0xfe54: {combining: 0x304, alone: '¯', blank: '¯'},
	0xfe55: {combining: 0x306, alone: '˘', blank: '˘'},
	0xfe56: {combining: 0x307, alone: '˙', blank: '˙', others: map[rune]rune{'i': 'ı'}},
	0xfe57: {combining: 0x308, alone: '¨', blank: '"'},
	0xfe58: {combining: 0x30a, alone: '°', blank: '°'},
	0xfe59: {combining: 0x30b, alone: '˝', blank: '˝'},
	0xfe5a: {combining: 0x30c, alone: 'ˇ', blank: 'ˇ'},
	0xfe5b: {combining: 0x327, alone: '¸', blank: '¸'},
	0xfe5c: {combining: 0x328, alone: '˛', blank: '˛'},
	0xfe60: {combining: 0x323, alone: 0x323, blank: 0x323},
	0xfe61: {combining: 0x309, alone: 0x309, blank: 0x309},
	0xfe62: {combining: 0x31b, alone: 0x31b, blank: 0x31b},
	0xfe63: {alone: '/', blank: '/', others: map[rune]rune{
		'b': 'ƀ', 'B': 'Ƀ', 'd': 'đ', 'D': 'Đ', 'g': 'ǥ', 'G': 'Ǥ', 'h': 'ħ', 'H': 'Ħ', 'i': 'ɨ', 'I': 'Ɨ', 'l': 'ł', 'L': 'Ł', 'o': 'ø', 'O': 'Ø', 't': 'ŧ', 'T': 'Ŧ', 'z': 'ƶ', 'Z': 'Ƶ',
	}},
	0xfe66: {combining: 0x30f, alone: 0x30f, blank: 0x30f},
	0xfe6d: {combining: 0x311, alone: 0x311, blank: 0x311},
	0xfe6e: {combining: 0x326, alone: ',', blank: ','},
	0xfe6f: {alone: '¤', blank: '¤', others: map[rune]rune{'c': '¢', 'e': '€', 'E': '€', 'l': '£', 'L': '£', 'y': '¥', 'Y': '¥', 'f': 'ƒ', 'p': '₧', 'w': '₩'}},
}

// composeAccents are the signs that stand for a dead key after Compose.
var composeAccents = map[rune]keysym{
	'`': 0xfe50, '\'': 0xfe51, '^': 0xfe52, '>': 0xfe52, '~': 0xfe53, '-': 0xfe53, '_': 0xfe54, 'b': 0xfe55, '.': 0xfe56, '"': 0xfe57, '*': 0xfe58, 'o': 0xfe58,
	'=': 0xfe59, 'c': 0xfe5a, '<': 0xfe5a, ',': 0xfe5b, ';': 0xfe5c, '!': 0xfe60, '/': 0xfe63,
}

// pairs are the letters that are made of two others.
var pairs = map[string]rune{
	"ss": 'ß', "SS": 'ẞ', "ae": 'æ', "AE": 'Æ', "oe": 'œ', "OE": 'Œ', "aa": 'å', "AA": 'Å', "dh": 'ð', "DH": 'Ð', "th": 'þ', "TH": 'Þ', "i.": 'ı', "ij": 'ĳ',
	"=e": '€', "=E": '€', "=c": '€', "=C": '€', "-l": '£', "-L": '£', "=y": '¥', "=Y": '¥', "|c": '¢', "oc": '©', "or": '®', "tm": '™', "so": '§', "p!": '¶',
	"<<": '«', ">>": '»', "<'": '‘', ">'": '’', "<\"": '“', ">\"": '”', ",\"": '„', ",'": '‚', "..": '…', "??": '¿', "!!": '¡', "oo": '°', "mu": 'µ',
	"+-": '±', "xx": '×', ":-": '÷', "^1": '¹', "^2": '²', "^3": '³', "12": '½', "14": '¼', "34": '¾', "--": '–', "  ": 0xa0,
}
