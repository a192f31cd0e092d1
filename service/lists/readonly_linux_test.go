package lists_test

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"smtpgateway/service/lists"
)

// lock gives what makes the folder one that can be read only, as a hardened service meets it, and back.
func (s *shelf) lock() func(on bool) {
	s.t.Helper()
	set := func(on bool) error { return os.Chmod(s.dir, map[bool]os.FileMode{true: 0o500, false: 0o700}[on]) }
	if os.Geteuid() == 0 { // who may do everything
		if err := unix.Mount(s.dir, s.dir, "", unix.MS_BIND, ""); err != nil {
			s.t.Skip("cannot mount: ", err)
		}
		set = func(on bool) error {
			return unix.Mount("", s.dir, "", unix.MS_REMOUNT|unix.MS_BIND|map[bool]uintptr{true: unix.MS_RDONLY}[on], "")
		}
		s.t.Cleanup(func() { _ = unix.Unmount(s.dir, unix.MNT_DETACH) })
	}
	change := func(on bool) {
		s.t.Helper()
		if err := set(on); err != nil {
			s.t.Fatal(err)
		}
	}
	s.t.Cleanup(func() { _ = set(false) })
	return change
}

// TestReadOnly looks at a folder where nothing can be renamed: each list is taken in once, also after a restart, and what is
// left lying is told.
func TestReadOnly(t *testing.T) {
	s := newSchool(t)
	_ = s.l.Close()
	readOnly := s.lock()
	s.open() // after the mount
	s.put("loans.csv", books+"1,Momo,003,2026-12-24\n")
	s.put("cut.csv", "StKey,Title,Barcode,Due Date\n")
	readOnly(true)
	if r := s.look(); len(r.Imported) != 1 || r.Held != 1 {
		t.Fatalf("%+v", r)
	}
	for range 2 {
		if r := s.look(); len(r.Imported)+r.Held != 0 {
			t.Fatalf("%+v", r)
		}
	}
	_ = s.l.Close()
	s.open()
	if r := s.look(); len(r.Imported) != 0 || s.names() != "cut.csv loans.csv" {
		t.Fatalf("%+v %s", r, s.names())
	}
	if st, err := lists.Stands(t.Context(), s.dir, s.Store); err != nil || st.Left != 1 {
		t.Fatalf("%+v %v", st, err)
	}
	readOnly(false)
	s.put("loans.csv", books)
	if r := s.look(); len(r.Imported) != 1 {
		t.Fatalf("%+v", r)
	}
}
