package store_test

import (
	"sync"
	"testing"
	"time"

	"smtpgateway/data"
)

func TestManyWritersAtOnce(t *testing.T) {
	t.Run("goroutines of one program write through one store", func(t *testing.T) {
		s := made(t)
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for range 20 {
					var err error
					switch i % 4 {
					case 0:
						err = s.Note(t.Context(), data.JournalLine{At: time.Now(), Kind: data.JournalCheck, Text: "x"})
					case 1:
						err = s.SaveOrigin(t.Context(), data.Origin{Key: "k", Name: "n"})
					case 2:
						err = s.SetLastTest(t.Context(), time.Now(), true, "x")
					case 3:
						_, err = s.EndCheck(t.Context(), time.Second)
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
	})
}
