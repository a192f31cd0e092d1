package dropfolder

import "time"

// HintAtOnce lets hints follow their events without the usual delay.
func HintAtOnce(f *Folder) {
	f.watch.SetDelay(time.Microsecond)
}
