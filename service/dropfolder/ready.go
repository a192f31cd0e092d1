package dropfolder

import (
	"path"
	"strings"
	"time"

	"smtpgateway/data/mirror"
	"smtpgateway/data/place"
)

// How long a file must lie unchanged before it counts as finished. PEERS 6: the suffix cannot say it, since some
// programs write in place under the final name.
const (
	stillClosed   = 2 * time.Second  // its writer closed it, or it was moved in; also between two looks of one check
	stillUnknown  = 10 * time.Minute // nobody saw it closed; a second name; a multipart without its end
	stillHeader   = 60 * time.Minute // a header without its end: then it is no message
	lockedFor     = 10 * time.Second // before a locked file is tried again
	unreadableFor = time.Minute      // before a file without the right to read is: it must not keep others out of a slice
)

// candidate reports whether a name is that of a message: .TMP or .EML in any case, and not one of the names by which
// programs mark what is not finished.
func candidate(name string) bool {
	if strings.HasPrefix(name, "~") || strings.HasPrefix(name, ".") {
		return false
	}
	suffix := path.Ext(name)
	return strings.EqualFold(suffix, ".TMP") || strings.EqualFold(suffix, ".EML")
}

// sight is one look at one file: identity, size and time of modification. Whatever a writer does gives another one,
// a rename gives the same.
type sight struct {
	volume                uint64
	id                    [16]byte
	birth, size, modified int64
}

func sightOf(id place.Identity) sight {
	return sight{volume: id.Volume, id: id.File, birth: id.Birth, size: id.Size, modified: id.Modified}
}

func (s sight) identity() place.Identity {
	return place.Identity{Volume: s.volume, File: s.id, Birth: s.birth, Size: s.size, Modified: s.modified}
}

// file is what is remembered of a file between two looks.
type file struct {
	name    string
	first   time.Time // first look that found it as it is
	round   uint32    // last look that found it
	early   bool      // the first look of this process found it
	missed  time.Time // first look that missed it; zero: it is there
	later   time.Time // not to be read before; zero: at any time
	message int64     // number in the queue; 0: not taken
	sum     [32]byte  // of its content, once taken
	checked bool      // content compared with sum by this process
	own     bool      // written by ourselves, whole
	stuck   bool      // refused, and cannot be renamed: not tried again as long as it stays as it is
	warned  bool      // a person was told about it
	content content
}

// content is what a first reading found.
type content int

const (
	contentUnknown   content = iota
	contentNoEnd             // the header has no end yet
	contentMultipart         // a multipart without its closing boundary
)

// ripe is when the file counts as finished if nothing changes until then.
func (f *file) ripe(id place.Identity, closed, both bool) time.Time {
	since := f.first
	// The file's own time counts where a writer is known to be done, or where we just came: else a computer that
	// slept while somebody was writing would find a file that has not changed for hours.
	if changed := time.Unix(0, id.Changed); (closed || f.early) && id.Changed != 0 && changed.Before(since) {
		since = changed
	}
	still := stillUnknown
	switch {
	case f.content == contentNoEnd:
		still = stillHeader
	case id.Links > 1 || f.content == contentMultipart:
	case f.own || (f.message != 0 && !f.checked):
		return f.first // whole by our own word, or known from an earlier run
	case mirror.OpenTells:
		return f.first
	case both:
		return f.first.Add(stillClosed)
	case closed:
		still = stillClosed
	}
	return since.Add(still)
}
