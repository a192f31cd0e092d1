package dropfolder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"smtpgateway/data"
	"smtpgateway/data/mirror"
	"smtpgateway/data/place"
)

// refuse sets a file aside with the reason beside it. A refused file is known to nobody: renamed back it is tried as
// if it were new.
func (f *Folder) refuse(ctx context.Context, name string, id place.Identity, known *file, why *data.Error) bool {
	reason := why.Sentence + "\n"
	if why.Next != "" {
		reason += why.Next + "\n"
	}
	reason += "\nNothing of it was sent. When it is mended, rename the file so that it ends in .TMP, and it is tried again."
	bad, err := f.mirror.SetAside(name, id.Seen(), reason)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, mirror.ErrOther):
		return false // gone or replaced meanwhile: the next look sees what there is
	case err != nil:
		f.o.Log.Warn("setting a file aside", "file", name, "error", err)
		f.tellOdd(ctx, name, fmt.Sprintf("The file %q was not taken: %s It could not be renamed to .BAD; remove it by hand.", name, why.Sentence))
		if known != nil {
			known.stuck, known.name = true, name
		}
		return true
	}
	delete(f.files, sightOf(id))
	f.watch.Forget(name)
	f.notef(ctx, data.JournalIntake, 0, "The file %q was not taken and is now %q: %s", name, bad, why.Sentence)
	return true
}

// putAside refuses what is no ordinary file: links, folders, pipes, sockets, devices. None of them is ever opened.
func (l *look) putAside(ctx context.Context) error {
	for _, c := range l.special {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, told := l.odd[c.name]; told {
			continue
		}
		why := &data.Error{
			Code: data.CodeBadMessage, Sentence: "It is no ordinary file but a link, a pipe or the like, so it is not read.",
			Next: "Copy the message itself into the folder.",
		}
		if c.id.Folder {
			why.Sentence, why.Next = "It is a folder, not a message.", "Move the messages in it into the folder itself."
		}
		if l.refuse(ctx, c.name, c.id, nil, why) {
			l.Refused++
		}
	}
	return nil
}
