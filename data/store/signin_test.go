package store_test

import (
	"reflect"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

func TestSignIn(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	signed := data.SignIn{
		Server: 1, Way: data.SignInGoogle, User: "library@school.example", Sealed: data.SealedPrefix + "one", Scopes: []string{"openid", "email"},
		At: at, Renewed: at, Until: at.AddDate(0, 0, 7), Bound: "b", Trouble: "t", Remedy: "r",
	}
	find := func(t *testing.T, s *store.Store) data.SignIn {
		t.Helper()
		in, there, err := s.SignIn(t.Context(), 1)
		ok(t, err)
		if !there {
			t.Fatal("it is not there")
		}
		return in
	}
	t.Run("reads back as it was kept, and so after a restart and in a backup", func(t *testing.T) {
		s := made(t)
		ok(t, s.ReplaceSignIn(t.Context(), signed))
		want := signed
		want.Rotations = 1
		if got := find(t, s); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v", got)
		}
		path := t.TempDir() + "/copy.db"
		ok(t, s.Backup(t.Context(), path))
		c, err := store.Open(t.Context(), path, store.Options{})
		ok(t, err)
		defer shut(t, c)
		if got := find(t, c); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v", got)
		}
		_, there, err := s.SignIn(t.Context(), 2)
		ok(t, err)
		wantEqual(t, "server 2", there, false)
	})
	t.Run("a renewal is taken in its turn only", func(t *testing.T) {
		s := made(t)
		ok(t, s.ReplaceSignIn(t.Context(), signed))
		first := find(t, s)
		next := first
		next.Rotations++
		next.Sealed = data.SealedPrefix + "two"
		ok(t, s.SaveSignIn(t.Context(), next))
		next.Sealed = data.SealedPrefix + "again"
		wantCode(t, s.SaveSignIn(t.Context(), next), data.CodeConflict)
		next.Rotations += 2
		wantCode(t, s.SaveSignIn(t.Context(), next), data.CodeConflict)
		wantEqual(t, "kept", find(t, s).Sealed, data.SealedPrefix+"two")
	})
	t.Run("a renewal does not overrule a person's sign-in", func(t *testing.T) {
		s := made(t)
		ok(t, s.ReplaceSignIn(t.Context(), signed))
		late := find(t, s)
		late.Rotations++
		anew := signed
		anew.Sealed = data.SealedPrefix + "anew"
		ok(t, s.ReplaceSignIn(t.Context(), anew))
		wantCode(t, s.SaveSignIn(t.Context(), late), data.CodeConflict)
		wantEqual(t, "kept", find(t, s).Sealed, anew.Sealed)
	})
	t.Run("a renewal does not bring back what was forgotten", func(t *testing.T) {
		s := made(t)
		ok(t, s.ReplaceSignIn(t.Context(), signed))
		late := find(t, s)
		late.Rotations++
		ok(t, s.DropSignIn(t.Context(), 1))
		wantCode(t, s.SaveSignIn(t.Context(), late), data.CodeConflict)
		in, there, err := s.SignIn(t.Context(), 1)
		ok(t, err)
		if there || in.Sealed != "" || in.User != "" || in.Rotations != 2 {
			t.Fatalf("%+v", in)
		}
		wantCode(t, s.DropSignIn(t.Context(), 1), data.CodeNotFound)
		ok(t, s.ReplaceSignIn(t.Context(), signed))
		wantEqual(t, "rotations", find(t, s).Rotations, 3)
	})
	t.Run("the first of a program that signs in as itself is taken", func(t *testing.T) {
		s := made(t)
		in := signed
		in.Way, in.Sealed, in.Rotations = data.SignInMicrosoftApp, "", 1
		ok(t, s.SaveSignIn(t.Context(), in))
		wantEqual(t, "way", find(t, s).Way, data.SignInMicrosoftApp)
	})
	t.Run("a way that nobody knows is refused", func(t *testing.T) {
		in := signed
		in.Way = "facebook"
		if err := made(t).ReplaceSignIn(t.Context(), in); err == nil {
			t.Fatal("kept")
		}
	})
}
