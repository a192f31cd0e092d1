//go:build ci

package main

import "smtpgateway/data"

// probe has nothing to look at: with the tag ci the toolkit draws in memory.
func probe() *data.Error { return nil }
