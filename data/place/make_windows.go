package place

import (
	"crypto/sha1" //nolint:gosec // the system's own rule for the SID of a service
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"
)

// makeFolder creates one folder with the rights of its duty. The descriptor is part of the creation, so there is no
// moment in which somebody else could slip something in; a folder of the installed place that is already there gets
// owner and rights set again.
func (p Place) makeFolder(path string, d duty) error {
	exists, err := refuseOther(path)
	if err != nil {
		return err
	}
	descriptor, err := p.descriptor(d)
	if err != nil {
		return noAccess(path, err)
	}
	if exists {
		return p.repair(path, descriptor)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // modes mean nothing here: the folder inherits its rights
		return noAccess(path, err)
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return noAccess(path, err)
	}
	attributes := windows.SecurityAttributes{SecurityDescriptor: descriptor}
	attributes.Length = uint32(unsafe.Sizeof(attributes))
	err = windows.CreateDirectory(name, &attributes)
	if errors.Is(err, windows.ERROR_ALREADY_EXISTS) {
		return p.makeFolder(path, d) // somebody was faster: look at what it is
	}
	if err != nil {
		return noAccess(path, err)
	}
	return nil
}

// repair takes back a folder of the installed place: anyone may create folders in ProgramData, so its owner may be a
// stranger who kept rights. Only an administrator can; the service finds the folder as the installer left it.
func (p Place) repair(path string, descriptor *windows.SECURITY_DESCRIPTOR) error {
	if !p.Installed || !windows.GetCurrentProcessToken().IsElevated() {
		return nil
	}
	owner, _, err := descriptor.Owner()
	if err != nil {
		return noAccess(path, err)
	}
	list, _, err := descriptor.DACL()
	if err != nil {
		return noAccess(path, err)
	}
	// Extra people who were given access by name are kept by the caller of control's access, which adds them again.
	if current, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION); err == nil {
		if sid, _, err := current.Owner(); err == nil && sid != nil && sid.Equals(owner) {
			return nil // ours: what was added to its rights since stays
		}
	}
	err = windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT,
		windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION,
		owner, nil, list, nil)
	if err != nil {
		return noAccess(path, err)
	}
	return nil
}

// descriptor is the protected security descriptor of a folder: nothing is inherited from above, everything below
// inherits it. 0x1301bf is Modify without "delete child".
func (p Place) descriptor(d duty) (*windows.SECURITY_DESCRIPTOR, error) {
	var sddl strings.Builder
	sddl.WriteString("D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)")
	if !p.Installed {
		user, err := windows.GetCurrentProcessToken().GetTokenUser()
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&sddl, "(A;OICI;FA;;;%s)", user.User.Sid)
		return windows.SecurityDescriptorFromString(sddl.String())
	}
	group, _, _, err := windows.LookupSID("", WindowsGroup)
	members := err == nil
	switch d {
	case shared:
		fmt.Fprintf(&sddl, "(A;OICI;0x1301bf;;;%s)", ServiceSID(WindowsService))
		if members {
			fmt.Fprintf(&sddl, "(A;OICI;0x1301bf;;;%s)", group)
		}
	case private:
		// Its files say for themselves who may read them: see secret.
		fmt.Fprintf(&sddl, "(A;OICI;FA;;;%s)", ServiceSID(WindowsService))
	case logs:
		fmt.Fprintf(&sddl, "(A;OICI;0x1301bf;;;%s)", ServiceSID(WindowsService))
		if members {
			fmt.Fprintf(&sddl, "(A;OICI;FR;;;%s)(A;CI;FRFX;;;%s)", group, group)
		}
	}
	prefix := ""
	if windows.GetCurrentProcessToken().IsElevated() {
		prefix = "O:BAG:BA" // only an administrator may hand the folder to the administrators
	}
	return windows.SecurityDescriptorFromString(prefix + sddl.String())
}

// Adopt has nothing to do here: a file has the rights of its folder, whoever made it.
func (p Place) Adopt() error { return nil }

// ServiceSID is the security identifier of a service by its name. It is known before the service is registered: five
// words of the SHA-1 of the name in capitals.
func ServiceSID(name string) string {
	wide := utf16.Encode([]rune(strings.ToUpper(name)))
	raw := make([]byte, 0, 2*len(wide))
	for _, c := range wide {
		raw = binary.LittleEndian.AppendUint16(raw, c)
	}
	sum := sha1.Sum(raw) //nolint:gosec // see the import
	var b strings.Builder
	b.WriteString("S-1-5-80")
	for i := 0; i < len(sum); i += 4 {
		fmt.Fprintf(&b, "-%d", binary.LittleEndian.Uint32(sum[i:]))
	}
	return b.String()
}

// inherit is for systems where root makes files for others; here a new file has the rights of its folder.
func inherit(*os.File, string) error { return nil }
