package secret

import (
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// guard gives a new file of the key folder its rights: the private half for the service's account alone, as it
// inherits them from the folder, the public one readable by whoever may sign in here.
func guard(f *os.File, _ string, who audience) error {
	if who == private {
		return nil
	}
	descriptor, err := windows.GetNamedSecurityInfo(f.Name(), windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return err
	}
	list, _, err := descriptor.DACL()
	if err != nil {
		return err
	}
	users, err := windows.CreateWellKnownSid(windows.WinAuthenticatedUserSid)
	if err != nil {
		return err
	}
	list, err = windows.ACLFromEntries([]windows.EXPLICIT_ACCESS{{
		AccessPermissions: windows.GENERIC_READ,
		AccessMode:        windows.GRANT_ACCESS,
		Trustee: windows.TRUSTEE{
			TrusteeForm: windows.TRUSTEE_IS_SID, TrusteeType: windows.TRUSTEE_IS_WELL_KNOWN_GROUP,
			TrusteeValue: windows.TrusteeValueFromSID(users),
		},
	}}, list)
	if err != nil {
		return err
	}
	return windows.SetNamedSecurityInfo(f.Name(), windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION, nil, nil, list, nil)
}

// protection is the scope of DPAPI: the computer, as the service's account has no profile that could be counted on.
// Every program here could unwrap with the install id; the file's rights keep it from reading the file.
const protection = windows.CRYPTPROTECT_LOCAL_MACHINE | windows.CRYPTPROTECT_UI_FORBIDDEN

// wrap binds the key to this computer, so that a copy of the disk's files opens nothing elsewhere.
func wrap(key, id []byte) ([]byte, error) {
	var out windows.DataBlob
	if err := windows.CryptProtectData(blob(key), nil, blob(id), 0, nil, protection, &out); err != nil {
		return nil, err
	}
	return take(out), nil
}

// unwrap undoes wrap.
func unwrap(wrapped, id []byte) ([]byte, error) {
	var out windows.DataBlob
	if err := windows.CryptUnprotectData(blob(wrapped), nil, blob(id), 0, nil, protection, &out); err != nil {
		return nil, err
	}
	return take(out), nil
}

func blob(b []byte) *windows.DataBlob {
	return &windows.DataBlob{Size: uint32(len(b)), Data: unsafe.SliceData(b)} //nolint:gosec // keys are short
}

// take copies what the system allocated and frees it, wiped.
func take(b windows.DataBlob) []byte {
	theirs := unsafe.Slice(b.Data, b.Size) //nolint:gosec // the system says how much it allocated
	ours := append([]byte(nil), theirs...)
	clear(theirs)
	_, _ = windows.LocalFree(windows.Handle(unsafe.Pointer(b.Data))) //nolint:gosec // its own way to free
	return ours
}

// syncDir has nothing to ask for: NTFS keeps a journal of names.
func syncDir(string) error { return nil }
