// Package software is in charge of the window where there is no OpenGL: Fyne's own software painter draws it into memory,
// and a plain window of the operating system shows the picture and tells what the person does.
package software
