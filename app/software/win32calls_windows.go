package software

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// routine is a function of Windows. The system's libraries are loaded from the system's folder only.
type routine struct{ proc *windows.LazyProc }

// call calls it, where a failure has no remedy or shows in the answer.
//
//go:uintptrescapes
func (r routine) call(arguments ...uintptr) uintptr {
	answer, _, _ := r.proc.Call(arguments...) //nolint:dogsled // the error of a call that succeeded means nothing
	return answer
}

// try calls one that answers 0 when it failed.
//
//go:uintptrescapes
func (r routine) try(arguments ...uintptr) (uintptr, error) {
	answer, _, err := r.proc.Call(arguments...)
	if answer != 0 {
		return answer, nil
	}
	return 0, err
}

// there tells whether this Windows has it.
func (r routine) there() bool { return r.proc.Find() == nil }

var (
	user32   = windows.NewLazySystemDLL("user32.dll")
	gdi32    = windows.NewLazySystemDLL("gdi32.dll")
	kernel32 = windows.NewLazySystemDLL("kernel32.dll")
	imm32    = windows.NewLazySystemDLL("imm32.dll")
	dwmapi   = windows.NewLazySystemDLL("dwmapi.dll")

	adjustWindowRectEx           = routine{user32.NewProc("AdjustWindowRectEx")}
	adjustWindowRectExForDPI     = routine{user32.NewProc("AdjustWindowRectExForDpi")}
	beginPaint                   = routine{user32.NewProc("BeginPaint")}
	bringWindowToTop             = routine{user32.NewProc("BringWindowToTop")}
	closeClipboard               = routine{user32.NewProc("CloseClipboard")}
	createIconIndirect           = routine{user32.NewProc("CreateIconIndirect")}
	createWindowEx               = routine{user32.NewProc("CreateWindowExW")}
	defWindowProc                = routine{user32.NewProc("DefWindowProcW")}
	destroyIcon                  = routine{user32.NewProc("DestroyIcon")}
	destroyWindow                = routine{user32.NewProc("DestroyWindow")}
	dispatchMessage              = routine{user32.NewProc("DispatchMessageW")}
	emptyClipboard               = routine{user32.NewProc("EmptyClipboard")}
	endPaint                     = routine{user32.NewProc("EndPaint")}
	getClientRect                = routine{user32.NewProc("GetClientRect")}
	getClipboardData             = routine{user32.NewProc("GetClipboardData")}
	getDC                        = routine{user32.NewProc("GetDC")}
	getDPIForSystem              = routine{user32.NewProc("GetDpiForSystem")}
	getDPIForWindow              = routine{user32.NewProc("GetDpiForWindow")}
	getKeyState                  = routine{user32.NewProc("GetKeyState")}
	getMessage                   = routine{user32.NewProc("GetMessageW")}
	getMessageTime               = routine{user32.NewProc("GetMessageTime")}
	getMonitorInfo               = routine{user32.NewProc("GetMonitorInfoW")}
	getSystemMetrics             = routine{user32.NewProc("GetSystemMetrics")}
	getWindowRect                = routine{user32.NewProc("GetWindowRect")}
	isIconic                     = routine{user32.NewProc("IsIconic")}
	isZoomed                     = routine{user32.NewProc("IsZoomed")}
	loadCursor                   = routine{user32.NewProc("LoadCursorW")}
	mapVirtualKey                = routine{user32.NewProc("MapVirtualKeyW")}
	monitorFromWindow            = routine{user32.NewProc("MonitorFromWindow")}
	openClipboard                = routine{user32.NewProc("OpenClipboard")}
	peekMessage                  = routine{user32.NewProc("PeekMessageW")}
	postMessage                  = routine{user32.NewProc("PostMessageW")}
	registerClassEx              = routine{user32.NewProc("RegisterClassExW")}
	releaseCapture               = routine{user32.NewProc("ReleaseCapture")}
	releaseDC                    = routine{user32.NewProc("ReleaseDC")}
	sendMessage                  = routine{user32.NewProc("SendMessageW")}
	setCapture                   = routine{user32.NewProc("SetCapture")}
	setClipboardData             = routine{user32.NewProc("SetClipboardData")}
	setCursor                    = routine{user32.NewProc("SetCursor")}
	setForegroundWindow          = routine{user32.NewProc("SetForegroundWindow")}
	setThreadDPIAwarenessContext = routine{user32.NewProc("SetThreadDpiAwarenessContext")}
	setWindowPos                 = routine{user32.NewProc("SetWindowPos")}
	setWindowText                = routine{user32.NewProc("SetWindowTextW")}
	showWindow                   = routine{user32.NewProc("ShowWindow")}
	trackMouseEvent              = routine{user32.NewProc("TrackMouseEvent")}
	translateMessage             = routine{user32.NewProc("TranslateMessage")}
	updateWindow                 = routine{user32.NewProc("UpdateWindow")}

	createBitmap      = routine{gdi32.NewProc("CreateBitmap")}
	createDIBSection  = routine{gdi32.NewProc("CreateDIBSection")}
	deleteObject      = routine{gdi32.NewProc("DeleteObject")}
	getDeviceCaps     = routine{gdi32.NewProc("GetDeviceCaps")}
	setDIBitsToDevice = routine{gdi32.NewProc("SetDIBitsToDevice")}

	globalAlloc  = routine{kernel32.NewProc("GlobalAlloc")}
	globalFree   = routine{kernel32.NewProc("GlobalFree")}
	globalLock   = routine{kernel32.NewProc("GlobalLock")}
	globalSize   = routine{kernel32.NewProc("GlobalSize")}
	globalUnlock = routine{kernel32.NewProc("GlobalUnlock")}
	moveMemory   = routine{kernel32.NewProc("RtlMoveMemory")}

	dwmSetWindowAttribute = routine{dwmapi.NewProc("DwmSetWindowAttribute")}

	immGetContext           = routine{imm32.NewProc("ImmGetContext")}
	immReleaseContext       = routine{imm32.NewProc("ImmReleaseContext")}
	immSetCandidateWindow   = routine{imm32.NewProc("ImmSetCandidateWindow")}
	immSetCompositionWindow = routine{imm32.NewProc("ImmSetCompositionWindow")}
)

// point, rect and the others below are laid out as Windows has them.
type point struct{ x, y int32 }

type rect struct{ left, top, right, bottom int32 }

type windowClass struct {
	size, style                        uint32
	procedure                          uintptr
	classExtra, windowExtra            int32
	instance, icon, cursor, background uintptr
	menu, name                         *uint16
	smallIcon                          uintptr
}

type message struct {
	window  uintptr
	message uint32
	w, l    uintptr
	time    uint32
	at      point
	_       uint32
}

type painting struct {
	dc               uintptr
	erase            int32
	part             rect
	restore, include int32
	_                [32]byte
}

type bitmapHeader struct {
	size                      uint32
	width, height             int32 // a negative height: the first line is the topmost
	planes, bits              uint16
	compression, imageSize    uint32
	xPerMetre, yPerMetre      int32
	colours, importantColours uint32
}

type minMaxInfo struct{ _, maxSize, maxPosition, minTrack, maxTrack point }

type monitorInfo struct {
	size          uint32
	monitor, work rect
	flags         uint32
}

type tracking struct {
	size, flags uint32
	window      uintptr
	hover       uint32
}

type iconInfo struct {
	icon         int32 // 0: a cursor
	hotX, hotY   uint32
	mask, colour uintptr
}

// imePlace is a COMPOSITIONFORM; with an index before it, it is a CANDIDATEFORM.
type imePlace struct {
	style   uint32
	current point
	area    rect
}

type imeCandidates struct {
	index uint32
	imePlace
}

// take copies what a message points at; hand copies it back. What the system owns is no memory that Go knows.
func take[T any](from uintptr) (value T) {
	moveMemory.call(uintptr(unsafe.Pointer(&value)), from, unsafe.Sizeof(value)) //nolint:gosec // as the system wants it
	return value
}

func hand[T any](to uintptr, value T) {
	moveMemory.call(to, uintptr(unsafe.Pointer(&value)), unsafe.Sizeof(value)) //nolint:gosec // as the system wants it
}

// number brings a number of ours, which may be negative, into an argument.
func number(n int) uintptr { return uintptr(n) } //nolint:gosec // the system reads back the lower half, with its sign

// low and high are the two halves of an argument, as numbers with a sign: places may lie left of the first monitor.
func low(l uintptr) int  { return int(int16(l & 0xffff)) }       //nolint:gosec // it is the half that is wanted
func high(l uintptr) int { return int(int16(l >> 16 & 0xffff)) } //nolint:gosec // see low
