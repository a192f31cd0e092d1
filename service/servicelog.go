package main

import (
	"context"
	"log/slog"
	"path/filepath"

	"gopkg.in/natefinch/lumberjack.v2"

	"smtpgateway/data/place"
	"smtpgateway/service/control"
)

// serviceLog writes everything to a rotating file of the place, and what has an event number to the system's log too.
// It holds what IT needs to find a fault: no password, no subject, no body.
func serviceLog(p place.Place, host control.Host) (*slog.Logger, func() error) {
	file := &lumberjack.Logger{Filename: filepath.Join(p.Logs, "service.log"), MaxSize: 5, MaxBackups: 5, MaxAge: 60}
	return slog.New(&eventHandler{Handler: slog.NewTextHandler(file, nil), host: host}), file.Close
}

// eventHandler passes on to the system's log what the system's administrator looks for there.
type eventHandler struct {
	slog.Handler
	host control.Host
}

// Handle writes one record. A file that cannot be written (full disk) does not stop the service.
func (h *eventHandler) Handle(ctx context.Context, r slog.Record) error {
	event, text := 0, r.Message
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "event":
			event = int(a.Value.Int64())
		case "text":
			text = a.Value.String()
		}
		return true
	})
	if event != 0 {
		level := control.Info
		switch {
		case r.Level >= slog.LevelError:
			level = control.Fault
		case r.Level >= slog.LevelWarn:
			level = control.Warning
		}
		h.host.Event(level, event, text)
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs keeps the attributes for the file only.
func (h *eventHandler) WithAttrs(as []slog.Attr) slog.Handler {
	return &eventHandler{Handler: h.Handler.WithAttrs(as), host: h.host}
}

// WithGroup as WithAttrs.
func (h *eventHandler) WithGroup(name string) slog.Handler {
	return &eventHandler{Handler: h.Handler.WithGroup(name), host: h.host}
}
