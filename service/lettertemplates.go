package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/mailing"
	"smtpgateway/data/store"
)

// roomy lets a command that reads everybody use memory as it needs: it ends in a moment, and the collector at its limit
// would take longer than the work.
func roomy() { debug.SetMemoryLimit(math.MaxInt64) }

func parent(path string) string { return filepath.Dir(path) }

// printing reads the flags; without a format the name of the file says it.
func (f *printFlags) printing() (mailing.Printing, error) {
	p := mailing.Printing{Format: f.format, Slip: f.slips, Paper: letter.Paper(f.paper)}
	if f.out == "" {
		return p, &data.Error{Code: data.CodeUsage, Sentence: "Where shall the letters go?", Next: "Add --out FILE.pdf or --out FILE.html."}
	}
	if p.Format == "" {
		p.Format = strings.TrimPrefix(strings.ToLower(filepath.Ext(f.out)), ".")
	}
	if p.Paper != letter.PaperA4 && p.Paper != letter.PaperLetter {
		return p, &data.Error{Code: data.CodeUsage, Sentence: fmt.Sprintf("%q is no paper.", data.Clean(f.paper, 40)), Next: "Use A4 or Letter."}
	}
	if f.onlyPaper {
		p.Way = mailing.OnPaper
	}
	return p, nil
}

func (a *app) templatesCommand() *cobra.Command {
	c := &cobra.Command{Use: "templates", Short: "The texts of letters and notices", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(
		&cobra.Command{Use: "list", Short: "List the texts", Args: cobra.NoArgs, RunE: a.templatesList},
		&cobra.Command{Use: "show KEY [LANGUAGE]", Short: "Show one text, as `set` reads it", Args: cobra.RangeArgs(1, 2), RunE: a.templatesShow},
		&cobra.Command{Use: "set FILE", Short: "Put a text in force; - reads standard input", Args: cobra.ExactArgs(1), RunE: a.templatesSet},
		&cobra.Command{Use: "reset KEY [LANGUAGE]", Short: "Go back to the original text", Args: cobra.RangeArgs(1, 2), RunE: a.templatesReset},
	)
	return c
}

// texts are all texts in force: the originals, and in their place or beside them the school's own.
func texts(c *cobra.Command, s *store.Store) ([]data.Template, error) {
	own, err := s.Templates(c.Context())
	if err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(letter.Originals(), func(t data.Template) bool {
		return slices.ContainsFunc(own, func(o data.Template) bool { return o.Key == t.Key && o.Language == t.Language })
	})
	return append(all, own...), nil
}

func (a *app) templatesList(c *cobra.Command, _ []string) error {
	return a.withStore(c.Context(), func(s *store.Store) error {
		all, err := texts(c, s)
		if err != nil {
			return err
		}
		if a.json {
			return encode(a.Out, all)
		}
		a.sayf("%s  %s  %s  %s", cut("KEY", 16), "LANGUAGE", cut("NAME", 24), "SUBJECT")
		for _, t := range all {
			mark := ""
			if t.Own {
				mark = " (changed here)"
			}
			a.sayf("%s  %-8s  %s  %s%s", cut(t.Key, 16), t.Language, cut(t.Name, 24), t.Subject, mark)
		}
		return nil
	})
}

// oneText finds the text an argument names; without a language it is the library's.
func oneText(c *cobra.Command, s *store.Store, args []string) (data.Template, error) {
	set, _, _, err := readSettings(c.Context(), s)
	if err != nil {
		return data.Template{}, err
	}
	language := set.Library.Language
	if len(args) > 1 {
		language = args[1]
	}
	all, err := texts(c, s)
	if err != nil {
		return data.Template{}, err
	}
	i := slices.IndexFunc(all, func(t data.Template) bool { return t.Key == args[0] && t.Language == language })
	if i < 0 {
		return data.Template{}, &data.Error{
			Code: data.CodeNotFound, Sentence: fmt.Sprintf("There is no letter %q in %q.", data.Clean(args[0], 60), data.Clean(language, 10)), Next: "smtp-gateway letters templates list shows them.",
		}
	}
	return all[i], nil
}

func (a *app) templatesShow(c *cobra.Command, args []string) error {
	return a.withStore(c.Context(), func(s *store.Store) error {
		t, err := oneText(c, s, args)
		if err != nil {
			return err
		}
		if a.json {
			return encode(a.Out, t)
		}
		a.sayf("Key: %s\nLanguage: %s\nName: %s\nSubject: %s\nColumns: %s\n\n%s", t.Key, t.Language, t.Name, t.Subject, strings.Join(t.Columns, ", "), t.Body)
		return nil
	})
}

const (
	maxText     = 1 << 20 // the largest file of a text that is read
	maxTextName = 80      // characters
)

// oneKey can stand in overdue.stages, oneLanguage with a patron.
var (
	oneKey      = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$`)
	oneLanguage = regexp.MustCompile(`^[a-z]{2,3}(-[a-z0-9]{2,8})?$`)
)

func (a *app) templatesSet(c *cobra.Command, args []string) error {
	t, err := readText(args[0], a.In)
	if err != nil {
		return err
	}
	problems := letter.Check(t)
	if letter.Wrong(problems) {
		lines := make([]string, len(problems))
		for i, p := range problems {
			lines[i] = problemLine(p)
		}
		if a.json { // one answer, not lines before it
			return &data.Error{Code: data.CodeUsage, Sentence: "The text has mistakes; it was not saved. " + strings.Join(lines, " "), Next: "Correct them and try again."}
		}
		_, _ = fmt.Fprintln(a.Err, strings.Join(lines, "\n"))
		return &data.Error{Code: data.CodeUsage, Sentence: "The text has mistakes; it was not saved.", Next: "Correct them and try again."}
	}
	return a.withStore(c.Context(), func(s *store.Store) error {
		if err := s.SaveTemplate(c.Context(), t); err != nil {
			return err
		}
		if a.json {
			return encode(a.Out, map[string]any{"key": t.Key, "language": t.Language, "problems": append([]letter.Problem{}, problems...)})
		}
		for _, p := range problems {
			a.sayf("Note  %s", problemLine(p))
		}
		a.sayf("In force: %s (%s).", t.Key, t.Language)
		return nil
	})
}

func problemLine(p letter.Problem) string {
	where := p.Field
	if p.Line > 0 {
		where += fmt.Sprintf(" line %d", p.Line)
	}
	if p.Column > 0 {
		where += fmt.Sprintf(" place %d", p.Column)
	}
	line := strings.TrimSpace(where + ": " + p.Sentence)
	if p.Suggest != "" && !strings.Contains(p.Sentence, p.Suggest) {
		line += " Did you mean " + p.Suggest + "?"
	}
	return line
}

// readText reads what `show` writes, as text or as JSON.
func readText(name string, in io.Reader) (data.Template, error) {
	var t data.Template
	if name != "-" {
		f, err := openNamed(name)
		if err != nil {
			return t, err
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxText+1))
	if err != nil || len(raw) > maxText {
		return t, &data.Error{Code: data.CodeTooLarge, Sentence: "The text cannot be read, or is too long for a letter.", Next: "Nothing was changed.", Err: err}
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(raw), "\ufeff"), "\r\n", "\n")
	if strings.HasPrefix(strings.TrimSpace(text), "{") && json.Valid([]byte(text)) {
		err = json.Unmarshal([]byte(text), &t)
	} else {
		err = headed(&t, text)
	}
	t.Key, t.Language = strings.TrimSpace(t.Key), strings.ToLower(strings.TrimSpace(t.Language))
	t.Name = data.Clean(t.Name, maxTextName)
	if err == nil && (t.Key != "" && !oneKey.MatchString(t.Key) || t.Language != "" && !oneLanguage.MatchString(t.Language)) {
		return t, &data.Error{
			Code: data.CodeUsage, Sentence: fmt.Sprintf("%q in %q can be no letter.", data.Clean(t.Key, 60), data.Clean(t.Language, 20)),
			Next: "The key is a word such as overdue-first, the language a code such as en.",
		}
	}
	if err != nil || t.Key == "" || t.Language == "" {
		return t, &data.Error{
			Code: data.CodeUsage, Sentence: "This is no text of a letter: it must begin with lines for Key, Language, Name and Subject.",
			Next: "smtp-gateway letters templates show overdue-first shows one.", Err: err,
		}
	}
	return t, nil
}

var errHead = errors.New("a line of the head is unknown")

// headed reads lines with names, an empty line, and the text.
func headed(t *data.Template, text string) error {
	head, body, _ := strings.Cut(text, "\n\n")
	for line := range strings.Lines(head) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(name) {
		case "key":
			t.Key = value
		case "language":
			t.Language = value
		case "name":
			t.Name = value
		case "subject":
			t.Subject = value
		case "columns":
			for c := range strings.SplitSeq(value, ",") {
				if c = strings.TrimSpace(c); c != "" {
					t.Columns = append(t.Columns, c)
				}
			}
		default:
			return errHead
		}
	}
	t.Body = strings.TrimSpace(body)
	return nil
}

func (a *app) templatesReset(c *cobra.Command, args []string) error {
	return a.withStore(c.Context(), func(s *store.Store) error {
		t, err := oneText(c, s, args)
		if err != nil {
			return err
		}
		_, original := letter.Original(t.Key, t.Language)
		if err := stillUsed(c.Context(), s, &t); err != nil {
			return err
		}
		if err := s.DropTemplate(c.Context(), t.Key, t.Language); err != nil {
			return err
		}
		if a.json {
			return encode(a.Out, map[string]any{"key": t.Key, "language": t.Language, "original": original})
		}
		if !original {
			a.sayf("Removed: %s (%s). It was made here, so there is no original.", t.Key, t.Language)
			return nil
		}
		a.sayf("Back to the original: %s (%s).", t.Key, t.Language)
		return nil
	})
}

// stillUsed refuses to give up a text that automatic notices would be left without.
func stillUsed(ctx context.Context, s *store.Store, t *data.Template) error {
	set, _, _, err := readSettings(ctx, s)
	if err != nil {
		return err
	}
	own, err := s.Templates(ctx)
	if err != nil {
		return err
	}
	return mailing.StillUsed(&set, own, t.Key, t.Language)
}
