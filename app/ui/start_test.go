package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"smtpgateway/app/screen/screentest"
)

func TestStartCard(t *testing.T) {
	t.Run("a known address fills in the form and leads to the password", func(t *testing.T) {
		b, w, p := settingsOn(t, screentest.New(t))
		shot(t, w, "start")
		w.window.Canvas().Focus(p.start.address)
		test.Type(p.start.address, "library@gmail.com")
		press(t, w, "Fill in")
		if p.fields["server1.host"].control.(*entry).Text != "smtp.gmail.com" || w.window.Canvas().Focused() != p.fields["server1.password"].control {
			t.Fatal(words(w))
		}
		if said := words(w); !strings.Contains(said, "Filled in for Gmail.") || !strings.Contains(said, "app password") {
			t.Fatal(said)
		}
		shot(t, w, "start-gmail")
		test.Type(p.fields["server1.password"].control.(*entry), "abcdefgh")
		press(t, w, "Save")
		b.Settle()
		if stored(t, b, "server1.host") != "smtp.gmail.com" {
			t.Fatal(words(w))
		}
	})
	for i, want := range []string{"smtp.gmail.com", "smtp.office365.com", "", "smtp-relay.gmail.com", ""} {
		t.Run("a school's own domain offers the likely answers, each a button", func(t *testing.T) {
			_, w, p := settingsOn(t, screentest.New(t))
			p.start.address.SetText("library@school.test")
			press(t, w, "Fill in")
			if i == 0 {
				shot(t, w, "start-choices")
			}
			press(t, w, p.start.offered[i])
			if got := p.fields["server1.host"].control.(*entry).Text; got != want || p.fields["from.address"].control.(*entry).Text != "library@school.test" {
				t.Fatal(got, words(w))
			}
			if !p.start.choices.Hidden {
				t.Error("the question still stands")
			}
		})
	}
	t.Run("what is no address is said below it", func(t *testing.T) {
		_, w, p := settingsOn(t, screentest.New(t))
		p.start.address.SetText("library")
		p.start.address.OnSubmitted("library")
		if !strings.Contains(words(w), "is not an e-mail address") || !p.start.address.wrong {
			t.Fatal(words(w))
		}
	})
	t.Run("once there is a server, the question is a link away", func(t *testing.T) {
		_, w, p := settingsShown(t)
		if !p.start.object.Hidden {
			t.Error("it stands there though nobody needs it")
		}
		press(t, w, "Fill in from the e-mail address")
		if p.start.object.Hidden || w.window.Canvas().Focused() != p.start.address {
			t.Fatal(words(w))
		}
	})
}
