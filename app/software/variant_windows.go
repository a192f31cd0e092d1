package software

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// personalize is where Windows keeps whether programs are to be light or dark.
const personalize = `SOFTWARE\Microsoft\Windows\CurrentVersion\Themes\Personalize`

// systemVariant is light or dark, as the system has it; false if it does not say.
func systemVariant() (fyne.ThemeVariant, bool) {
	k, err := registry.OpenKey(registry.CURRENT_USER, personalize, registry.QUERY_VALUE)
	if err != nil {
		return theme.VariantLight, false
	}
	defer func() { _ = k.Close() }()
	return variantIn(k)
}

func variantIn(k registry.Key) (fyne.ThemeVariant, bool) {
	light, _, err := k.GetIntegerValue("AppsUseLightTheme")
	if err != nil {
		return theme.VariantLight, false
	}
	if light == 0 {
		return theme.VariantDark, true
	}
	return theme.VariantLight, true
}

// watchVariant tells when the system changes between light and dark, until it is stopped. It waits without a clock.
func watchVariant(tell func(fyne.ThemeVariant)) (stop func()) {
	k, err := registry.OpenKey(registry.CURRENT_USER, personalize, registry.QUERY_VALUE|registry.NOTIFY)
	if err != nil {
		return func() {}
	}
	changed, err := windows.CreateEvent(nil, 0, 0, nil)
	stopped, err2 := windows.CreateEvent(nil, 0, 0, nil)
	if errors.Join(err, err2) != nil {
		_ = k.Close()
		return func() {}
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		const values = windows.REG_NOTIFY_CHANGE_LAST_SET
		for windows.RegNotifyChangeKeyValue(windows.Handle(k), false, values, changed, true) == nil {
			which, err := windows.WaitForMultipleObjects([]windows.Handle{changed, stopped}, false, windows.INFINITE)
			if err != nil || which != windows.WAIT_OBJECT_0 {
				return
			}
			if v, ok := variantIn(k); ok {
				tell(v)
			}
		}
	}()
	return func() {
		_ = windows.SetEvent(stopped)
		<-ended
		_ = k.Close()
		_, _ = windows.CloseHandle(changed), windows.CloseHandle(stopped)
	}
}
