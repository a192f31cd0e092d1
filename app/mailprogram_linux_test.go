package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestMailProgram(t *testing.T) {
	data := t.TempDir()
	folder := filepath.Join(data, "applications", "post")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	entry := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(data, "applications", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	entry("letters.desktop", "[Desktop Action new]\nName=New letter\nExec=none\n[Desktop Entry]\nName=Letters\nName[de]=Briefe\nExec=sh %u\n")
	entry("post/office.desktop", "[Desktop Entry]\nExec=\"sh\" -c %u\nName=Post Office\n")
	entry("gone.desktop", "[Desktop Entry]\nName=Gone\nExec=/nowhere/gone %u\n")
	tool := script(t, "xdg-mime", `test "$*" = "query default x-scheme-handler/mailto" && printf "$ANSWER"`)
	t.Setenv("PATH", filepath.Dir(tool)+":"+os.Getenv("PATH"))
	t.Setenv("XDG_DATA_HOME", data)
	t.Setenv("XDG_DATA_DIRS", filepath.Join(data, "none"))
	for _, c := range []struct{ promise, answer, name string }{
		{"the program the desktop has for mail is known by the name it shows", `letters.desktop\n`, "Letters"},
		{"a dash in its id may stand for a folder", `post-office.desktop\n`, "Post Office"},
		{"no program is no program", "", ""},
		{"a program that was removed is none", `gone.desktop\n`, ""},
		{"an entry that was removed is none", `never.desktop\n`, ""},
		{"nothing outside the desktop's folders is read", `../../etc/x.desktop\n`, ""},
	} {
		t.Run(c.promise, func(t *testing.T) {
			t.Setenv("ANSWER", c.answer)
			if name, ok := (&desktop{}).MailProgram(); name != c.name || ok != (c.name != "") {
				t.Errorf("%q, %v", name, ok)
			}
		})
	}
	t.Run("a desktop that cannot say it has none", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		if name, ok := (&desktop{}).MailProgram(); ok {
			t.Error(name)
		}
	})
}
