package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

// talks reports whether a person sits there who can be asked.
func (a *app) talks() bool {
	if a.json || !isTerminal(a.Out) {
		return false
	}
	in, ok := a.In.(*os.File)
	return ok && isTerminal(in)
}

// unasked is a question nobody is there to answer, with the flag that does.
func unasked(question, flag string) error {
	return &data.Error{Code: data.CodeBadList, Sentence: question, Next: flag}
}

// answers has every open question about columns and names answered.
func (im *listImport) answers() error {
	for _, q := range im.open {
		if !im.app.talks() {
			return unasked(questionWords(&q), answerFlag(&q))
		}
		chosen, err := im.app.choose(q)
		if err != nil {
			return err
		}
		im.mapping = roster.Answer(im.mapping, q, chosen...)
	}
	im.open = nil
	return nil
}

// questionWords is a question with its choices on one line.
func questionWords(q *roster.Question) string {
	all := make([]string, len(q.Choices))
	for i, c := range q.Choices {
		if all[i] = fmt.Sprintf("%q", data.Clean(c.Label, 60)); c.Example != "" {
			all[i] += " (such as " + data.Clean(c.Example, 60) + ")"
		}
	}
	return q.Ask + " " + strings.Join(all, ", ") + "."
}

// answerFlag is the flag that answers a question.
func answerFlag(q *roster.Question) string {
	if len(q.Choices) == 0 {
		return ""
	}
	first := q.Choices[0].Value
	if q.ID == "name-order" {
		return "Add --name-order last-first or --name-order first-last."
	}
	return fmt.Sprintf("Add --map %q, or --map %q if it is none of them.", first+"="+q.Field, first+"=")
}

// choose asks a person. Enter takes what is proposed, 0 means none of them.
func (a *app) choose(q roster.Question) ([]string, error) {
	_, _ = fmt.Fprintln(a.Out, q.Ask)
	proposed := ""
	for i, c := range q.Choices {
		mark := " "
		for _, p := range q.Proposed {
			if p == c.Value {
				mark, proposed = "*", strings.TrimPrefix(proposed+","+strconv.Itoa(i+1), ",")
			}
		}
		_, _ = fmt.Fprintf(a.Out, "%s %2d  %s  %s\n", mark, i+1, cut(c.Label, 30), data.Clean(c.Example, 60))
	}
	how := "Number, 0 for none of them"
	if q.Many {
		how = "Numbers parted by commas, 0 for none of them"
	}
	if proposed != "" {
		how += ", Enter for " + proposed
	}
	for {
		line, err := a.prompt(how + ": ")
		if err != nil {
			return nil, err
		}
		if line == "" {
			line = proposed
		}
		if chosen, ok := picked(line, &q); ok {
			return chosen, nil
		}
	}
}

// picked reads the numbers of choices.
func picked(line string, q *roster.Question) ([]string, bool) {
	if strings.TrimSpace(line) == "0" {
		return nil, true
	}
	var chosen []string
	for word := range strings.SplitSeq(line, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil || n < 1 || n > len(q.Choices) {
			return nil, false
		}
		chosen = append(chosen, q.Choices[n-1].Value)
	}
	return chosen, len(chosen) == 1 || q.Many
}

// askDate says, or asks, in which order a column's dates are written.
func (im *listImport) askDate(q data.DateQuestion) (string, error) {
	for _, order := range q.Orders {
		if order == im.flags.dateOrder {
			return order, nil
		}
	}
	words := fmt.Sprintf("Column %q: %s", data.Clean(q.Column, 60), roster.AskDate(q))
	if !im.app.talks() {
		return "", unasked(words, fmt.Sprintf("Add --date-order %s for %s, or --date-order %s for %s.", q.Orders[0], q.Days[0], q.Orders[1], q.Days[1]))
	}
	chosen, err := im.app.choose(roster.Question{Ask: words, Choices: []roster.Choice{
		{Value: q.Orders[0], Label: q.Days[0].String()}, {Value: q.Orders[1], Label: q.Days[1].String()},
	}})
	if err != nil {
		return "", err
	}
	if len(chosen) == 0 {
		return "", unasked(words, "Without an answer nothing can be taken in.")
	}
	return chosen[0], nil
}

// agreed has a person say yes: to every list where somebody sits there, and to one that looks cut short in any case.
func (im *listImport) agreed() error {
	doubt := im.set.Suspect
	switch {
	case im.flags.yes:
		return nil
	case im.app.talks():
		question := "Take this in?"
		if doubt != "" {
			question = doubt + " Take it in all the same?"
		}
		line, err := im.app.prompt(question + " [y/N] ")
		if err != nil {
			return err
		}
		if l := strings.ToLower(line); l == "y" || l == "yes" {
			return nil
		}
		return &data.Error{Code: data.CodeBadList, Sentence: "Nothing was changed."}
	case doubt != "":
		return unasked("Nothing was changed. "+doubt, "Look at the file; if it is right, add --yes.")
	}
	return nil
}

// prompt asks for one line. The end of the input is no answer.
func (a *app) prompt(words string) (string, error) {
	_, _ = fmt.Fprint(a.Out, words)
	if a.lines == nil {
		a.lines = bufio.NewReader(a.In)
	}
	line, err := a.lines.ReadString('\n')
	if err != nil && (line == "" || err != io.EOF) {
		_, _ = fmt.Fprintln(a.Out)
		return "", &data.Error{Code: data.CodeBadList, Sentence: "Nothing was changed: there was no answer.", Err: err}
	}
	return strings.TrimSpace(line), nil
}

// readProgress counts on a terminal how much of a file is read.
func (a *app) readProgress() func(read, size int64) {
	if a.json || !isTerminal(a.Out) {
		return nil
	}
	last := int64(-1)
	return func(read, size int64) {
		if size < 4<<20 {
			return // it is over before anybody sees it
		}
		if percent := read * 100 / size; percent != last {
			last = percent
			_, _ = fmt.Fprintf(a.Out, "\r%d %% read", percent)
			if read == size {
				_, _ = fmt.Fprint(a.Out, "\r")
			}
		}
	}
}
