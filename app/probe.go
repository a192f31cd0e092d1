//go:build !ci

package main

import "github.com/go-gl/glfw/v3.3/glfw"

var _ = glfw.Init
