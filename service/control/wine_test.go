//go:build linux

package control_test

import (
	"os"
	"testing"
)

// TestWindows runs the Windows program as a Windows service under Wine.
func TestWindows(t *testing.T) {
	needs(t, false, "x86_64-w64-mingw32-gcc", "python3")
	if _, err := os.Stat("/usr/lib/wine/wine64"); err != nil {
		missing(t, "needs the Debian packages wine and wine64")
	}
	script(t, "wine.sh", build(t, "windows"))
}
