//go:build !linux && !windows

package software

import "errors"

// newNative: on other systems there is no window without OpenGL.
func newNative() native { return none{} }

type none struct{ native }

func (none) open(opening, handler) error {
	return errors.New("no window without OpenGL is known for this system")
}
