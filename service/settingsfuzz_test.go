package main

import (
	"bytes"
	"encoding/json"
	"testing"

	"smtpgateway/data"
)

// FuzzSettings: whatever a settings file holds, it is read or refused in words, and what is read and stands comes out
// of an export as it went in.
func FuzzSettings(f *testing.F) {
	whole := data.DefaultSettings()
	exported, err := json.Marshal(whole.Values())
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		string(exported), `{}`, `{"server1.port": 465, "practice": true, "from.name": "B\u00fccherei"}`, `{"a": [1]}`, `{"a": 1, "a": 2}`,
		`{"server1.host": "smtp://x:25/", "server1.certificate": "AB:CD"}`, "\ufeff{}", `{"log.daily_at": "25:00"}`, `{"folder": "/srv/../etc"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		changes, err := readImport("-", bytes.NewReader(file))
		if err != nil {
			if data.CodeOf(err) != data.CodeBadSettings {
				t.Fatalf("refused without words: %v", err)
			}
			return
		}
		s, problems := data.ParseSettings(changes)
		again, more := data.ParseSettings(s.Values())
		if again != s || more.Refused() {
			t.Fatalf("%+v became %+v (%v, %v)", s, again, problems, more)
		}
	})
}
