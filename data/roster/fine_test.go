package roster

import (
	"math/rand/v2"
	"testing"

	"smtpgateway/data"
)

// A cell that is taken as it is must be one that cleaning would have left as it is.
func TestCellsTakenAsTheyAreNeedNoCleaning(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	signs := []rune("aZ09.,;-éßøŁ佐健ا \t\n\u00a0\u200b\u00ad\u2028\u0301\ufeff\u202e\ufffd\x7f\x00\x1e")
	taken := 0
	for range 200_000 {
		text := make([]rune, r.IntN(6))
		for i := range text {
			text[i] = signs[r.IntN(len(signs))]
		}
		s := string(text)
		if r.IntN(20) == 0 {
			s += string([]byte{0x80 + byte(r.IntN(0x80))})
		}
		if len(s) == 0 || s[0] == ' ' || s[len(s)-1] == ' ' || !fine(s) {
			continue
		}
		taken++
		if clean(s) != s || data.Clean(s, maxValue) != s {
			t.Fatalf("%q is taken as it is, and cleaned it would be %q", s, data.Clean(s, maxValue))
		}
	}
	if taken < 1000 {
		t.Fatalf("only %d cells were taken as they are", taken)
	}
}
