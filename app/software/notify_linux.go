package software

import "github.com/godbus/dbus/v5"

// notify shows a notification of the desktop (Desktop Notifications Specification 1.2). The text may hold markup.
func notify(_, title, text string) error {
	bus, err := dbus.SessionBus() // shared, stays open
	if err != nil {
		return err
	}
	const name, never, byDesktop = "org.freedesktop.Notifications", uint32(0), int32(-1)
	return bus.Object(name, "/org/freedesktop/Notifications").Call(name+".Notify", 0,
		"", never, "", title, text, []string{}, map[string]dbus.Variant{}, byDesktop).Err
}
