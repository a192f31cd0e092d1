//go:build !linux && !windows

package software

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// systemVariant: it is not known how to ask this system.
func systemVariant() (fyne.ThemeVariant, bool) { return theme.VariantLight, false }

func watchVariant(func(fyne.ThemeVariant)) (stop func()) { return func() {} }
