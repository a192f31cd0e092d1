package notice

// ReadCalendarAt reads as if the computer stood elsewhere.
var ReadCalendarAt = readCalendar
