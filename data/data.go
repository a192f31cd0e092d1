// Package data is in charge of the nouns both programs agree on: messages, deliveries and what became of them,
// servers, settings, and the sentences a person reads. It imports nothing of the house, opens nothing and
// dials nothing; every other package speaks in its words.
package data
