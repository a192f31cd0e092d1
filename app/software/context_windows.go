package software

import fynedriver "fyne.io/fyne/v2/driver"

// nativeContext is what programs for this system know a window by.
func nativeContext(n native) any {
	if n, ok := n.(interface{ window() uintptr }); ok {
		return fynedriver.WindowsWindowContext{HWND: n.window()}
	}
	return fynedriver.UnknownContext{}
}
