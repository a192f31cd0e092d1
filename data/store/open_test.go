package store_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"smtpgateway/data/store"
)

func TestCreate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "odd ?#%20 name", "gateway.db")
	if err := os.MkdirAll(filepath.Dir(path), 0o770); err != nil {
		t.Fatal(err)
	}
	s, err := store.Create(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	s, err = store.Open(t.Context(), path, store.Options{})
	t.Log(time.Since(begin), err)
	if err != nil {
		t.Fatal(err)
	}
	begin = time.Now()
	t.Log(s.Backup(t.Context(), filepath.Join(t.TempDir(), "x.db")), time.Since(begin))
	es, _ := os.ReadDir(filepath.Dir(path))
	for _, e := range es {
		i, _ := e.Info()
		t.Log(i.Name(), i.Mode(), i.Size())
	}
	t.Log(s.Close())
	es, _ = os.ReadDir(filepath.Dir(path))
	for _, e := range es {
		i, _ := e.Info()
		t.Log(i.Name(), i.Mode(), i.Size())
	}
}
