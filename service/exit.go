package main

import (
	"errors"
	"fmt"
	"strings"

	"smtpgateway/data"
)

// The exit codes of sysexits.h that this program uses; they are part of its interface.
const (
	exitOK          = 0
	exitNo          = 1
	exitUsage       = 64
	exitData        = 65
	exitNoInput     = 66
	exitUnavailable = 69
	exitSoftware    = 70
	exitCannotMake  = 73
	exitIO          = 74
	exitTemporary   = 75
	exitNoAccess    = 77
	exitConfig      = 78
)

// errNotRunning: the service is needed and does not run.
var errNotRunning = errors.New("the service does not run")

// exitCode is the number for an error.
func exitCode(err error) int {
	if errors.Is(err, errNotRunning) {
		return exitUnavailable
	}
	switch data.CodeOf(err) {
	case data.CodeUsage:
		return exitUsage
	case data.CodeBadMessage, data.CodeTooLarge, data.CodeBadAddress, data.CodeBadList:
		return exitData
	case data.CodeNotFound:
		return exitNoInput
	case data.CodeInUse:
		return exitCannotMake
	case data.CodeDamaged, data.CodeNewer:
		return exitIO
	case data.CodeDiskFull, data.CodeBusy, data.CodeConflict, data.CodeNotNow, data.CodeUnavailable:
		return exitTemporary
	case data.CodeNoAccess:
		return exitNoAccess
	case data.CodeBadSettings, data.CodeNotConfigured, data.CodeBadSecret, data.CodeSignIn:
		return exitConfig
	}
	if strings.HasPrefix(err.Error(), "unknown command") {
		return exitUsage
	}
	return exitSoftware
}

// fail tells the error in one sentence and the next step, and gives the exit code.
func (a *app) fail(err error) int {
	code := exitCode(err)
	err = terminalError(err, signinAny)
	if a.json {
		answer := map[string]any{"error": err.Error(), "exit": code}
		if c := data.CodeOf(err); c != "" {
			answer["error"], answer["next"] = data.Words(err)
			answer["code"] = string(c)
		}
		_ = encode(a.Err, answer)
		return code
	}
	_, _ = fmt.Fprintln(a.Err, "smtp-gateway: "+strings.TrimSpace(err.Error()))
	return code
}
