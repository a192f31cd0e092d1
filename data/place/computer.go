package place

import (
	"net"
	"net/netip"
	"os"
	"runtime"
)

// Computer is this computer as IT knows it: its name, its addresses in the school's network, and its system. What cannot be
// found out is empty.
func Computer() (name string, addresses []string, system string) {
	name, err := os.Hostname()
	if err != nil {
		name = ""
	}
	all, _ := net.InterfaceAddrs() // none is an answer, too
	for _, a := range all {
		p, err := netip.ParsePrefix(a.String())
		if err == nil && p.Addr().IsGlobalUnicast() {
			addresses = append(addresses, p.Addr().String())
		}
	}
	system = map[string]string{"windows": "Windows", "linux": "Linux"}[runtime.GOOS]
	return name, addresses, system + " (" + runtime.GOARCH + ")"
}
