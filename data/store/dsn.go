package store

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Page caches in KiB. They are small because an idle service shall stay under 20 MB, and the operating system caches
// the file anyway.
const (
	writerCache = 2000
	readerCache = 1000
)

// journalLimit bounds the write-ahead log that stays on the disk after a burst, in octets.
const journalLimit = 64 << 20

// writerName names the file for the writer connection; every pragma is in it, so that a connection the pool had to
// open anew is like the first.
func writerName(path string, busy time.Duration) string {
	return dsn(path, busy, writerCache, "_txlock=immediate", "_pragma=journal_mode(WAL)")
}

// readerName names the file for connections that only read. They open it for writing all the same: without that right
// SQLite could not mend the shared index of the write-ahead log after a crash.
func readerName(path string, busy time.Duration) string {
	return dsn(path, busy, readerCache, "_query_only=1")
}

// copierName names the file for a connection that copies it: nothing is written to it, but VACUUM INTO is refused on
// a connection that cannot write.
func copierName(path string, busy time.Duration) string { return dsn(path, busy, readerCache) }

// newName names a file that is being made. It has no write-ahead log yet, so that a crash leaves nothing beside it
// that would belong to it.
func newName(path string, busy time.Duration) string {
	return dsn(path, busy, readerCache, "_txlock=immediate", "_pragma=journal_mode(DELETE)")
}

// copyName names a finished copy that nobody writes.
func copyName(path string) string {
	return fileURI(path, runtime.GOOS == "windows") + "?mode=ro&immutable=1&_pragma=trusted_schema(0)&_defensive=1"
}

func dsn(path string, busy time.Duration, cache int, more ...string) string {
	parts := append([]string{
		"mode=rw", "_defensive=1", "_dqs=0", "_error_rc=1",
		fmt.Sprintf("_pragma=busy_timeout(%d)", busy.Milliseconds()),
		fmt.Sprintf("_pragma=cache_size(-%d)", cache),
		fmt.Sprintf("_pragma=journal_size_limit(%d)", journalLimit),
		"_pragma=synchronous(FULL)", "_pragma=foreign_keys(1)", "_pragma=trusted_schema(0)",
		"_pragma=secure_delete(1)", "_pragma=cell_size_check(1)",
	}, more...)
	return fileURI(path, runtime.GOOS == "windows") + "?" + strings.Join(parts, "&")
}

// fileURI is an absolute path as SQLite reads it in a name that begins with file: (https://sqlite.org/uri.html).
// Octets that could mean something there are escaped, so that a folder may be called what it likes.
func fileURI(path string, windows bool) string {
	if windows {
		path = strings.ReplaceAll(path, `\`, "/")
		if !strings.HasPrefix(path, "/") {
			path = "/" + path // a drive letter
		}
	} else {
		path = filepath.ToSlash(path)
	}
	var b strings.Builder
	b.WriteString("file://")
	for _, c := range []byte(path) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("/-._~:", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
