package control

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

// Name is the service's name for the system.
const Name = "smtp-gateway"

const (
	account = "smtp-gateway"
	group   = "smtp-gateway"
	unit    = Name + ".service"
)

// watchdogAfter is the silence of the main loop after which systemd starts the service again. Long, as a sign of life
// wakes an idle computer.
const watchdogAfter = 180 * time.Second

// unitText is the unit of the service: an account of its own, no capabilities, a file system it can only read but for
// its own folders, and no new start after an end that only a person can repair.
func unitText(l Layout) string {
	var own strings.Builder
	for _, one := range []struct{ path, base, name string }{
		{l.Data, "/var/lib", "State"}, {l.Logs, "/var/log", "Logs"},
	} {
		mode := map[string]string{"State": "2770", "Logs": "0750"}[one.name]
		if filepath.Dir(one.path) == one.base {
			// systemd makes it, and sets its rights again at each start.
			fmt.Fprintf(&own, "%sDirectory=%s\n%sDirectoryMode=%s\n", one.name, filepath.Base(one.path), one.name, mode)
		} else {
			fmt.Fprintf(&own, "ReadWritePaths=%s\n", quotePath("-"+one.path))
		}
	}
	fmt.Fprintf(&own, "ReadWritePaths=%s %s\n", quotePath("-"+l.Key), quotePath("-"+l.Folder))

	return fmt.Sprintf(`[Unit]
Description=%s
After=network-online.target nss-lookup.target time-sync.target
Wants=network-online.target
# Ten ends within five minutes are a fault that a new start does not heal.
StartLimitIntervalSec=300
StartLimitBurst=10

[Service]
Type=notify
NotifyAccess=main
ExecStart=%s run
User=%s
Group=%s
UMask=0007
%s
Restart=on-failure
RestartSec=5
# 78 settings, 77 access, 64 usage: only a person can repair these.
RestartPreventExitStatus=78 77 64
TimeoutStartSec=90
TimeoutStopSec=%d
WatchdogSec=%d
KillMode=mixed

NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`, Display, quoteCommand(l.Program), account, group, own.String(), int(StopTimeout.Seconds()), int(watchdogAfter.Seconds()))
}

// quoteCommand writes a path as the first word of ExecStart=, where systemd expands specifiers and variables.
func quoteCommand(path string) string {
	return quotePath(strings.ReplaceAll(path, "$", "$$"))
}

// quotePath writes a path as one word of a unit file.
func quotePath(path string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `%`, `%%`).Replace(path) + `"`
}
