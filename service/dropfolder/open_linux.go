package dropfolder

// openTells: an open without sharing tells whether a writer is done. Here it does not: everybody may open.
const openTells = false
