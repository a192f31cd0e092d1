package roster

import (
	"fmt"
	"time"

	"smtpgateway/data"
)

// dates is a column of dates on its way to being understood.
type dates struct {
	header string
	column int
	field  string
	cells  []written
	dmy    int // cells that are a day in this order
	mdy    int
	ymd    int
	loose  int // cells whose order is not certain by themselves
	dots   int
	differ bool // some cell is another day in each order
	shown  written
	value  string // as the cell shown has it
}

func (c *dates) add(w written, s string) {
	c.cells = append(c.cells, w)
	if w.kind == writtenDay || w.kind == writtenNothing {
		return
	}
	c.loose++
	if w.kind == writtenDots {
		c.dots++
	}
	dmy, mdy := w.fits(orderDMY), w.fits(orderMDY)
	if dmy {
		c.dmy++
	}
	if mdy {
		c.mdy++
	}
	if w.fits(orderYMD) {
		c.ymd++
	}
	if dmy && mdy && w.parts[0] != w.parts[1] && !c.differ {
		c.differ, c.shown, c.value = true, w, s
	}
}

// order decides for the whole column. If all cells can be read in one order only, that decides; else the mapping's answer;
// else in which order more can be read, or dots; else a person has to: question is not nil.
func (c *dates) order(answers map[string]string) (order string, question *data.DateQuestion) {
	if answer := answers[c.header]; answer != "" && !c.refutes(answer) {
		return answer, nil
	}
	if c.loose == 0 {
		return orderDMY, nil
	}
	dmy, mdy, ymd := c.dmy, c.mdy, c.ymd
	switch {
	case ymd == c.loose && (dmy < c.loose || c.spread(orderYMD) < c.spread(orderDMY)) && (mdy < c.loose || c.spread(orderYMD) < c.spread(orderMDY)):
		return orderYMD, nil
	case dmy > mdy:
		return orderDMY, nil
	case mdy > dmy:
		return orderMDY, nil
	case c.dots == c.loose || !c.differ:
		return orderDMY, nil
	}
	d, _ := c.shown.in(orderDMY)
	m, _ := c.shown.in(orderMDY)
	return "", &data.DateQuestion{Column: c.header, Value: c.value, Orders: [2]string{orderDMY, orderMDY}, Days: [2]data.Date{d, m}}
}

// refutes reports whether an answer, which a mapping may have kept for years, cannot be right any more: the system was set up
// anew, and all cells can be read in another order but not in that one.
func (c *dates) refutes(answer string) bool {
	fit := map[string]int{orderDMY: c.dmy, orderMDY: c.mdy, orderYMD: c.ymd}
	return fit[answer] < c.loose && (c.dmy == c.loose || c.mdy == c.loose || c.ymd == c.loose)
}

// spread is how many days lie between the first and the last of the column in an order: 26-04-03 and 27-01-31 are a year
// apart or 28.
func (c *dates) spread(order string) data.Date {
	var first, last data.Date
	for _, w := range c.cells {
		if w.kind == writtenDay || w.kind == writtenNothing {
			continue
		}
		d, ok := w.in(order)
		if !ok {
			continue
		}
		if first == 0 || d < first {
			first = d
		}
		last = max(last, d)
	}
	return last - first
}

// words is a cell that is no day, as far as it was kept.
func (w written) words(order string) string {
	if w.kind == writtenDay {
		return time.Unix(0, 0).UTC().AddDate(0, 0, int(w.day)).Format(time.DateOnly)
	}
	return fmt.Sprintf("%d/%d/%d (%s)", w.parts[0], w.parts[1], w.parts[2], orderWords(order))
}

func orderWords(order string) string {
	switch order {
	case orderMDY:
		return "month/day/year"
	case orderYMD:
		return "year/month/day"
	}
	return "day/month/year"
}
