package data

import "errors"

// Code is an error's word for programs.
type Code string

// The codes; service/ turns them into exit codes and event numbers.
const (
	CodeBadMessage    Code = "bad-message"    // input is not a mail message we can send
	CodeTooLarge      Code = "too-large"      // over message.max_mb
	CodeBadAddress    Code = "bad-address"    // not an e-mail address
	CodeBadList       Code = "bad-list"       // not a list of patrons or loans we can read, or a calendar of other regions
	CodeBadSettings   Code = "bad-settings"   // a setting is refused
	CodeNotConfigured Code = "not-configured" // no server or no From yet
	CodeBadSecret     Code = "bad-secret"     // a sealed password cannot be opened here
	CodeNoAccess      Code = "no-access"      // data folder, key or folder not accessible
	CodeDamaged       Code = "damaged"        // database damaged
	CodeNewer         Code = "newer"          // database written by a newer version of this program
	CodeInUse         Code = "in-use"         // another service runs on the same data
	CodeDiskFull      Code = "disk-full"
	CodeBusy          Code = "busy"      // database locked by another program
	CodeConflict      Code = "conflict"  // changed meanwhile by somebody else
	CodeNotFound      Code = "not-found" // no such message, file, setting
	CodeNotNow        Code = "not-now"   // this state does not allow it
	CodeUsage         Code = "usage"
	CodeSignIn        Code = "sign-in"     // the sign-in with Google or Microsoft does not hold: a person must sign in again
	CodeUnavailable   Code = "unavailable" // the other side gave no usable answer: works again by itself
)

// Error speaks to two: Code to the program, Sentence and Next to the person. Err is for the log only.
type Error struct {
	Code     Code
	Sentence string // what happened, one sentence
	Next     string // what to do now; empty: nothing
	Err      error
}

// Error is what happened and what to do now; the cause inside is left to the log.
func (e *Error) Error() string {
	if e.Next == "" {
		return e.Sentence
	}
	return e.Sentence + " " + e.Next
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Worded is what the errors of packages that import nothing of the house have in common with Error.
type Worded interface {
	error
	ErrorCode() string
	Words() (sentence, next string)
}

// AsError finds the error of err that speaks to a person, whichever package it is from; nil: none does.
func AsError(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if w, ok := errors.AsType[Worded](err); ok {
		sentence, next := w.Words()
		return &Error{Code: Code(w.ErrorCode()), Sentence: sentence, Next: next, Err: err}
	}
	return nil
}

// CodeOf finds the code of err; empty: an error that is none of ours.
func CodeOf(err error) Code {
	if e := AsError(err); e != nil {
		return e.Code
	}
	return ""
}

// Words are the sentence and the next step of err for a person; an error that speaks to nobody gives its own text.
func Words(err error) (sentence, next string) {
	if e := AsError(err); e != nil {
		return e.Sentence, e.Next
	}
	return err.Error(), ""
}
