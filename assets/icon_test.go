package assets_test

import (
	"bytes"
	"encoding/xml"
	"image/png"
	"testing"

	"smtpgateway/assets"
)

func TestIcons(t *testing.T) {
	drawn, err := png.DecodeConfig(bytes.NewReader(assets.AppIcon()))
	if err != nil || drawn.Width != 512 || drawn.Height != 512 {
		t.Errorf("the program's icon is %d x %d, %v", drawn.Width, drawn.Height, err)
	}
	if assets.Icon("no such") != nil {
		t.Errorf("an icon that is not there was drawn")
	}
	for _, name := range []string{"overview", "settings", "queue", "patrons", "log", "about", "appearance", "good", "busy", "waiting", "warn", "bad", "off", "tick", "down", "letters", "ticked", "unticked"} {
		t.Run(name, func(t *testing.T) {
			drawing := assets.Icon(name)
			if err := xml.Unmarshal(drawing, new(struct{})); err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(drawing, []byte("currentColor")) {
				t.Errorf("the window cannot colour it")
			}
		})
	}
}
