// Package assets is in charge of what is shipped inside the programs: the messages of a made-up school library for the
// demo. Everybody in them is invented; their addresses end in example.org, which belongs to nobody.
package assets

import (
	"embed"
	"io/fs"
)

//go:embed demo/*.eml
var demo embed.FS

// Demo is the folder of sample messages, as a school's library program would drop them: .eml files, each a whole
// message (RFC 5322). One names its recipients in X-Sender and X-Receiver lines, and one goes to somebody who does not
// exist; see DemoUnknown.
func Demo() fs.FS {
	folder, err := fs.Sub(demo, "demo")
	if err != nil {
		panic(err) // the name is a constant: a test would have seen it
	}
	return folder
}

// DemoUnknown is how the one address in Demo begins that the demo's mail server has to refuse, as a real one refuses a
// reader who has left the school.
const DemoUnknown = "user-unknown@"
