package roster

import "smtpgateway/data"

// OpenSaved is Open for lists that come again and again: where one of the saved mappings fits the file, it is read as that
// mapping says, and the mapping comes with it. false: none fits, and the file is open as Open has it.
func OpenSaved(path string, o Options, all []data.Mapping) (*File, data.Mapping, bool, error) {
	f, err := Open(path, o)
	if err == nil {
		if m, ok := f.Saved(all); ok {
			if as, same := o.as(m); !same {
				if again, err := Open(path, as); err == nil && len(again.Missing(m)) == 0 {
					f = again
				}
			}
			return f, m, true, nil
		}
	}
	// Read in the right encoding, or with the right separator, it may be one that is known.
	for _, m := range all {
		as, same := o.as(m)
		if same || len(m.Columns) == 0 {
			continue
		}
		if other, err := Open(path, as); err == nil && len(other.Missing(m)) == 0 {
			return other, m, true, nil
		}
	}
	return f, data.Mapping{}, false, err
}

// as are the options with what a mapping knows of a file; same: that is nothing else.
func (o Options) as(m data.Mapping) (as Options, same bool) {
	as = o
	if m.Encoding != "" {
		as.Encoding = m.Encoding
	}
	if m.Separator != "" {
		as.Separator = m.Separator
	}
	if m.HeaderRow != 0 {
		as.HeaderRow = m.HeaderRow
	}
	return as, as.Encoding == o.Encoding && as.Separator == o.Separator && as.HeaderRow == o.HeaderRow
}
