package store_test

import (
	"maps"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

func TestSaveSettings(t *testing.T) {
	t.Run("each save is the next revision", func(t *testing.T) {
		s := made(t)
		for want := int64(1); want <= 3; want++ {
			got, err := s.SaveSettings(t.Context(), map[string]string{"server1.host": "mail.school.example"}, want-1)
			ok(t, err)
			wantEqual(t, "revision", got, want)
		}
		values, revision, err := s.Settings(t.Context())
		ok(t, err)
		wantEqual(t, "revision", revision, 3)
		wantEqual(t, "host", values["server1.host"], "mail.school.example")
	})
	t.Run("is all or nothing", func(t *testing.T) {
		s := made(t)
		before := map[string]string{"server1.host": "old.example", "from.address": "old@school.example"}
		_, err := s.SaveSettings(t.Context(), before, store.AnyRevision)
		ok(t, err)
		// One of the new values cannot be stored, whichever comes first.
		ok(t, s.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `CREATE TRIGGER stop BEFORE INSERT ON setting WHEN new.name = 'test_to'
				BEGIN SELECT RAISE (ABORT, 'stop'); END`)
			return err
		}))
		_, err = s.SaveSettings(t.Context(), map[string]string{
			"server1.host": "new.example", "from.address": "new@school.example", "test_to": "x@school.example",
		}, store.AnyRevision)
		if err == nil {
			t.Fatal("it was saved")
		}
		values, revision, err := s.Settings(t.Context())
		ok(t, err)
		wantEqual(t, "revision", revision, 1)
		if !maps.Equal(values, before) {
			t.Errorf("the settings are %v, want %v", values, before)
		}
	})
	t.Run("of two windows the second is told that the first has changed them", func(t *testing.T) {
		a := made(t)
		b, err := store.Open(t.Context(), a.Path(), store.Options{})
		ok(t, err)
		defer shut(t, b)
		_, base, err := a.Settings(t.Context())
		ok(t, err)
		_, err = a.SaveSettings(t.Context(), map[string]string{"test_to": "a@school.example"}, base)
		ok(t, err)
		_, err = b.SaveSettings(t.Context(), map[string]string{"test_to": "b@school.example"}, base)
		wantCode(t, err, data.CodeConflict)
		values, revision, err := b.Settings(t.Context())
		ok(t, err)
		wantEqual(t, "test_to", values["test_to"], "a@school.example")
		_, err = b.SaveSettings(t.Context(), map[string]string{"test_to": "b@school.example"}, revision)
		ok(t, err)
	})
	t.Run("a value put back to its default is not kept, an empty one that means something is", func(t *testing.T) {
		s := made(t)
		for _, change := range []map[string]string{
			{"server1.port": "25", "log.daily_at": ""}, {"server1.port": "587"},
		} {
			_, err := s.SaveSettings(t.Context(), change, store.AnyRevision)
			ok(t, err)
		}
		values, _, err := s.Settings(t.Context())
		ok(t, err)
		if !maps.Equal(values, map[string]string{"log.daily_at": ""}) {
			t.Errorf("kept are %v", values)
		}
	})
	t.Run("values of no field can be removed", func(t *testing.T) {
		s := made(t)
		for _, value := range []string{"something", ""} {
			_, err := s.SaveSettings(t.Context(), map[string]string{"of.another.version": value}, store.AnyRevision)
			ok(t, err)
		}
		values, _, err := s.Settings(t.Context())
		ok(t, err)
		wantEqual(t, "values", len(values), 0)
	})
}
