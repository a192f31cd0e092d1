package screentest

import "strings"

// Raw lists what of words was written for programmers and not for people.
func Raw(words string) (found []string) {
	low := strings.ToLower(words)
	for _, one := range []string{
		"no such file", "permission denied", "no space left", "read-only file system", "input/output error", "not a directory", "errno", "sqlite", "sql:", "context canceled", "context deadline", "deadline exceeded",
		"0x", "%!", "eof", "<nil>", "panic", "database/sql", "goroutine", "disk i/o", "malformed", "connection refused", "driver:", "syscall",
	} {
		if strings.Contains(low, one) {
			found = append(found, one)
		}
	}
	return found
}
