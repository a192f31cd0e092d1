package roster_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"smtpgateway/data/roster"
)

func TestLookExamples(t *testing.T) {
	t.Run("a value far down in a column is its example; secret columns have none", func(t *testing.T) {
		text := "Card,Surname,Guardian,Password,Empty\n"
		for i := range 30 {
			guardian := ""
			if i == 9 {
				guardian = "berg@home.test"
			}
			text += fmt.Sprintf("%d,Berg,%s,hush,\n", i+1, guardian)
		}
		l := open(t, file(t, "a.csv", text), roster.Options{}).Look()
		if !slices.Equal(l.Examples, []string{"1", "Berg", "berg@home.test", "", ""}) || strings.Contains(fmt.Sprint(l), "hush") {
			t.Errorf("%q", l.Examples)
		}
	})
}
