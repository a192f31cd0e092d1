package place_test

import (
	"net/netip"
	"testing"

	"smtpgateway/data/place"
)

func TestComputer(t *testing.T) {
	name, addresses, system := place.Computer()
	t.Run("this computer has a name and a system", func(t *testing.T) {
		if name == "" || len(system) < 3 {
			t.Errorf("%q %q", name, system)
		}
	})
	t.Run("its addresses are those others in the school can reach", func(t *testing.T) {
		for _, a := range addresses {
			if ip, err := netip.ParseAddr(a); err != nil || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
				t.Errorf("%q", a)
			}
		}
	})
}
