package store

// DayEnded is the question Days asks once for each day.
const DayEnded = dayEnded
