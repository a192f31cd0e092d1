package control

import (
	"slices"
	"testing"

	"golang.org/x/sys/windows"
)

// TestPeople is run under Wine, too: installer/ci/wine.sh does that.
func TestPeople(t *testing.T) {
	sid := func(text string) *windows.SID {
		t.Helper()
		s, err := windows.StringToSid(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	const gone = "S-1-5-21-1111111111-2222222222-3333333333-1001"
	var entries []windows.EXPLICIT_ACCESS
	for _, text := range []string{"S-1-5-18", "S-1-5-32-544", "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464", "S-1-5-20", gone} {
		entries = append(entries, windows.EXPLICIT_ACCESS{
			AccessPermissions: modify, AccessMode: windows.GRANT_ACCESS,
			Trustee: windows.TRUSTEE{TrusteeForm: windows.TRUSTEE_IS_SID, TrusteeType: windows.TRUSTEE_IS_UNKNOWN, TrusteeValue: windows.TrusteeValueFromSID(sid(text))},
		})
	}
	list, err := windows.ACLFromEntries(entries, nil)
	if err != nil {
		t.Fatal(err)
	}
	people := peopleIn(list)
	t.Run("system, administrators and the service are no people", func(t *testing.T) {
		if len(people) != 2 {
			t.Fatalf("%q", people)
		}
	})
	t.Run("an account that is gone is listed by its identifier", func(t *testing.T) {
		if !slices.Contains(people, gone) {
			t.Errorf("%q", people)
		}
	})
	t.Run("somebody of a domain is found again by the name in the list", func(t *testing.T) {
		for _, name := range people {
			if name == gone {
				continue
			}
			if found, err := lookUp(name); err != nil || found.String() != "S-1-5-20" {
				t.Errorf("%q is %v, %v", name, found, err)
			}
			if !slices.Contains([]byte(name), '\\') {
				t.Errorf("%q has no domain", name)
			}
		}
	})
}
