package roster

import "context"

func (f *File) openFolder(context.Context) error { return refuse("Folders cannot be read yet.", "") }
func (f *File) openZip(context.Context) error {
	return refuse("Workbooks and zip files cannot be read yet.", "")
}
func (f *File) alonePeople(context.Context, *textTable) error { return nil }
