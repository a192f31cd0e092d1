package dispatch

import (
	"context"

	"smtpgateway/data"
)

// lostAt conversations that ended in the middle of a message, one after the other, are trouble of the server: going on
// would sign in, and perhaps leave a message in doubt, again and again.
const lostAt = 2

// route is one server during one check: one connection, one login. It is dialled again only when the connection ended
// and the server is not in trouble.
type route struct {
	server  data.Server
	state   data.ServerState
	session Session
	paused  bool // left alone when the check began
	trouble bool // got into trouble in this check
	resting bool // does not get on, though nothing is said against it: no more in this check
	capped  bool // has had its recipients of 24 hours
	dry     bool // nothing may go through it any more
	lost    int
	breaker Breaker
}

// inTrouble reports whether the other server takes over.
func (r *route) inTrouble() bool { return r.paused || r.trouble || r.resting }

// open reports whether there is any use in asking for a message for it.
func (r *route) open() bool { return r.server.Set() && !r.inTrouble() && !r.capped && !r.dry }

// connect gives the session of this check, dialling if there is none.
func (r *route) connect(ctx context.Context, dial Dial) (data.Outcome, bool) {
	if r.session != nil && r.session.Alive() {
		return data.Outcome{}, true
	}
	r.close()
	s, o := dial(ctx, r.server)
	if s == nil {
		o.Kind = data.KindServer
		return o, false
	}
	r.session = s
	return data.Outcome{}, true
}

func (r *route) close() {
	if r.session != nil {
		r.session.Close()
		r.session = nil
	}
}

// ended counts conversations that broke off, and says whether that was one too many. With it comes the outcome that
// stands for the server.
func (r *route) ended(outcomes []data.Outcome) (data.Outcome, bool) {
	if r.session == nil {
		return data.Outcome{}, false
	}
	alive := r.session.Alive()
	last := data.Outcome{}
	for i := range outcomes {
		if outcomes[i].Kind == data.KindSent {
			alive = true
		} else if outcomes[i].Kind != data.KindUntouched {
			last = outcomes[i]
		}
	}
	if alive || last.Kind == "" || last.Phase == data.PhaseLocal {
		r.lost = 0
		return last, false
	}
	r.lost++
	last.Kind, last.Pause = data.KindServer, data.PauseShort
	return last, r.lost >= lostAt
}
