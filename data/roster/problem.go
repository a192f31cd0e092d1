package roster

import (
	"smtpgateway/data"
)

const (
	maxProblems = 1000
	shownValue  = 60
)

// problems keeps the first of them and counts the rest: tens of thousands would help nobody.
type problems struct {
	kept []data.RowProblem
	more int
}

func (p *problems) add(q data.RowProblem) {
	if len(p.kept) >= maxProblems {
		p.more++
		return
	}
	q.Value = data.Clean(q.Value, shownValue)
	p.kept = append(p.kept, q)
}
