package screen

import "time"

// Hasty makes a test wait a fraction of the usual time for everybody.
func (t *ServerTest) Hasty() {
	t.patience = patience{
		look: 5 * time.Millisecond, alive: 10 * time.Millisecond, note: 20 * time.Millisecond, mute: 10 * time.Second,
		agree: 10 * time.Second, most: time.Minute,
	}
}

// Careless makes a test give up after a moment on settings that are not in force, and on a service that does not answer.
func (t *ServerTest) Careless() {
	t.patience.agree, t.patience.mute = 50*time.Millisecond, 50*time.Millisecond
}
