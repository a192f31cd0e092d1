package place_test

import (
	"testing"

	"smtpgateway/data/place"
)

func TestServiceSID(t *testing.T) {
	// The one every Windows has, as its documentation and every file of the system show it.
	const want = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
	if got := place.ServiceSID("TrustedInstaller"); got != want {
		t.Fatalf("ServiceSID = %s, want %s", got, want)
	}
}
