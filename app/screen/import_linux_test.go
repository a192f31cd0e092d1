package screen_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data/place"
)

func TestImportDiskFull(t *testing.T) {
	t.Run("a disk that fills up while a list is taken in is said, nothing was changed, and with room it goes in", func(t *testing.T) {
		disk := screentest.SmallDisk(t, 64)
		in := screentest.NewIn(t, place.At(filepath.Join(disk.Dir, "data")))
		in.SetClock(schoolMorning)
		b := newImport(t, in)
		var many strings.Builder
		many.WriteString("cardnumber,surname,firstname,email\n")
		for i := range 20_000 {
			fmt.Fprintf(&many, "9%05d,Last%d,First,p%d@school.test\n", i, i, i)
		}
		b.plan(t, listFile(t, "a.csv", many.String()))
		disk.Fill(1 << 20)
		b.im.Do(false)
		b.Settle()
		if b.im.Step() != screen.ImportPlan || !b.im.Said().Bad || b.patrons(t).Patrons != 0 {
			t.Fatal(b.im.Step(), b.im.Said(), b.patrons(t))
		}
		said(t, b.im.Said().Words, "full", "Nothing was changed.")
		if raw := screentest.Raw(b.im.Said().Words); len(raw) > 0 {
			t.Error(raw)
		}
		disk.Clear()
		b.do(t)
	})
	t.Run("a list of problems on a full disk is said, and no half of it stays", func(t *testing.T) {
		disk := screentest.SmallDisk(t, 1)
		b := newImport(t, nil)
		var many strings.Builder
		many.WriteString("cardnumber,surname,firstname,email\n")
		for i := range 900 {
			fmt.Fprintf(&many, "9%05d,Last%d,First,not.an.address.%d\n", i, i, i)
		}
		b.plan(t, listFile(t, "a.csv", many.String()))
		disk.Fill(8192)
		b.im.ExportProblems(filepath.Join(disk.Dir, "problems.csv"), false, nil)
		b.Settle()
		words, failed := b.im.Exported()
		if !failed {
			t.Error(words)
		}
		if raw := screentest.Raw(words); len(raw) > 0 {
			t.Error(raw)
		}
		onlyFilm(t, disk.Dir)
	})
}
