package data

import "slices"

// State is where one delivery (one message to one recipient) stands. The store repeats these words as CHECKs.
type State string

const (
	// Waiting is set by a door when a message is stored, by dispatch after a temporary or uncertain outcome, and by
	// a person who releases or sends again. Dispatch takes it out by claiming.
	Waiting State = "waiting"
	// Sending is set by a claim, before anyone is dialled, and ends with the recorded outcome; one found at start
	// belongs to a program that died and goes back to Waiting as uncertain.
	Sending State = "sending"
	// Sent is set when a server answered 2xx to the final dot, and never left.
	Sent State = "sent"
	// Failed is set when recipient or message were refused for good or the give-up time is over. A person may send
	// it again.
	Failed State = "failed"
	// Held is set by a person, by a second uncertain outcome, by practice mode and by a dropped file that was taken
	// away; only a person takes it out.
	Held State = "held"
	// Cancelled is set by a person; a person may also take it back.
	Cancelled State = "cancelled"
)

// States lists every state in the order a person wants to read them: trouble first, history last.
func States() []State { return []State{Sending, Waiting, Held, Failed, Sent, Cancelled} }

// Live reports whether there is still something to do: the states of the live queue, apart from history.
func (s State) Live() bool { return s == Waiting || s == Sending || s == Held }

// Valid reports whether s is one of States.
func (s State) Valid() bool {
	return slices.Contains(States(), s)
}

// Words is the state as a librarian would say it.
func (s State) Words() string {
	switch s {
	case Waiting:
		return "waiting to be sent"
	case Sending:
		return "being sent"
	case Sent:
		return "sent"
	case Failed:
		return "could not be sent"
	case Held:
		return "held for you to decide"
	case Cancelled:
		return "cancelled"
	}
	return string(s)
}

// Class is what a message is for, and so who goes first: a lower number is more urgent.
type Class int

// The classes in order of urgency. Within one class new and deferred deliveries take turns.
const (
	ClassTest Class = iota
	ClassReturn
	ClassLog
	ClassDirect
	ClassNotice
	ClassDropped
	ClassLetter
	ClassBulk
)

// Classes lists every class, most urgent first.
func Classes() []Class {
	return []Class{ClassTest, ClassReturn, ClassLog, ClassDirect, ClassNotice, ClassDropped, ClassLetter, ClassBulk}
}

var classNames = [...]string{"test", "return", "log", "direct", "notice", "dropped", "letter", "bulk"}

// String is the word for the class in lists and exports.
func (c Class) String() string {
	if c < 0 || int(c) >= len(classNames) {
		return "unknown"
	}
	return classNames[c]
}

// Own reports whether the program itself wrote the message (test, return or log mail): these are never answered
// with a return mail and go out in practice mode too.
func (c Class) Own() bool { return c == ClassTest || c == ClassReturn || c == ClassLog }

// Door is where a message came in.
type Door string

// The doors of this program. DoorOwn is the program writing for itself.
const (
	DoorFolder  Door = "folder"
	DoorEnqueue Door = "enqueue"
	DoorOwn     Door = "program"
	DoorCopy    Door = "copy"
	DoorLetter  Door = "letters" // a person sent letters
	DoorNotice  Door = "notices" // automatic notices
	DoorDirect  Door = "direct"  // a person wrote to one patron
)
