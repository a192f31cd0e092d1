package main

import (
	"fmt"
	"os"
)

// tell writes a line for whoever started the program at a terminal.
func tell(to *os.File, text string) { _, _ = fmt.Fprintln(to, text) }
