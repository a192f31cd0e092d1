package place

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The parts of an identity come from the handle: volume serial number and FileId, or the older file index where the
// file system has no FileId. A file index has a running number in it on NTFS, so no time of birth is needed.

func identify(f *os.File) (Identity, error) {
	raw, err := f.SyscallConn()
	if err != nil {
		return Identity{}, err
	}
	var id Identity
	var failed error
	err = raw.Control(func(h uintptr) { id, failed = byHandle(windows.Handle(h)) })
	return id, errors.Join(err, failed)
}

// identifyIn asks for attributes only: that is granted even while another program has the file without sharing.
func identifyIn(folder *os.File, name string) (Identity, error) {
	raw, err := folder.SyscallConn()
	if err != nil {
		return Identity{}, err
	}
	var id Identity
	var failed error
	err = raw.Control(func(dir uintptr) {
		var h windows.Handle
		h, failed = OpenRelative(windows.Handle(dir), name, windows.FILE_READ_ATTRIBUTES,
			windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE)
		if failed != nil {
			return
		}
		id, failed = byHandle(h)
		failed = errors.Join(failed, windows.CloseHandle(h))
	})
	return id, errors.Join(err, failed)
}

// OpenRelative opens an existing file by its base name in an open folder, taking the name literally (CON and a
// trailing dot are names like others) and never following a link.
func OpenRelative(dir windows.Handle, name string, access, share uint32) (windows.Handle, error) {
	object, err := windows.NewNTUnicodeString(name)
	if err != nil {
		return 0, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	attributes := windows.OBJECT_ATTRIBUTES{RootDirectory: dir, ObjectName: object}
	attributes.Length = uint32(unsafe.Sizeof(attributes))
	var h windows.Handle
	var status windows.IO_STATUS_BLOCK
	err = windows.NtCreateFile(&h, access|windows.SYNCHRONIZE, &attributes, &status, nil, 0, share,
		windows.FILE_OPEN, windows.FILE_SYNCHRONOUS_IO_NONALERT|windows.FILE_OPEN_REPARSE_POINT, 0, 0)
	if err != nil {
		if nt, ok := errors.AsType[windows.NTStatus](err); ok {
			err = nt.Errno()
		}
		return 0, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return h, nil
}

func byHandle(h windows.Handle) (Identity, error) {
	var info windows.ByHandleFileInformation
	if err := windows.GetFileInformationByHandle(h, &info); err != nil {
		return Identity{}, os.NewSyscallError("GetFileInformationByHandle", err)
	}
	id := Identity{
		Device: uint64(info.VolumeSerialNumber), Volume: uint64(info.VolumeSerialNumber),
		Size:     int64(info.FileSizeHigh)<<32 | int64(info.FileSizeLow),
		Modified: info.LastWriteTime.Nanoseconds(), Links: uint64(info.NumberOfLinks),
	}
	const special = windows.FILE_ATTRIBUTE_DIRECTORY | windows.FILE_ATTRIBUTE_REPARSE_POINT | windows.FILE_ATTRIBUTE_DEVICE
	id.Regular = info.FileAttributes&special == 0
	id.Folder = info.FileAttributes&windows.FILE_ATTRIBUTE_DIRECTORY != 0 && info.FileAttributes&windows.FILE_ATTRIBUTE_REPARSE_POINT == 0
	if kind, err := windows.GetFileType(h); err == nil && kind != windows.FILE_TYPE_DISK {
		id.Regular = false
	}
	var long struct {
		Volume uint64
		File   [16]byte
	}
	err := windows.GetFileInformationByHandleEx(h, windows.FileIdInfo, (*byte)(unsafe.Pointer(&long)), uint32(unsafe.Sizeof(long))) //nolint:gosec // the system fills in as much as it is told
	if err == nil && long.File != [16]byte{} {
		id.Volume, id.File = long.Volume, long.File
		return id, nil
	}
	binary.BigEndian.PutUint32(id.File[8:], info.FileIndexHigh)
	binary.BigEndian.PutUint32(id.File[12:], info.FileIndexLow)
	return id, nil
}
