package assets_test

import (
	"bytes"
	"io/fs"
	"net/mail"
	"regexp"
	"strings"
	"testing"

	"smtpgateway/assets"
)

func TestDemo(t *testing.T) {
	names, err := fs.Glob(assets.Demo(), "*.eml")
	if err != nil || len(names) < 10 {
		t.Fatalf("the demo has %d messages, %v", len(names), err)
	}
	address := regexp.MustCompile(`[^\s<>:;,"]+@[^\s<>:;,"]+`)
	kinds := map[string]bool{"attachment": false, "multipart/alternative": false, "X-Receiver": false, "Bcc": false, "8bit": false}
	unknown := 0
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			raw, err := fs.ReadFile(assets.Demo(), name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := mail.ReadMessage(bytes.NewReader(raw)); err != nil {
				t.Fatal(err)
			}
			header, _, _ := strings.Cut(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\n\n")
			for _, a := range address.FindAllString(header, -1) {
				if !strings.HasSuffix(a, "@example.org") && !strings.HasSuffix(a, ".example.org") {
					t.Errorf("%s may be somebody's address", a)
				}
				if strings.HasPrefix(a, assets.DemoUnknown) {
					unknown++
				}
			}
			for kind := range kinds {
				kinds[kind] = kinds[kind] || bytes.Contains(raw, []byte(kind))
			}
		})
	}
	if unknown != 1 {
		t.Errorf("%d messages go to somebody who does not exist, not 1", unknown)
	}
	for kind, shown := range kinds {
		if !shown {
			t.Errorf("no message shows %s", kind)
		}
	}
}
