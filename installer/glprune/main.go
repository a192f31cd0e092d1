// Command glprune copies the Go bindings to OpenGL 2.1 from the module cache, without the thousands of functions that
// the window's toolkit never calls: compiling them through cgo takes longer than all the rest of the window.
//
//	glprune FYNE OPENGL OUT
//
// FYNE is the toolkit's file that calls OpenGL, OPENGL the folder of the bindings, OUT the folder to be made. Exit
// status 1 means that one of them does not look as expected; building with the bindings as they are works all the same.
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 4 {
		_, _ = fmt.Fprintln(os.Stderr, "usage: glprune FYNE OPENGL OUT")
		os.Exit(64)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "glprune:", err)
		os.Exit(1)
	}
}

// bindings is the one generated file worth cutting; the others of its package are small.
const bindings = "package.go"

// run reads everything before it writes, so that a shape it does not know leaves no half of a package behind.
func run(fyne, opengl, out string) error {
	caller, err := os.ReadFile(fyne) //nolint:gosec // it is for this that it is named
	if err != nil {
		return err
	}
	used, err := names(caller)
	if err != nil {
		return fmt.Errorf("%s: %w", fyne, err)
	}
	whole, err := os.ReadFile(filepath.Join(opengl, bindings)) //nolint:gosec // as above
	if err != nil {
		return err
	}
	pruned, err := prune(whole, used)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(opengl, bindings), err)
	}
	if err := os.RemoveAll(out); err != nil { //nolint:gosec // as above
		return err
	}
	if err := copyFolder(out, os.DirFS(opengl)); err != nil {
		return err
	}
	return write(filepath.Join(out, bindings), pruned)
}

// copyFolder copies all files but the bindings. The module cache is read-only; the copy is not, so that it can be
// replaced by the next run.
func copyFolder(out string, from fs.FS) error {
	return fs.WalkDir(from, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == bindings {
			return err
		}
		content, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		return write(filepath.Join(out, filepath.FromSlash(name)), content)
	})
}

func write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // what a build leaves behind is no secret
		return err
	}
	return os.WriteFile(path, content, 0o644) //nolint:gosec // as above
}
