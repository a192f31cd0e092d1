package main

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"smtpgateway/data"
)

// desktop is what is around the window.
type desktop struct {
	app    fyne.App
	window fyne.Window
	post   func(func())
}

// Open shows a folder or an address in the program that is meant for it. What is neither is not opened: a file might be a
// program.
func (d *desktop) Open(target string) error {
	kind, err := kindOf(target)
	if err == nil {
		err = openOutside(kind, target)
	}
	if err != nil {
		return &data.Error{Code: data.CodeNotNow, Sentence: "It could not be opened: " + shortened(target) + ".", Next: "Copy it and open it yourself.", Err: err}
	}
	return nil
}

// target is what can be opened outside.
type target int

const (
	aFolder target = iota + 1
	anAddress
)

func kindOf(text string) (target, error) {
	if filepath.IsAbs(text) {
		info, err := os.Stat(text)
		if err == nil && !info.IsDir() {
			err = errors.New("not a folder")
		}
		return aFolder, err
	}
	u, err := url.Parse(text)
	if err != nil {
		return 0, err
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https", "mailto":
		return anAddress, nil
	}
	return 0, errors.New("neither a folder nor an address")
}

func shortened(text string) string {
	if r := []rune(text); len(r) > 80 {
		return string(r[:80]) + "..."
	}
	return text
}

// Copy puts a text on the clipboard.
func (d *desktop) Copy(text string) { d.app.Clipboard().SetContent(text) }
