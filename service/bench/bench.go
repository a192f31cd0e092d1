// Package bench holds the measurements behind the numbers of the README; `./installer/bench` prints them as a table.
// They use Linux's own accounting, so they run there only.
package bench
