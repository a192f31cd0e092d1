package dropfolder

import (
	"io"
	"os"

	"smtpgateway/data/mirror"
	"smtpgateway/data/place"
)

// File is a file of the folder opened for reading, at any offset.
type File interface {
	io.ReaderAt
	io.Closer
	// Identify tells which file it is and how it is now.
	Identify() (place.Identity, error)
}

type realFile struct{ *os.File }

func (f realFile) Identify() (place.Identity, error) { return place.Identify(f.File) }

func read(m *mirror.Folder, name string) (File, place.Identity, error) {
	f, id, err := m.Read(name)
	if err != nil {
		return nil, id, err
	}
	return realFile{f}, id, nil
}
