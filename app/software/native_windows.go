package software

import (
	"image"
	"math"
	"sync"
	"sync/atomic"
	"unsafe"

	"fyne.io/fyne/v2/driver/desktop"
	"golang.org/x/sys/windows"
)

// win32 is a plain window of Windows. It asks nothing of the graphics driver but to copy pixels, and so works in a remote
// desktop, on a server and in a virtual machine.
type win32 struct {
	handler handler
	handle  uintptr        // 0 before open and after close
	post    atomic.Uintptr // the handle once more, for wake
	awaited atomic.Bool    // a wake is on its way

	inner      image.Point // the size inside, as it was told last
	least      image.Point // the least size inside
	minimised  bool
	big, small uintptr // icons
	lines      []byte  // room for the pixels in the order of Windows

	mouse pointer
	keys  keyboard
}

func newNative() native { return &win32{} }

const (
	windowStyle  = 0x00CF0000 // WS_OVERLAPPEDWINDOW: title, frame to pull at, the three buttons
	useDefault   = math.MinInt32
	messageWake  = 0x8000 // WM_APP
	perMonitorV2 = -4     // DPI_AWARENESS_CONTEXT_PER_MONITOR_AWARE_V2
	setIcon      = 0x0080 // WM_SETICON
	iconSmall    = 0
	iconBig      = 1
)

// windowsOpen finds the window a message is for. A procedure can be made known to Windows a limited number of times in the
// life of a program: once is enough for all windows. The window that is being made has no number yet.
var (
	windowsOpen sync.Map // handle to *win32
	beingMade   *win32
	procedure   = sync.OnceValue(func() uintptr {
		return windows.NewCallback(func(window, message, w, l uintptr) uintptr {
			if found, ok := windowsOpen.Load(window); ok {
				if n, ok := found.(*win32); ok {
					return n.receive(uint32(message), w, l) //nolint:gosec // a message is that long
				}
			}
			if n := beingMade; n != nil && message == messageMinMax {
				n.limit(l)
			}
			return defWindowProc.call(window, message, w, l)
		})
	})
)

func (n *win32) open(o opening, h handler) error {
	if setThreadDPIAwarenessContext.there() { // as the manifest has it; a program built without one is sharp all the same
		setThreadDPIAwarenessContext.call(number(perMonitorV2))
	}
	class, err := windows.UTF16PtrFromString(o.class)
	if err != nil {
		return err
	}
	title, err := windows.UTF16PtrFromString(o.title)
	if err != nil {
		return err
	}
	var module windows.Handle
	if err := windows.GetModuleHandleEx(0, nil, &module); err != nil {
		return err
	}
	c := windowClass{procedure: procedure(), instance: uintptr(module), name: class}
	c.size = uint32(unsafe.Sizeof(c))
	//nolint:gosec // as the system wants it
	if _, err := registerClassEx.try(uintptr(unsafe.Pointer(&c))); err != nil && err != windows.ERROR_CLASS_ALREADY_EXISTS { //nolint:errorlint // an error of the system is never wrapped here
		return err
	}
	n.inner = image.Pt(o.width, o.height)
	outer := n.outer(n.inner)
	beingMade = n
	//nolint:gosec // as the system wants it
	handle, err := createWindowEx.try(0, uintptr(unsafe.Pointer(class)), uintptr(unsafe.Pointer(title)), windowStyle,
		number(useDefault), number(useDefault), number(outer.X), number(outer.Y), 0, 0, uintptr(module), 0)
	beingMade = nil
	if err != nil {
		return err
	}
	n.handle, n.handler = handle, h
	n.setCursor(arrow)
	n.darken()
	if o.icon != nil {
		n.big, n.small = n.icon(o.icon, metricIcon), n.icon(o.icon, metricSmallIcon)
		sendMessage.call(handle, setIcon, iconBig, n.big)
		sendMessage.call(handle, setIcon, iconSmall, n.small)
	}
	n.resize(o.width, o.height) // now that it is known on which display the window is
	windowsOpen.Store(handle, n)
	n.post.Store(handle)
	return nil
}

// show tells the size inside once more: on a small display it is less than was asked for.
func (n *win32) show() {
	n.inner = image.Point{}
	n.measure()
	showWindow.call(n.handle, windows.SW_SHOWNORMAL)
	setForegroundWindow.call(n.handle)
	updateWindow.call(n.handle)
}

// run hands out messages. Windows sends those about moving and sizing from a loop of its own, inside one of these calls.
func (n *win32) run() {
	var m message
	for n.handle != 0 {
		more := int32(getMessage.call(uintptr(unsafe.Pointer(&m)), 0, 0, 0)) //nolint:gosec // it answers -1 when it fails
		if more <= 0 {
			return
		}
		translateMessage.call(uintptr(unsafe.Pointer(&m))) //nolint:gosec // as the system wants it
		dispatchMessage.call(uintptr(unsafe.Pointer(&m)))  //nolint:gosec // as the system wants it
	}
}

// wake posts one message however often it is called before that arrived: Windows keeps 10,000 of them and no more.
func (n *win32) wake() {
	window := n.post.Load()
	if window == 0 || n.awaited.Swap(true) {
		return
	}
	if postMessage.call(window, messageWake, 0, 0) == 0 {
		n.awaited.Store(false)
	}
}

// close does away with the window. Nothing more is told of it from here on, not even that it loses the keyboard.
func (n *win32) close() {
	if n.handle == 0 {
		return
	}
	n.post.Store(0)
	windowsOpen.Delete(n.handle)
	destroyWindow.call(n.handle)
	n.handle = 0
	for _, icon := range []uintptr{n.big, n.small, n.mouse.made} {
		if icon != 0 {
			destroyIcon.call(icon)
		}
	}
}

func (n *win32) setTitle(title string) {
	if words, err := windows.UTF16PtrFromString(title); err == nil {
		setWindowText.call(n.handle, uintptr(unsafe.Pointer(words))) //nolint:gosec // as the system wants it
	}
}

// raise brings the window to the front, from the taskbar too. Where another program has the person's attention and did not
// give leave, Windows flashes the button in the taskbar instead.
func (n *win32) raise() {
	if isIconic.call(n.handle) != 0 {
		showWindow.call(n.handle, windows.SW_RESTORE)
	}
	bringWindowToTop.call(n.handle)
	setForegroundWindow.call(n.handle)
}

// window is the system's number of it, for what this package does not do.
func (n *win32) window() uintptr { return n.handle }

var _ interface {
	native
	window() uintptr
} = (*win32)(nil)

// arrow is what the pointer is unless something else is asked for.
const arrow = desktop.DefaultCursor
