package data

import (
	"regexp"
	"slices"
	"strings"
)

var addressText = regexp.MustCompile(`[^\s<>"',;:()\[\]]+@[^\s<>"',;:()\[\]]+`)

// MaskAddresses hides the part before the @ of every address in a text but those given: IT needs the domain and the server's
// answer, not the child.
func MaskAddresses(text string, own ...string) string {
	return addressText.ReplaceAllStringFunc(text, func(a string) string {
		if slices.ContainsFunc(own, func(o string) bool { return o != "" && strings.EqualFold(o, strings.TrimRight(a, ".")) }) {
			return a
		}
		return "***" + a[strings.LastIndexByte(a, '@'):]
	})
}

// OwnAddresses are those of the library itself, which need no mask.
func (s *Settings) OwnAddresses() []string {
	return []string{s.From.Address, s.TestTo, s.From.ReplyTo, s.Server1.User, s.Server2.User}
}
