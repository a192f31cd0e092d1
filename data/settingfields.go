package data

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// FieldKind says how a value is written.
type FieldKind string

// The kinds of fields.
const (
	FieldText     FieldKind = "text"
	FieldNumber   FieldKind = "number"
	FieldYesNo    FieldKind = "yes/no"
	FieldChoice   FieldKind = "choice"
	FieldPassword FieldKind = "password" // write-only; the value is sealed
	FieldTime     FieldKind = "time"     // 07:00, or empty
	FieldLines    FieldKind = "lines"    // text of several lines
	FieldDays     FieldKind = "days"     // days of the week: mon,tue,wed
)

// Field is one setting: its name for the command line, its label and hint for the window.
type Field struct {
	Name    string
	Label   string
	Hint    string
	Unit    string
	Default string
	Kind    FieldKind
	Choices []string
	Min     int
	Max     int
	Basic   bool // shown first

	parse  func(*Settings, string) *Problem
	format func(*Settings) string
}

// Fields lists every setting in the order a person reads them.
func Fields() []Field { return append([]Field(nil), fields...) }

// FieldByName finds a field.
func FieldByName(name string) (Field, bool) {
	for i := range fields {
		if fields[i].Name == name {
			return fields[i], true
		}
	}
	return Field{}, false
}

var fields = slices.Concat(serverFields(1), serverFields(2), commonFields(), libraryFields(), overdueFields())

func serverFields(n int) []Field {
	at := func(s *Settings) *Server { return s.Server(n) }
	pre := fmt.Sprintf("server%d.", n)
	first := n == 1
	return slices.Concat([]Field{
		host(pre+"host", "Mail server (SMTP)", "Name or internet address of the server that your own mail program sends through. It need not stand in the school; its firewall must let this computer out.", first, func(s *Settings) *string { return &at(s).Host }),
		number(pre+"port", "Port", "587 with STARTTLS, 465 with TLS, 25 for a school relay.", "", "587", 1, 65535, first, func(s *Settings) *int { return &at(s).Port }),
		choice(pre+"security", "Protection", "How the connection is kept from being read on its way. It belongs to the port: IT names both.", "starttls", []string{"starttls", "tls", "none"}, first, func(s *Settings) *string { return (*string)(&at(s).Security) }),
		yesNo(pre+"allow_insecure", "Allow non-secure connections", "Goes on where the server cannot prove who it is, or offers no protection at all. Ask IT first.", func(s *Settings) *bool { return &at(s).AllowInsecure }),
		ehlo(pre+"ehlo", func(s *Settings) *string { return &at(s).EHLO }, first),
		fingerprint(pre+"certificate", func(s *Settings) *string { return &at(s).Certificate }),
		choice(pre+"auth", "Way of signing in", "How user and password are handed over to the server.", "auto", []string{"auto", "none", "plain", "login", "cram-md5", "scram", "xoauth2"}, false, func(s *Settings) *string { return (*string)(&at(s).Auth) }),
		plainText(pre+"user", "User name", "For a server that wants a login, most often the whole e-mail address. Empty if it wants none.", first, func(s *Settings) *string { return &at(s).User }),
		sealed(pre+"password", "Password", "Sealed when it is saved, and never shown again.", func(s *Settings) *string { return &at(s).Sealed }, first),
	}, signInFields(pre, at), []Field{
		number(pre+"connections", "Connections at a time", "More than one only if IT says that the server allows it.", "", "1", 1, 8, false, func(s *Settings) *int { return &at(s).Connections }),
		number(pre+"recipients_per_day", "At most a day", "Never more than this in any 24 hours; the rest goes on the next day. 0 is no limit.", "recipients", "0", 0, 10_000_000, false, func(s *Settings) *int { return &at(s).RecipientsDay }),
	})
}

func commonFields() []Field {
	return []Field{
		address("from.address", "From address", "Stands as the sender on every message, and gets the daily log. A shared address such as library@ outlasts any one person.", true, func(s *Settings) *string { return &s.From.Address }),
		plainText("from.name", "From name", "The name people see beside the From address.", false, func(s *Settings) *string { return &s.From.Name }),
		address("from.reply_to", "Reply to", "Where answers go. Empty: to the From address.", false, func(s *Settings) *string { return &s.From.ReplyTo }),
		folder("folder", "Folder to monitor", "The folder into which the library program puts its messages. Empty: the usual one.", true, func(s *Settings) *string { return &s.Folder }),
		number("message.max_mb", "Largest message", "Larger ones are refused, with the reason.", "MB", "35", 1, 150, false, func(s *Settings) *int { return &s.MaxMB }),
		number("minutes_between_checks", "Minutes between checks", "How long the service waits before it looks for messages again.", "minutes", "3", 1, 1440, true, func(s *Settings) *int { return &s.MinutesBetweenChecks }),
		number("messages_each_check", "Messages sent each check", "At most this many go each time; a slow pace keeps the server from taking the library for a sender of junk mail.", "messages", "10", 1, 100000, true, func(s *Settings) *int { return &s.MessagesEachCheck }),
		address("test_to", "Test to", "The address that gets the message when you press Test.", true, func(s *Settings) *string { return &s.TestTo }),
		number("retry.short_minutes", "Quick retries for", "A message that could not go is tried every 3 to 9 minutes for this long, then every 60 to 90.", "minutes", "60", 0, 10080, false, func(s *Settings) *int { return &s.ShortMinutes }),
		number("retry.give_up_hours", "Give up after", "How long a message is tried, counted while the service runs; then the From address is told.", "hours", "100", 1, 8760, false, func(s *Settings) *int { return &s.GiveUpHours }),
		clock("log.daily_at", "Daily log at", "When the From address gets the log of the day, such as 07:00. If it does not come, the mail needs attention. Empty: never.", "07:00", func(s *Settings) *string { return &s.LogDailyAt }),
		proxyField(),
		yesNo("practice", "Practice mode", "Everything goes to the Test to address, with a note saying for whom it was.", func(s *Settings) *bool { return &s.Practice }),
		number("keep.bodies_days", "Keep messages", "After this the text of finished messages is deleted.", "days", "60", 1, 3650, false, func(s *Settings) *int { return &s.KeepBodiesDays }),
		number("keep.history_days", "Keep history", "After this finished messages are forgotten.", "days", "400", 1, 3650, false, func(s *Settings) *int { return &s.KeepHistoryDays }),
	}
}

func plainText(name, label, hint string, basic bool, at func(*Settings) *string) Field {
	return Field{
		Name: name, Label: label, Hint: hint, Kind: FieldText, Basic: basic,
		parse: func(s *Settings, v string) *Problem {
			if p := oneLine(v, 320); p != nil {
				return p
			}
			*at(s) = v
			return nil
		},
		format: func(s *Settings) string { return *at(s) },
	}
}

func number(name, label, hint, unit, def string, low, high int, basic bool, at func(*Settings) *int) Field {
	return Field{
		Name: name, Label: label, Hint: hint, Unit: unit, Default: def, Kind: FieldNumber, Min: low, Max: high, Basic: basic,
		parse: func(s *Settings, v string) *Problem {
			n, err := strconv.Atoi(strings.TrimSpace(v))
			if err != nil || n < low || n > high {
				return &Problem{Sentence: fmt.Sprintf("%q is not a number from %d to %d.", Clean(v, 40), low, high)}
			}
			*at(s) = n
			if strings.HasSuffix(name, ".port") && n == 857 {
				return &Problem{Sentence: "Did you mean 587? 857 is a well-known misprint.", Suggest: "587", Warning: true}
			}
			return nil
		},
		format: func(s *Settings) string { return strconv.Itoa(*at(s)) },
	}
}

func choice(name, label, hint, def string, choices []string, basic bool, at func(*Settings) *string) Field {
	return Field{
		Name: name, Label: label, Hint: hint, Default: def, Kind: FieldChoice, Choices: choices, Basic: basic,
		parse: func(s *Settings, v string) *Problem {
			v = strings.ToLower(strings.TrimSpace(v))
			if slices.Contains(choices, v) {
				*at(s) = v
				return nil
			}
			return &Problem{Sentence: fmt.Sprintf("%q is none of %s.", Clean(v, 40), strings.Join(choices, ", "))}
		},
		format: func(s *Settings) string { return *at(s) },
	}
}

func yesNo(name, label, hint string, at func(*Settings) *bool) Field {
	return Field{
		Name: name, Label: label, Hint: hint, Default: "false", Kind: FieldYesNo,
		parse: func(s *Settings, v string) *Problem {
			switch strings.ToLower(strings.TrimSpace(v)) {
			case "true", "yes", "on", "1":
				*at(s) = true
			case "false", "no", "off", "0", "":
				*at(s) = false
			default:
				return &Problem{Sentence: fmt.Sprintf("%q is neither true nor false.", Clean(v, 40))}
			}
			return nil
		},
		format: func(s *Settings) string { return strconv.FormatBool(*at(s)) },
	}
}
