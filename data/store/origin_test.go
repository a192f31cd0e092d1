package store_test

import (
	"testing"
	"time"

	"smtpgateway/data"
)

func TestOrigin(t *testing.T) {
	s := made(t)
	file := data.Origin{Key: "dev:inode:birth", Name: "a.TMP", Message: 7}
	t.Run("a file is known again by its key, whatever its name", func(t *testing.T) {
		_, known, err := s.Origin(t.Context(), file.Key)
		ok(t, err)
		wantEqual(t, "known before", known, false)
		ok(t, s.SaveOrigin(t.Context(), file))
		file.Name = "b.TMP"
		ok(t, s.SaveOrigin(t.Context(), file))
		got, known, err := reopened(t, s).Origin(t.Context(), file.Key)
		ok(t, err)
		wantEqual(t, "known", known, true)
		wantEqual(t, "file", got, file)
	})
	t.Run("a message once read from it is not forgotten", func(t *testing.T) {
		ok(t, s.SaveOrigin(t.Context(), data.Origin{Key: file.Key, Name: file.Name}))
		got, _, err := s.Origin(t.Context(), file.Key)
		ok(t, err)
		wantEqual(t, "message", got.Message, file.Message)
	})
	t.Run("those gone are not here, and may come back", func(t *testing.T) {
		ok(t, s.SaveOrigin(t.Context(), data.Origin{Key: "refused", Name: "c.TMP"}))
		ok(t, s.OriginGone(t.Context(), file.Key, noon))
		here, err := s.OriginsHere(t.Context())
		ok(t, err)
		if len(here) != 1 || here[0].Key != "refused" {
			t.Errorf("here are %v", here)
		}
		ok(t, s.OriginGone(t.Context(), file.Key, time.Time{}))
		here, err = s.OriginsHere(t.Context())
		ok(t, err)
		wantEqual(t, "here again", len(here), 2)
	})
	t.Run("of a message that came twice the file still there is given", func(t *testing.T) {
		ok(t, s.OriginGone(t.Context(), file.Key, noon))
		ok(t, s.SaveOrigin(t.Context(), data.Origin{Key: "renamed back", Name: "b.TMP", Message: 7}))
		got, known, err := s.OriginOf(t.Context(), 7)
		ok(t, err)
		wantEqual(t, "known", known, true)
		wantEqual(t, "file", got.Key, "renamed back")
		for _, none := range []int64{0, 8} {
			_, known, err = s.OriginOf(t.Context(), none)
			ok(t, err)
			wantEqual(t, "a message of no file", known, false)
		}
	})
}
