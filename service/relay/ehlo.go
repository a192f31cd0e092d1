package relay

import (
	"net"
	"net/netip"
	"strings"

	"smtpgateway/data"
)

// ehloName is how we introduce ourselves (RFC 5321 4.1.1.1): the setting; else this computer's name if it is a whole
// domain name; else the address of our end of the connection. Many servers refuse a bare or made-up name, none a true
// address.
func ehloName(setting, computer string, local net.Addr) string {
	if setting != "" {
		return setting
	}
	if name, err := data.CanonicalHost(computer); err == nil && wholeDomain(name) {
		return name
	}
	return addressLiteral(local)
}

// wholeDomain tells a domain name from a bare computer name, from numbers and from the names every computer has.
func wholeDomain(name string) bool {
	i := strings.LastIndexByte(name, '.')
	if i < 1 {
		return false
	}
	top := name[i+1:]
	return top != "localdomain" && top != "local" && strings.Trim(top, "0123456789") != ""
}

// addressLiteral writes an address as RFC 5321 4.1.3 has it.
func addressLiteral(a net.Addr) string {
	if a != nil {
		if p, err := netip.ParseAddrPort(a.String()); err == nil {
			ip := p.Addr().Unmap().WithZone("")
			if ip.Is4() {
				return "[" + ip.String() + "]"
			}
			return "[IPv6:" + ip.String() + "]"
		}
	}
	return "[127.0.0.1]"
}
