package screen

import (
	"context"
	"slices"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// sight is an answer of the store.
type sight struct {
	entries []data.Entry
	upper   []data.Entry // above entries
	newest  int64
	news    int
	whole   bool // nothing is older than these
}

// begin shows filter and search from their newest; what was chosen under others is chosen no more.
func (q *Queue) begin() {
	q.chosen, q.all = map[int64]data.State{}, false
	q.date, q.wrong = "", ""
	q.fresh()
}

// query is the question for a page under filter and search.
func (q *Queue) query() data.ListQuery {
	l := data.ListQuery{Search: q.words(), Limit: queuePage}
	if q.filter != "" {
		l.States = []data.State{q.filter}
	}
	return l
}

// ask asks the store, and shows what it answers to the last question.
func (q *Queue) ask(work func(ctx context.Context, s *store.Store) (sight, error), show func(sight)) {
	askLast(q.desk, &q.asking, work, func(got sight, err error) {
		q.rows = nil
		if q.answered(err) {
			show(got)
			q.look()
		}
		q.changed()
		q.goOn(q.reread, q.Older, q.Newer)
	})
}

// look keeps the states of what is chosen as they are seen now.
func (q *Queue) look() {
	for i := range q.window {
		if _, ok := q.chosen[q.window[i].ID]; ok {
			q.chosen[q.window[i].ID] = q.window[i].State
		}
	}
}

// fresh shows the newest.
func (q *Queue) fresh() {
	l := q.query()
	q.ask(func(ctx context.Context, s *store.Store) (sight, error) {
		page, err := s.List(ctx, l)
		return sight{entries: page, whole: len(page) < l.Limit}, err
	}, func(got sight) {
		q.window, q.top, q.bottom, q.news = got.entries, true, got.whole, 0
		q.newest = first(q.window)
		q.moved = Move{Jump: true}
	})
	q.changed()
}

// jump shows what was queued up to a time, with a page above it to scroll up into.
func (q *Queue) jump(by time.Time) {
	l := q.query()
	q.ask(func(ctx context.Context, s *store.Store) (sight, error) {
		down := l
		down.QueuedBy = by
		page, err := s.List(ctx, down)
		if err != nil || len(page) == 0 {
			return sight{}, err
		}
		up := l
		up.After = first(page)
		upper, err := s.List(ctx, up)
		if err != nil {
			return sight{}, err
		}
		up.After, up.Limit = 0, 1
		newest, err := s.List(ctx, up)
		return sight{entries: page, upper: upper, newest: first(newest), whole: len(page) < down.Limit}, err
	}, func(got sight) {
		if len(got.entries) == 0 {
			q.wrong = q.desk.Say("Nothing here is as old as that.")
			return
		}
		q.window = slices.Concat(got.upper, got.entries)
		q.top, q.bottom, q.news = len(got.upper) < queuePage, got.whole, 0
		q.newest = max(got.newest, first(q.window))
		q.moved = Move{Jump: true, To: len(got.upper)}
	})
}

// Older adds a page at the far end, if there is one; who draws calls it when the end comes into sight.
func (q *Queue) Older() {
	if !q.loaded || q.bottom || len(q.window) == 0 {
		return
	}
	if q.later(&q.waiting.further) {
		return
	}
	l := q.query()
	l.Before = q.window[len(q.window)-1].ID
	q.ask(func(ctx context.Context, s *store.Store) (sight, error) {
		page, err := s.List(ctx, l)
		return sight{entries: page}, err
	}, func(got sight) {
		q.window = append(q.window, got.entries...)
		q.bottom = len(got.entries) < l.Limit
		if far := len(q.window) - queueMost; far > 0 {
			q.window = slices.Clone(q.window[far:])
			q.top = false
			q.moved.By -= far
		}
	})
}

// Newer adds a page in front, if there is one.
func (q *Queue) Newer() {
	if !q.loaded || q.top || len(q.window) == 0 {
		return
	}
	if q.later(&q.waiting.back) {
		return
	}
	l := q.query()
	l.After = q.window[0].ID
	q.ask(func(ctx context.Context, s *store.Store) (sight, error) {
		page, err := s.List(ctx, l)
		return sight{entries: page}, err
	}, func(got sight) {
		q.window = slices.Concat(got.entries, q.window)
		q.top = len(got.entries) < l.Limit
		q.moved.By += len(got.entries)
		if len(q.window) > queueMost {
			q.window, q.bottom = slices.Clone(q.window[:queueMost]), false
		}
		q.newest = max(q.newest, first(q.window))
		if q.top {
			q.news = 0
		}
	})
}

// reread reads the lines in hand again after something changed. Whoever looks at the newest sees new ones come; whoever
// looks elsewhere stays there and is told of them.
func (q *Queue) reread() {
	switch {
	case q.later(&q.waiting.reread):
		return
	case len(q.window) == 0, q.top && q.place() == 0:
		q.rereadTop()
		return
	}
	between, above := q.query(), q.query()
	between.After, between.Before, between.Limit = q.window[len(q.window)-1].ID-1, q.window[0].ID+1, queueMost
	above.After, above.Limit = q.newest, newMost
	if q.bottom {
		between.After = 0
	}
	if q.top {
		between.Before = max(q.newest, q.window[0].ID) + 1
	}
	q.ask(func(ctx context.Context, s *store.Store) (sight, error) {
		page, err := s.List(ctx, between)
		if err != nil {
			return sight{}, err
		}
		news, err := s.List(ctx, above)
		return sight{entries: page, news: len(news)}, err
	}, func(got sight) {
		before := q.window
		q.keepPlace(got.entries)
		q.news = got.news
		if q.news > 0 {
			q.top = false
		}
		if len(q.window) == 0 && len(before) > 0 {
			q.top, q.bottom, q.waiting.reread = true, true, true // all of it left the filter: look from the top
		}
	})
}

func (q *Queue) rereadTop() {
	l := q.query()
	l.Limit = max(queuePage, len(q.window))
	q.ask(func(ctx context.Context, s *store.Store) (sight, error) {
		page, err := s.List(ctx, l)
		return sight{entries: page, whole: len(page) < l.Limit}, err
	}, func(got sight) {
		if q.place() > 0 {
			// The person scrolled away while it was read: the lines stay under their eyes.
			q.keepPlace(got.entries)
		} else {
			q.window = got.entries
		}
		q.top, q.bottom, q.news = true, got.whole, 0
		q.newest = max(q.newest, first(q.window))
	})
}

// keepPlace puts other lines in place of the window and says how far the one a person looks at has moved.
func (q *Queue) keepPlace(entries []data.Entry) {
	place := q.place()
	if place < len(q.window) {
		was := q.window[place].ID
		now := slices.IndexFunc(entries, func(e data.Entry) bool { return e.ID <= was })
		if now < 0 {
			now = len(entries)
		}
		q.moved.By += now - place
	}
	q.window = entries
}

func (q *Queue) place() int {
	if q.Place == nil {
		return 0
	}
	return max(q.Place(), 0)
}

func first(entries []data.Entry) int64 {
	if len(entries) == 0 {
		return 0
	}
	return entries[0].ID
}
