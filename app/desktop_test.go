package main

import (
	"os"
	"path/filepath"
	"testing"

	"smtpgateway/data"
)

func TestOpen(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "program")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("folders and addresses are told apart", func(t *testing.T) {
		for text, want := range map[string]target{
			folder: aFolder, "https://school.test/": anAddress, "mailto:it@school.test?subject=a%20b": anAddress,
		} {
			if got, err := kindOf(text); got != want || err != nil {
				t.Errorf("%s: %v, %v", text, got, err)
			}
		}
	})
	t.Run("nothing else is opened", func(t *testing.T) {
		for _, text := range []string{"", file, folder + "/none", "program", "-option", "file:///etc/passwd", "javascript:alert(1)", "calc.exe", "\x00"} {
			if err := (&desktop{}).Open(text); data.CodeOf(err) != data.CodeNotNow {
				t.Errorf("%q: %v", text, err)
			}
		}
	})
}
