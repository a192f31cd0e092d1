package software

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	portal "github.com/rymdport/portal/settings"
	"github.com/rymdport/portal/settings/appearance"
)

// systemVariant does not know: the desktop's answer may take long, and comes by watchVariant.
func systemVariant() (fyne.ThemeVariant, bool) { return theme.VariantLight, false }

// watchVariant tells whether the desktop is light or dark, now and when that changes. A desktop that does not say so is
// not asked again. What waits for it ends with the program: the library has no way to stop it, and costs nothing.
func watchVariant(tell func(fyne.ThemeVariant)) (stop func()) {
	go func() {
		now, err := appearance.GetColorScheme()
		if err != nil {
			return
		}
		tell(variantOf(now))
		_ = portal.OnSignalSettingChanged(func(c portal.Changed) {
			if c.Namespace != appearance.Namespace || c.Key != "color-scheme" {
				return
			}
			if v, err := appearance.ValueToColorScheme(c.Value); err == nil {
				tell(variantOf(v))
			}
		})
	}()
	return func() {}
}

func variantOf(s appearance.ColorScheme) fyne.ThemeVariant {
	if s == appearance.Dark {
		return theme.VariantDark
	}
	return theme.VariantLight
}
