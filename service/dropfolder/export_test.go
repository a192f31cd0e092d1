package dropfolder

// Read is how files are opened when no test stands in between.
var Read = read

// Slice is how many files one look reads at most.
const Slice = slice
