package place

// Error tells a person what is wrong with a place and what to do about it. The package imports nothing of the house,
// so the code is a plain word here; data.CodeOf understands it.
type Error struct {
	Code     string // "in-use", "no-access", "damaged", "disk-full"
	Sentence string
	Next     string
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

// ErrorCode is the word for programs.
func (e *Error) ErrorCode() string { return e.Code }

// Words are the sentence and the next step, apart.
func (e *Error) Words() (sentence, next string) { return e.Sentence, e.Next }
