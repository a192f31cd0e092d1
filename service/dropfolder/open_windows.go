package dropfolder

// openTells: an open without sharing tells whether a writer is done. Here it does: mirror opens that way.
const openTells = true
