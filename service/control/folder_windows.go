package control

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// UseFolder lets the service into the folder that shall be watched for mail or lists, by its own SID. What is watched is the caller's
// setting. The path comes back without links.
func UseFolder(ctx context.Context, l Layout, purpose Purpose, path string) (resolved string, err error) {
	s, err := Query(ctx)
	if err != nil {
		return "", err
	}
	if !s.Installed {
		return "", notInstalled()
	}
	resolved, err = checkFolder(l, purpose, path)
	if err != nil {
		return "", err
	}
	sid, err := windows.StringToSid(l.Service)
	if err != nil {
		return "", refused("let the service into another folder", err)
	}
	if err := allow(resolved, windows.SE_FILE_OBJECT, sid, modify, windows.SUB_CONTAINERS_AND_OBJECTS_INHERIT); err != nil {
		return "", refused("let the service into another folder", err)
	}
	return resolved, nil
}

// checkFolder gives the real path of an existing folder that neither is nor holds nor lies in one of the service's own.
func checkFolder(l Layout, purpose Purpose, path string) (string, error) {
	refuse := func(why string, err error) (string, error) { return "", purpose.refuse(path, why, err) }
	if !filepath.IsAbs(path) || oneLine(path) != path {
		return refuse("its path is not a usable one", nil)
	}
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		return refuse("it is not there", err)
	}
	if info, err := os.Stat(resolved); err != nil || !info.IsDir() {
		return refuse("it is not a folder", err)
	}
	if strings.EqualFold(resolved, l.Folder) {
		if purpose == ForLists {
			return refuse("it is the one for mail", nil)
		}
		return resolved, nil
	}
	forbidden := []string{l.Data, l.Key, l.Logs, filepath.Dir(l.Program)}
	if dir, err := windows.KnownFolderPath(windows.FOLDERID_Windows, windows.KF_FLAG_DEFAULT); err == nil {
		forbidden = append(forbidden, dir)
	}
	for _, dir := range forbidden {
		here, there := strings.ToLower(strings.TrimSuffix(resolved, `\`)+`\`), strings.ToLower(strings.TrimSuffix(dir, `\`)+`\`)
		if strings.HasPrefix(there, here) {
			return refuse("it is or holds "+dir, nil)
		}
		if strings.HasPrefix(here, there) {
			return refuse("it lies in "+dir, nil)
		}
	}
	return resolved, nil
}
