package notice

import "smtpgateway/data"

// ReadCalendarAt reads as if the computer stood elsewhere.
var ReadCalendarAt = readCalendar

// NextOpen is nextOpen with the calendar's days.
func (c Calendar) NextOpen(d data.Date) data.Date { return nextOpen(c.IsOpen, d) }
