package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows/registry"
)

// Where Windows keeps what a person chose for mailto addresses, and where programs say that they take them.
const (
	mailtoChoice = `Software\Microsoft\Windows\Shell\Associations\UrlAssociations\mailto\UserChoice`
	mailtoClass  = "mailto"
)

// MailProgram says which program writes mail when a mailto address is opened: the one the person chose, or the one that is
// registered for such addresses. Without one Windows does nothing, or asks in a box of its own.
func (d *desktop) MailProgram() (name string, ok bool) {
	return mailProgram(registry.CURRENT_USER, registry.CLASSES_ROOT)
}

func mailProgram(person, classes registry.Key) (name string, ok bool) {
	if chosen := registryText(person, mailtoChoice, "ProgId"); chosen != "" {
		if name, ok := opens(classes, chosen); ok {
			return name, true
		}
	}
	return opens(classes, mailtoClass)
}

// opens gives the name of the program that opens a class, and whether there is one: a command, or a program of the Store,
// which Windows starts by its name.
func opens(classes registry.Key, class string) (name string, ok bool) {
	command := registryText(classes, class+`\shell\open\command`, "")
	if command == "" && registryText(classes, class+`\shell\open\command`, "DelegateExecute") == "" &&
		registryText(classes, class+`\shell\open`, "PackageId") == "" {
		return "", false
	}
	if path := commandPath(command); filepath.IsAbs(path) {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return "", false // removed, and its entry left behind
		}
	}
	name = registryText(classes, class+`\Application`, "ApplicationName")
	if strings.HasPrefix(name, "@") { // a resource of a program, not a name
		name = ""
	}
	if name == "" && command != "" {
		name = strings.TrimSuffix(filepath.Base(commandPath(command)), filepath.Ext(commandPath(command)))
	}
	return name, true
}

// commandPath is the program a command starts.
func commandPath(command string) string {
	if quoted, is := strings.CutPrefix(command, `"`); is {
		path, _, _ := strings.Cut(quoted, `"`)
		return path
	}
	const program = ".exe"
	if i := strings.Index(strings.ToLower(command), program); i > 0 {
		return command[:i+len(program)]
	}
	path, _, _ := strings.Cut(command, " ")
	return path
}

// registryText reads a value; empty: there is none.
func registryText(root registry.Key, path, value string) string {
	k, err := registry.OpenKey(root, path, registry.QUERY_VALUE)
	if err != nil {
		return ""
	}
	defer func() { _ = k.Close() }()
	s, kind, err := k.GetStringValue(value)
	if err == nil && kind == registry.EXPAND_SZ {
		s, err = registry.ExpandString(s)
	}
	if err != nil {
		return ""
	}
	return s
}
