package control

import (
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// notifier speaks the notification protocol of sd_notify(3). Without a manager that listens it does nothing.
type notifier struct{ socket string }

func newNotifier() notifier { return notifier{socket: os.Getenv("NOTIFY_SOCKET")} }

// send gives the manager assignments such as READY=1. What cannot be delivered is dropped: the service goes on
// without, and a manager that waits for it will say so itself.
func (n notifier) send(assignments ...string) {
	if n.socket == "" {
		return
	}
	address := n.socket
	if strings.HasPrefix(address, "@") {
		address = "\x00" + address[1:] // the abstract name space
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: address, Net: "unixgram"})
	if err != nil {
		return
	}
	_, _ = conn.Write([]byte(strings.Join(assignments, "\n")))
	_ = conn.Close()
}

// watchdog is the silence after which the manager kills us; 0: it does not watch, or another process.
func watchdog() time.Duration {
	micros, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64)
	if err != nil || micros <= 0 {
		return 0
	}
	if pid := os.Getenv("WATCHDOG_PID"); pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return 0
	}
	return time.Duration(micros) * time.Microsecond
}
