package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
)

// openGL is the package that is cut.
const openGL = "github.com/go-gl/gl/v2.1/gl"

// names finds what a Go file calls in the bindings. They are read from the toolkit's source at each build, so that a
// list kept by us cannot age.
func names(source []byte) (map[string]bool, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	imported := false
	for _, i := range file.Imports {
		if path, err := strconv.Unquote(i.Path.Value); err == nil && path == openGL && i.Name == nil {
			imported = true
		}
	}
	if !imported {
		return nil, errors.New("it does not import " + openGL + " under its own name")
	}
	used := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if p, ok := s.X.(*ast.Ident); ok && p.Name == "gl" {
				used[s.Sel.Name] = true
				// A function that takes an offset in place of a pointer has no entry point of its own.
				used[strings.ReplaceAll(s.Sel.Name, "WithOffset", "")] = true
			}
		}
		return true
	})
	return used, nil
}

// The generator writes five things about a function, always in this form: the type of its entry point and a wrapper in
// C, the variable that holds the entry point, the function itself, and the lines that look the entry point up.
var (
	typedef  = regexp.MustCompile(`^// typedef .*\(APIENTRYP GP([A-Z0-9_]+)\)`)
	wrapper  = regexp.MustCompile(`^// static .*\bglow(\w+)\(GP`)
	variable = regexp.MustCompile(`^\tgp(\w+)\s+C\.GP`)
	function = regexp.MustCompile(`^func (\w+)\(`)
	lookUp   = regexp.MustCompile(`^\tgp(\w+) = `)
)

// own are the functions of the package that stand for none of OpenGL's.
var own = map[string]bool{"Init": true, "InitWithProcAddrFunc": true, "boolToInt": true}

// prune keeps of the generated bindings what is used, and everything that is no function. An input that does not look
// as the generator wrote it is an error.
func prune(source []byte, used map[string]bool) ([]byte, error) {
	c := cut{lines: strings.Split(string(source), "\n"), used: used, upper: map[string]bool{}, seen: map[string]*parts{}}
	for n := range used {
		c.upper[strings.ToUpper(n)] = true
	}
	for c.at < len(c.lines) {
		if err := c.step(); err != nil {
			return nil, err
		}
	}
	if err := c.whole(); err != nil {
		return nil, err
	}
	pruned := []byte(strings.Join(c.out, "\n"))
	if _, err := parser.ParseFile(token.NewFileSet(), "", pruned, parser.SkipObjectResolution); err != nil {
		return nil, fmt.Errorf("what is left is no Go: %w", err)
	}
	return pruned, nil
}

// parts counts what the generator wrote about one function.
type parts struct{ wrappers, variables, functions, lookUps int }

// cut is the work of prune.
type cut struct {
	lines       []string
	at          int // the next line
	out         []string
	used, upper map[string]bool
	seen        map[string]*parts
	dropped     int // functions
}

func (c *cut) step() error {
	line := c.lines[c.at]
	switch {
	case match(typedef, line) != "":
		return c.take(1, c.upper[match(typedef, line)])
	case match(wrapper, line) != "":
		name := match(wrapper, line)
		c.of(name).wrappers++
		return c.takeUntil("// }", c.used[name])
	case match(variable, line) != "":
		name := match(variable, line)
		c.of(name).variables++
		return c.take(1, c.used[name])
	case match(lookUp, line) != "":
		name := match(lookUp, line)
		c.of(name).lookUps++
		n := 1
		if c.at+1 < len(c.lines) && strings.HasPrefix(c.lines[c.at+1], "\tif gp") {
			n = 4 // of those OpenGL cannot do without, the absence is an error
		}
		return c.take(n, c.used[name])
	case match(function, line) != "" && !own[match(function, line)]:
		name := match(function, line)
		c.of(name).functions++
		if !c.used[name] {
			c.dropped++
			c.dropComment()
		}
		return c.takeUntil("}", c.used[name])
	}
	return c.take(1, true)
}

func match(r *regexp.Regexp, line string) string {
	if m := r.FindStringSubmatch(line); m != nil {
		return m[1]
	}
	return ""
}

func (c *cut) of(name string) *parts {
	if c.seen[name] == nil {
		c.seen[name] = &parts{}
	}
	return c.seen[name]
}

// take moves n lines over, or past.
func (c *cut) take(n int, keep bool) error {
	if c.at+n > len(c.lines) {
		return fmt.Errorf("it ends within what begins in line %d", c.at+1)
	}
	if keep {
		c.out = append(c.out, c.lines[c.at:c.at+n]...)
	}
	c.at += n
	return nil
}

func (c *cut) takeUntil(last string, keep bool) error {
	for n, line := range c.lines[c.at:] {
		if line == last {
			return c.take(n+1, keep)
		}
	}
	return fmt.Errorf("what begins in line %d has no end", c.at+1)
}

// dropComment takes back the comment above a function that is dropped.
func (c *cut) dropComment() {
	for len(c.out) > 0 && strings.HasPrefix(c.out[len(c.out)-1], "//") {
		c.out = c.out[:len(c.out)-1]
	}
}

// whole reports whether every function that is used was found with all its parts, and whether there was anything to
// drop: if the generator changes its habits, that shows here and not in a window that stays black.
func (c *cut) whole() error {
	found := 0
	for name := range c.used {
		p := c.seen[name]
		if p == nil {
			continue // a constant, or a function of the package's other files
		}
		found++
		entry := c.seen[strings.ReplaceAll(name, "WithOffset", "")]
		if p.functions != 1 || p.wrappers != 1 || entry == nil || entry.variables != 1 || entry.lookUps != 1 {
			return fmt.Errorf("the parts of %s are not where they are expected", name)
		}
	}
	if found == 0 || c.dropped == 0 {
		return errors.New("it is not what the generator used to write")
	}
	if !strings.Contains(strings.Join(c.out, "\n"), "\nfunc InitWithProcAddrFunc(") {
		return errors.New("the function that looks everything up is missing")
	}
	return nil
}
