package control

import (
	"slices"
	"testing"

	"smtpgateway/data"
)

func TestCauses(t *testing.T) {
	t.Run("no two mean the same number", func(t *testing.T) {
		var windows []uint32
		var events []int
		for _, c := range Causes() {
			if c.Windows != 0 && slices.Contains(windows, c.Windows) || slices.Contains(events, c.Event) {
				t.Errorf("%+v repeats a number", c)
			}
			windows, events = append(windows, c.Windows), append(events, c.Event)
		}
	})
	t.Run("an end only a person can repair is not tried again, on either system", func(t *testing.T) {
		for _, c := range Causes() {
			final := slices.Contains([]int{64, 77, 78}, c.Process)
			if reported := c.Windows != 0; c.Process != 0 && (final != reported || final == c.Restart) {
				t.Errorf("%+v is final on one system only", c)
			}
		}
	})
	t.Run("Windows shows none of its own texts for ours, and has room for the events", func(t *testing.T) {
		for _, c := range Causes() {
			if c.Windows != 0 && c.Windows <= 20000 || c.Event <= 0 || c.Event >= 1000 || c.Meaning == "" {
				t.Errorf("%+v", c)
			}
			if back, ok := causeOfWindows(c.Windows); c.Windows != 0 && (!ok || back != c) {
				t.Errorf("%d is read back as %+v", c.Windows, back)
			}
		}
	})
	t.Run("every error that ends a service has its cause", func(t *testing.T) {
		for code, want := range map[data.Code]Cause{
			data.CodeNotConfigured: NotConfigured, data.CodeBadSettings: BadSettings, data.CodeBadSecret: BadSecret, data.CodeNoAccess: NoAccess,
			data.CodeDamaged: Damaged, data.CodeNewer: Newer, data.CodeInUse: InUse, data.CodeDiskFull: DiskFull, data.CodeBusy: Busy,
			"": Broken, "something-new": Broken,
		} {
			if got := CauseOf(string(code)); got != want {
				t.Errorf("%q: %+v", code, got)
			}
		}
	})
}

func TestErrorsSpeakToPeople(t *testing.T) {
	e := data.AsError(needAdministrator("install the service", nil))
	if e == nil || e.Code != data.CodeNoAccess || e.Sentence != "Only an administrator may install the service." || e.Next == "" {
		t.Fatalf("%+v", e)
	}
}

func TestOneLine(t *testing.T) {
	for in, want := range map[string]string{
		"a\nREADY=1\r\n b":     "a READY=1 b",
		" tab\tand\x00null ":   "tab and null",
		"\u2028separators\x1b": "separators",
		"":                     "",
	} {
		if got := oneLine(in); got != want {
			t.Errorf("oneLine(%q) = %q", in, got)
		}
	}
}
