//go:build !ci

package main

import (
	"fmt"
	"strings"

	"github.com/go-gl/glfw/v3.3/glfw"

	"smtpgateway/data"
)

// probe says whether this computer can show the window: without OpenGL 2.1 the toolkit would run on with no window and no
// word. It opens a window that is never seen; nothing else tells for sure. Drivers are known to break off here, and so
// does glfw itself where a display lacks OpenGL altogether.
func probe() (problem *data.Error) {
	defer func() {
		if r := recover(); r != nil {
			err := fmt.Errorf("%v", r)
			// glfw keeps it to itself that there is no display, and complains afterwards that it never began.
			if problem = noOpenGL(err); strings.Contains(err.Error(), "NotInitialized") {
				problem = noDisplay(err)
			}
		}
	}()
	if err := glfw.Init(); err != nil {
		return noDisplay(err)
	}
	defer glfw.Terminate()
	glfw.WindowHint(glfw.Visible, glfw.False)
	glfw.WindowHint(glfw.ContextVersionMajor, 2)
	glfw.WindowHint(glfw.ContextVersionMinor, 1)
	w, err := glfw.CreateWindow(16, 16, title, nil, nil)
	if err != nil {
		return noOpenGL(err)
	}
	w.Destroy()
	return nil
}
