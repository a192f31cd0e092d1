package control

import (
	"context"
	"errors"
	"slices"
	"sort"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// groupName is the local group of those who work with the window.
const groupName = "SMTP Gateway Users"

// Rights: query, start, stop, interrogate and read the rights of a service; change files without "delete child", so
// that a file with rights of its own cannot be removed; read files.
const (
	startAndStop = windows.SERVICE_QUERY_CONFIG | windows.SERVICE_QUERY_STATUS | windows.SERVICE_ENUMERATE_DEPENDENTS |
		windows.SERVICE_START | windows.SERVICE_STOP | windows.SERVICE_INTERROGATE | windows.READ_CONTROL
	modify   = windows.ACCESS_MASK(0x1301bf)
	readOnly = windows.FILE_GENERIC_READ | windows.FILE_GENERIC_EXECUTE
)

// AddAccess lets a person work with the window: they may read and write the data and start and stop the service, at
// once and by their own SID, whatever groups they are in. What they should know comes back as a sentence.
func AddAccess(_ context.Context, l Layout, person string) (note string, err error) {
	sid, err := lookUp(person)
	if err != nil {
		return "", err
	}
	if err := eachRight(l, func(name string, kind windows.SE_OBJECT_TYPE, mask windows.ACCESS_MASK, inherit uint32) error {
		return allow(name, kind, sid, mask, inherit)
	}); err != nil {
		return "", refused("change who has access", err)
	}
	return person + " has access at once.", nil
}

// RemoveAccess takes it back, also from an account that is gone and is listed by its identifier.
func RemoveAccess(_ context.Context, l Layout, person string) (note string, err error) {
	sid, err := lookUp(person)
	if strings.HasPrefix(person, identifier) {
		sid, err = windows.StringToSid(person)
	}
	if err != nil {
		return "", err
	}
	if err := eachRight(l, func(name string, kind windows.SE_OBJECT_TYPE, _ windows.ACCESS_MASK, _ uint32) error {
		return change(name, kind, sid, 0, windows.NO_INHERITANCE, windows.REVOKE_ACCESS)
	}); err != nil {
		return "", refused("change who has access", err)
	}
	return person + " has no access any more, unless as a member of " + groupName + ".", nil
}

// ListAccess names the people and groups who have access.
func ListAccess(_ context.Context, l Layout) ([]string, error) {
	descriptor, err := windows.GetNamedSecurityInfo(l.Data, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return nil, refused("see who has access", err)
	}
	list, _, err := descriptor.DACL()
	if err != nil || list == nil {
		return nil, refused("see who has access", errors.Join(err, windows.ERROR_INVALID_ACL))
	}
	return peopleIn(list), nil
}

// peopleIn names those a list of rights lets in, but for the system, administrators and the service.
func peopleIn(list *windows.ACL) (people []string) {
	for i := range uint32(list.AceCount) {
		var entry *windows.ACCESS_ALLOWED_ACE
		if windows.GetAce(list, i, &entry) != nil || entry.Header.AceType != windows.ACCESS_ALLOWED_ACE_TYPE {
			continue
		}
		sid := (*windows.SID)(unsafe.Pointer(&entry.SidStart)) //nolint:gosec // where the system puts it
		if sid.IsWellKnown(windows.WinLocalSystemSid) || sid.IsWellKnown(windows.WinBuiltinAdministratorsSid) {
			continue
		}
		if name := nameOf(sid); !strings.HasPrefix(sid.String(), serviceSIDs) && !slices.Contains(people, name) {
			people = append(people, name)
		}
	}
	sort.Strings(people)
	return people
}

// How identifiers begin, and those of services, whatever the language of the system calls them.
const (
	identifier  = "S-1-"
	serviceSIDs = "S-1-5-80-"
)

// nameOf is a name that lookUp finds again: with the domain, unless that is this computer. Of an account that is gone only its
// identifier is left.
func nameOf(sid *windows.SID) string {
	name, domain, _, err := sid.LookupAccount("")
	if err != nil {
		return sid.String()
	}
	if here, err := windows.ComputerName(); domain == "" || err == nil && strings.EqualFold(domain, here) {
		return name
	}
	return domain + `\` + name
}

func lookUp(person string) (*windows.SID, error) {
	sid, _, _, err := windows.LookupSID("", person)
	if err != nil || person == "" {
		return nil, &Error{Code: "not-found", Sentence: "There is nobody called " + oneLine(person) + " on this computer.", Next: "Give the name used for signing in, for example SCHOOL\\m.lee.", Err: err}
	}
	return sid, nil
}

// eachRight goes through what a person with access may use.
func eachRight(l Layout, do func(name string, kind windows.SE_OBJECT_TYPE, mask windows.ACCESS_MASK, inherit uint32) error) error {
	const below = windows.SUB_CONTAINERS_AND_OBJECTS_INHERIT
	return errors.Join(
		do(l.Data, windows.SE_FILE_OBJECT, modify, below),
		do(l.Folder, windows.SE_FILE_OBJECT, modify, below),
		do(Name, windows.SE_SERVICE, startAndStop, windows.NO_INHERITANCE),
	)
}

// allow adds a right to those an object has.
func allow(name string, kind windows.SE_OBJECT_TYPE, sid *windows.SID, mask windows.ACCESS_MASK, inherit uint32) error {
	return change(name, kind, sid, mask, inherit, windows.GRANT_ACCESS)
}

func change(name string, kind windows.SE_OBJECT_TYPE, sid *windows.SID, mask windows.ACCESS_MASK, inherit uint32, mode windows.ACCESS_MODE) error {
	descriptor, err := windows.GetNamedSecurityInfo(name, kind, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return err
	}
	list, _, err := descriptor.DACL()
	if err != nil {
		return err
	}
	list, err = windows.ACLFromEntries([]windows.EXPLICIT_ACCESS{{
		AccessPermissions: mask, AccessMode: mode, Inheritance: inherit,
		Trustee: windows.TRUSTEE{TrusteeForm: windows.TRUSTEE_IS_SID, TrusteeType: windows.TRUSTEE_IS_UNKNOWN, TrusteeValue: windows.TrusteeValueFromSID(sid)},
	}}, list)
	if err != nil {
		return err
	}
	return windows.SetNamedSecurityInfo(name, kind, windows.DACL_SECURITY_INFORMATION, nil, nil, list, nil)
}

// localGroup is LOCALGROUP_INFO_1 of the network management functions.
type localGroup struct{ name, comment *uint16 }

// makeGroup makes the local group where it is missing.
func makeGroup() error {
	if _, _, _, err := windows.LookupSID("", groupName); err == nil {
		return nil
	}
	name, err := windows.UTF16PtrFromString(groupName)
	if err != nil {
		return err
	}
	comment, err := windows.UTF16PtrFromString("May work with SMTP Gateway: its settings, its queue, start and stop.")
	if err != nil {
		return err
	}
	add := windows.NewLazySystemDLL("netapi32.dll").NewProc("NetLocalGroupAdd")
	if err := add.Find(); err != nil {
		return err
	}
	info := localGroup{name, comment}
	const alias, group = windows.Errno(1379), windows.Errno(2223)   // it exists already, in both dialects
	code, _, _ := add.Call(0, 1, uintptr(unsafe.Pointer(&info)), 0) //nolint:gosec // as the system wants it
	if e := windows.Errno(code); code != 0 && e != alias && e != group {
		return e
	}
	return nil
}

func checkPerson(_ context.Context, person string) error {
	_, err := lookUp(person)
	return err
}
