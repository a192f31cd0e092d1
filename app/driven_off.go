//go:build !driven || !linux

package main

import (
	"fyne.io/fyne/v2"

	"smtpgateway/service/sendercheck"
)

// drive does nothing: only the program built for tests tells where its buttons are.
func drive(fyne.Window, func(func())) {}

// names asks this computer's own name service: no environment can lead the sender check to another.
func names() sendercheck.Options { return sendercheck.Options{} }
