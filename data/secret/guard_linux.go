package secret

import (
	"errors"
	"os"
	"syscall"
)

// guard gives a new file of the key folder its rights: the private half for the service's account alone, the public
// one readable by its group. A key that root makes belongs to the owner of the folder, else the service could not
// open it.
func guard(f *os.File, dir string, who audience) error {
	if os.Geteuid() == 0 {
		info, err := os.Stat(dir)
		if err != nil {
			return err
		}
		if st, ok := info.Sys().(*syscall.Stat_t); ok {
			if err := f.Chown(int(st.Uid), int(st.Gid)); err != nil {
				return err
			}
		}
	}
	if who == public {
		return f.Chmod(0o640)
	}
	return f.Chmod(0o600)
}

// wrap has nothing to add here: the file's rights are the protection.
func wrap(key, _ []byte) ([]byte, error) { return key, nil }

// unwrap undoes wrap.
func unwrap(key, _ []byte) ([]byte, error) { return key, nil }

// syncDir makes new names in the folder survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // the caller's key folder
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
