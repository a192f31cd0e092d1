package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/mailing"
	"smtpgateway/data/store"
)

// maxImport is the largest settings file read.
const maxImport = 1 << 20

func (a *app) settingsCommand() *cobra.Command {
	c := &cobra.Command{Use: "settings", Short: "See and change the settings", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(
		&cobra.Command{Use: "show", Short: "Show every setting", Args: cobra.NoArgs, RunE: a.settingsShow},
		&cobra.Command{Use: "get NAME", Short: "Show one setting", Args: cobra.ExactArgs(1), RunE: a.settingsGet},
		&cobra.Command{Use: "set NAME=VALUE...", Short: "Change settings, all or none", Long: "Change settings, all or none. server1.password=- reads the password from standard input,\nso that it stands in no history and no process list.", Args: cobra.MinimumNArgs(1), RunE: a.settingsSet},
		&cobra.Command{Use: "check", Short: "Check the settings together", Args: cobra.NoArgs, RunE: a.settingsCheck},
		&cobra.Command{Use: "export", Short: "Write the settings as JSON, without passwords", Args: cobra.NoArgs, RunE: a.settingsExport},
		&cobra.Command{Use: "import FILE", Short: "Read settings from JSON, all or none", Args: cobra.ExactArgs(1), RunE: a.settingsImport},
		a.settingsSuggest(),
	)
	return c
}

// readSettings gives the settings as they are stored, and their revision.
func readSettings(ctx context.Context, s *store.Store) (data.Settings, data.Problems, int64, error) {
	values, revision, err := s.Settings(ctx)
	if err != nil {
		return data.Settings{}, nil, 0, err
	}
	set, problems := data.ParseSettings(values)
	return set, append(problems, set.Check()...), revision, nil
}

func (a *app) settingsShow(c *cobra.Command, _ []string) error {
	return a.withStore(c.Context(), func(s *store.Store) error {
		set, _, revision, err := readSettings(c.Context(), s)
		if err != nil {
			return err
		}
		if a.json {
			m := make(map[string]string)
			for _, f := range data.Fields() {
				m[f.Name] = set.Shown(f)
			}
			return encode(a.Out, map[string]any{"revision": revision, "settings": m})
		}
		for _, f := range data.Fields() {
			v := set.Shown(f)
			if f.Name == "folder" && v == "" {
				v = a.place().Folder + " (the usual one)"
			}
			a.sayf("%-28s %-24s %s", f.Name, v, f.Hint)
		}
		return nil
	})
}

func (a *app) settingsGet(c *cobra.Command, args []string) error {
	f, ok := data.FieldByName(args[0])
	if !ok {
		_, p := data.ParseSettings(map[string]string{args[0]: "?"})
		next := "smtp-gateway settings show lists them."
		if len(p) > 0 && p[0].Suggest != "" {
			next = "Did you mean " + p[0].Suggest + "?"
		}
		return &data.Error{Code: data.CodeNotFound, Sentence: fmt.Sprintf("There is no setting %q.", data.Clean(args[0], 60)), Next: next}
	}
	return a.withStore(c.Context(), func(s *store.Store) error {
		set, _, _, err := readSettings(c.Context(), s)
		if err != nil {
			return err
		}
		if a.json {
			return encode(a.Out, map[string]string{"name": f.Name, "value": set.Shown(f), "unit": f.Unit, "hint": f.Hint, "default": f.Default})
		}
		a.sayf("%s", set.Shown(f))
		return nil
	})
}

func (a *app) settingsSet(c *cobra.Command, args []string) error {
	changes := make(map[string]string)
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok {
			return &data.Error{Code: data.CodeUsage, Sentence: fmt.Sprintf("%q is not NAME=VALUE.", data.Clean(name, 60)), Next: "Write for example server1.port=587."}
		}
		if _, twice := changes[name]; twice {
			return &data.Error{Code: data.CodeUsage, Sentence: "The setting " + data.Clean(name, 60) + " is given twice.", Next: "Give it once."}
		}
		if f, ok := data.FieldByName(name); ok && f.Kind == data.FieldPassword && value == "-" {
			line, err := bufio.NewReader(io.LimitReader(a.In, data.MaxPassword+2)).ReadString('\n')
			if err != nil && !errors.Is(err, io.EOF) {
				return err
			}
			value = strings.TrimRight(line, "\r\n")
		}
		changes[name] = value
	}
	return a.withStore(c.Context(), func(s *store.Store) error { return a.save(c.Context(), s, changes) })
}

// save stores changes, all or none, and tells what to look at.
func (a *app) save(ctx context.Context, s *store.Store, changes map[string]string) error {
	stored, revision, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	set, _ := data.ParseSettings(stored)
	next, values, problems, err := set.Change(changes, house.Sealer(a.place()))
	if err != nil {
		return err
	}
	letters, err := lettersOfStages(ctx, s, &next, values)
	if err != nil {
		return err
	}
	if problems = append(problems, letters...); problems.Wrong() {
		return a.refuse(problems)
	}
	// A stored value that cannot be read counts as the default, so setting it to just that looks like no change.
	for name, v := range next.Values() {
		if raw, kept := stored[name]; kept && raw != v {
			if _, given := changes[name]; given {
				values[name] = v
			}
		}
	}
	if len(values) > 0 {
		if revision, err = s.SaveSettings(ctx, values, revision); err != nil {
			return err
		}
	}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	if a.json {
		return encode(a.Out, map[string]any{"revision": revision, "changed": names, "problems": problems})
	}
	a.sayf("Saved (revision %d): %s.", revision, strings.Join(orNothing(names), ", "))
	a.tell(problems)
	return nil
}

func lettersOfStages(ctx context.Context, s *store.Store, next *data.Settings, changed map[string]string) (data.Problems, error) {
	own, err := s.Templates(ctx)
	if err != nil {
		return nil, err
	}
	return mailing.CheckChange(next, own, changed), nil
}

func orNothing(names []string) []string {
	if len(names) == 0 {
		return []string{"nothing changed"}
	}
	return names
}

// refuse names the first refusal in the error and all of them in the answer.
func (a *app) refuse(problems data.Problems) error {
	i := slices.IndexFunc(problems, func(p data.Problem) bool { return !p.Warning && !p.Missing })
	first := problems[i]
	next := "Nothing was saved."
	if first.Suggest != "" {
		next += " Did you mean " + first.Suggest + "?"
	}
	return &data.Error{Code: data.CodeBadSettings, Sentence: first.Name + ": " + first.Sentence, Next: next, Err: problems}
}

func (a *app) tell(problems data.Problems) {
	for _, p := range problems {
		line := p.Name + ": " + p.Sentence
		if p.Suggest != "" {
			line += " (" + p.Suggest + ")"
		}
		a.sayf("Note  %s", line)
	}
}

func (a *app) settingsCheck(c *cobra.Command, _ []string) error {
	return a.withStore(c.Context(), func(s *store.Store) error {
		set, problems, _, err := readSettings(c.Context(), s)
		if err != nil {
			return err
		}
		letters, err := lettersOfStages(c.Context(), s, &set, nil)
		if err != nil {
			return err
		}
		if problems = append(problems, letters...); problems.Refused() {
			a.exit = exitConfig
		}
		if a.json {
			return encode(a.Out, map[string]any{"ok": !problems.Refused(), "problems": problems})
		}
		a.tell(problems)
		if !problems.Refused() {
			a.sayf("The settings can be used.")
		}
		return nil
	})
}

// settingsExport leaves passwords out: they are sealed for this computer and of no use on another.
func (a *app) settingsExport(c *cobra.Command, _ []string) error {
	return a.withStore(c.Context(), func(s *store.Store) error {
		set, _, _, err := readSettings(c.Context(), s)
		if err != nil {
			return err
		}
		values := set.Values()
		for _, f := range data.Fields() {
			if f.Kind == data.FieldPassword {
				delete(values, f.Name)
			}
		}
		return encode(a.Out, values)
	})
}

func (a *app) settingsImport(c *cobra.Command, args []string) error {
	changes, err := readImport(args[0], a.In)
	if err != nil {
		return err
	}
	return a.withStore(c.Context(), func(s *store.Store) error {
		set, _, _, err := readSettings(c.Context(), s)
		if err != nil {
			return err
		}
		for name := range changes {
			f, ok := data.FieldByName(name)
			switch {
			case !ok:
				a.sayf("Note  %s: there is no setting of this name; left out.", data.Clean(name, 60))
				delete(changes, name)
			case f.Kind == data.FieldPassword:
				a.sayf("Note  %s: passwords are not imported; enter it again.", name)
				delete(changes, name)
			}
		}
		for _, f := range data.Fields() { // missing means default
			if _, ok := changes[f.Name]; !ok && f.Kind != data.FieldPassword {
				changes[f.Name] = f.Default
			}
		}
		return a.save(c.Context(), s, withoutLostPasswords(set, changes))
	})
}

// withoutLostPasswords drops a password whose server is another one in the import: an import asks nobody.
func withoutLostPasswords(set data.Settings, changes map[string]string) map[string]string {
	for n := 1; n <= 2; n++ {
		v, pre := set.Server(n), fmt.Sprintf("server%d.", n)
		if v.Sealed != "" && (changes[pre+"host"] != v.Host || changes[pre+"user"] != v.User || changes[pre+"certificate"] != v.Certificate) {
			changes[data.PasswordField(n)] = ""
			changes[pre+"user"] = ""
		}
		if v.ClientSealed == "" {
			continue
		}
		if next, _ := data.ParseSettings(changes); next.Server(n).SignInFor() != v.SignInFor() {
			changes[data.ClientSecretField(n)] = ""
		}
	}
	return changes
}

// readImport reads a JSON object of names and values; anything but text, number and yes/no is refused, a name that
// stands twice too.
func readImport(name string, in io.Reader) (map[string]string, error) {
	bad := func(why string) error {
		return &data.Error{Code: data.CodeBadSettings, Sentence: "The settings file cannot be used: " + why + ".", Next: "Nothing was changed. Export a fresh one to compare."}
	}
	if name != "-" {
		f, err := openNamed(name)
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	limited := &io.LimitedReader{R: in, N: maxImport + 1}
	d := json.NewDecoder(limited)
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, bad("it is no list of settings in JSON")
	}
	changes := make(map[string]string)
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, bad("it ends in the middle or is damaged")
		}
		k, ok := key.(string)
		if !ok {
			return nil, bad("it is no list of settings in JSON")
		}
		if _, twice := changes[k]; twice {
			return nil, bad("the setting " + data.Clean(k, 60) + " stands in it twice")
		}
		value, err := d.Token()
		if err != nil {
			return nil, bad("it ends in the middle or is damaged")
		}
		switch v := value.(type) {
		case string:
			changes[k] = v
		case json.Number:
			changes[k] = v.String()
		case bool:
			changes[k] = fmt.Sprint(v)
		default:
			return nil, bad("the value of " + data.Clean(k, 60) + " is neither text nor number")
		}
	}
	if _, err := d.Token(); err != nil || limited.N <= 0 {
		return nil, bad("it ends in the middle or is too long")
	}
	return changes, nil
}
