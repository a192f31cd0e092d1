package store

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"reflect"
)

// scanner is a row, cursor many of them: of the writer or of database/sql.
type scanner interface{ Scan(to ...any) error }

type cursor interface {
	scanner
	Next() bool
	Err() error
	Close() error
}

// found is what a statement of the writer gave.
type found struct {
	rows   driver.Rows
	values []driver.Value
	err    error
}

// Next goes to the next row.
func (f *found) Next() bool {
	if f.err == nil {
		f.err = f.rows.Next(f.values)
	}
	return f.err == nil
}

// Err is why there is no next row; nil: that was the last.
func (f *found) Err() error {
	if errors.Is(f.err, io.EOF) {
		return nil
	}
	return f.err
}

// Close makes the writer ready for another statement.
func (f *found) Close() error { return f.rows.Close() }

// Scan copies the row. Octets are not copied: they stay as they are when the next row comes.
func (f *found) Scan(to ...any) error {
	if len(to) != len(f.values) {
		return fmt.Errorf("%d columns for %d places", len(f.values), len(to))
	}
	for i := range to {
		if err := assign(to[i], f.values[i]); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

// one is the answer of a statement that gives one row.
type one struct {
	rows *found
	err  error
}

// Scan copies the row; sql.ErrNoRows: there is none.
func (o one) Scan(to ...any) error {
	if o.err != nil {
		return o.err
	}
	err := sql.ErrNoRows
	if o.rows.Next() {
		err = o.rows.Scan(to...)
	} else if o.rows.Err() != nil {
		err = o.rows.Err()
	}
	return errors.Join(err, o.rows.Close())
}

// assign copies a value of the driver to where it is wanted.
func assign(to any, v driver.Value) error {
	switch to := to.(type) {
	case *int64:
		if n, ok := v.(int64); ok {
			*to = n
			return nil
		}
	case *string:
		if s, ok := v.(string); ok {
			*to = s
			return nil
		}
	case *[]byte:
		if b, ok := v.([]byte); ok || v == nil {
			*to = b
			return nil
		}
	case *bool:
		if n, ok := v.(int64); ok {
			*to = n != 0
			return nil
		}
	case sql.Scanner:
		return to.Scan(v)
	default:
		p := reflect.ValueOf(to).Elem()
		switch v := v.(type) {
		case int64:
			if p.CanInt() && !p.OverflowInt(v) {
				p.SetInt(v)
				return nil
			}
		case string:
			if p.Kind() == reflect.String {
				p.SetString(v)
				return nil
			}
		}
	}
	return fmt.Errorf("%T does not fit into %T", v, to)
}
