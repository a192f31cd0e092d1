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

// Hasty makes a sign-in wait a fraction of the usual time for the service.
func (s *SignIn) Hasty() { s.patience.look, s.patience.alive = 5*time.Millisecond, 10*time.Millisecond }

// HastyMute makes a sign-in give up at once on a service that does not answer.
func (s *SignIn) HastyMute() { s.patience.mute = 20 * time.Millisecond }
