package data

// Ended is a message some of whose deliveries have ended and not been carried home: its file still lies in the
// folder, or its sender was not told.
type Ended struct {
	Message Message
	Origin  *Origin    // nil: no dropped file
	Ended   []Delivery // ended and unsettled
	Open    int        // deliveries still live
	Failed  []Delivery // every failed delivery of the message, settled or not
	Sent    int        // deliveries sent so far
}
