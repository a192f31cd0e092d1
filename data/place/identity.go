package place

import (
	"encoding/hex"
	"fmt"
	"os"
	"time"
)

// Identity is which file something is, whatever it is called: a rename keeps it, a copy has another one. Size and
// Modified were read in the same moment, so that one look at a file is one value.
type Identity struct {
	Device   uint64   // the volume as the system numbers it today; another number after a restart means nothing
	Volume   uint64   // the volume by a number that stays; 0: none known, or Birth does without it
	File     [16]byte // the file on its volume: inode, or FileId
	Birth    int64    // when the file was made, Unix nanoseconds; 0: the file system does not say
	Size     int64    // octets
	Modified int64    // Unix nanoseconds
	Changed  int64    // when content or name changed last, Unix nanoseconds; nobody can set it back; 0: the system does not say
	Links    uint64   // names the file has
	Regular  bool     // an ordinary file: no folder, link, pipe, device or reparse point
	Folder   bool     // a folder
}

// Identify tells which file f is.
func Identify(f *os.File) (Identity, error) {
	id, err := identify(f)
	if err != nil {
		return Identity{}, fmt.Errorf("identifying a file: %w", err)
	}
	return id, nil
}

// IdentifyIn tells which file stands in folder under a base name, without following links and without opening the
// file for reading, so it disturbs nobody who is writing it. Errors are fs.ErrNotExist where there is no such name.
func IdentifyIn(folder *os.File, name string) (Identity, error) {
	id, err := identifyIn(folder, name)
	if err != nil {
		return Identity{}, fmt.Errorf("identifying a file of a folder: %w", err)
	}
	return id, nil
}

// String is the identity alone, in letters that may stand in any key: equal for the same file, now and after a
// restart. The device number is not in it, because it may be another one tomorrow.
func (id Identity) String() string {
	return fmt.Sprintf("%x-%s-%x", id.Volume, hex.EncodeToString(id.File[:]), uint64(id.Birth)) //nolint:gosec // the bits matter, not the number
}

// Seen is the identity with size and time of modification: it changes with everything a writer does.
func (id Identity) Seen() string {
	return fmt.Sprintf("%s-%x-%x", id, uint64(id.Size), uint64(id.Modified)) //nolint:gosec // the bits matter, not the number
}

// Same reports whether both are the same file, on the same volume as long as this computer runs.
func (id Identity) Same(other Identity) bool {
	return id.Device == other.Device && id.Volume == other.Volume && id.File == other.File && id.Birth == other.Birth
}

// ModTime is when the file was written last.
func (id Identity) ModTime() time.Time { return time.Unix(0, id.Modified) }
