package main

import (
	"context"

	"smtpgateway/data"
	"smtpgateway/data/store"
	"smtpgateway/service/gateway"
)

// importsView is the folder for lists in `status --json`. The names are part of the interface.
type importsView struct {
	Folder  string             `json:"folder"`
	Problem string             `json:"problem,omitempty"` // why it cannot be looked at
	Remedy  string             `json:"remedy,omitempty"`
	Last    *data.ImportRecord `json:"last,omitempty"`        // the last list taken in by itself
	Held    []gateway.HeldList `json:"held"`                  // lists that wait for a person
	Left    int                `json:"not_renamed,omitempty"` // lists taken in that lie there as they came
}

// importsStatus looks at the folder for lists; nil: there is none.
func importsStatus(ctx context.Context, s *store.Store, set *data.Settings) (*importsView, error) {
	if set.ImportsFolder == "" {
		return nil, nil //nolint:nilnil // as the comment says
	}
	v := &importsView{Folder: set.ImportsFolder, Held: []gateway.HeldList{}}
	last, ok, err := s.ImportByItself(ctx)
	if err != nil {
		return nil, err
	}
	if ok {
		v.Last = &last
	}
	held, left, err := gateway.ListsStand(ctx, set.ImportsFolder, s)
	if err != nil {
		v.Problem, v.Remedy = data.Words(err)
	}
	v.Held, v.Left = append(v.Held, held...), left
	return v, nil
}

func (a *app) printImports(v *importsView) {
	if v == nil {
		return
	}
	a.sayf("Lists      %s", v.Folder)
	if v.Problem != "" {
		a.sayf("           %s", v.Problem)
	}
	if r := v.Last; r != nil {
		a.sayf("           last taken in by itself: %s, %s (%s)", data.Clean(r.File, 60), when(r.At), r.Counts())
	}
	for _, h := range v.Held {
		a.sayf("To do      %s is held: %s %s", data.Clean(h.Name, 60), h.Sentence, h.Remedy)
	}
}
