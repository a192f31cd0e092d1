package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver

	"smtpgateway/data"
)

// ApplicationID marks the file as ours in its header (PRAGMA application_id): "SMGW".
const ApplicationID = 0x534D4757

// busyTimeout is how long a writer waits for one of another process.
const busyTimeout = 5 * time.Second

// Options are what a Store needs from outside; the zero value will do.
type Options struct {
	Now     func() time.Time // nil: time.Now
	Log     *slog.Logger     // nil: silent
	Backups string           // folder for copies; empty: "backups" beside the database
}

// inner is what only tests set otherwise.
type inner struct {
	busy       time.Duration
	migrations []migration
	free       func(path string) (uint64, error) // octets free on the disk of path
}

func usual() (inner, error) {
	all, err := migrations(migrationFiles)
	return inner{busy: busyTimeout, migrations: all, free: freeBytes}, err
}

// Create opens the database and makes it first if there is none. The folder must exist. A file that is there is never
// replaced, be it empty or damaged: see Open.
func Create(ctx context.Context, path string, o Options) (*Store, error) {
	in, err := usual()
	if err != nil {
		return nil, err
	}
	return create(ctx, path, o, in)
}

// Open opens an existing database, brings its schema up to date after making a backup, and changes nothing else. It
// refuses, leaving the file as it is: CodeNotFound there is none; CodeNewer a newer program wrote it; CodeDamaged it
// is damaged, cut short, empty or not ours; CodeNoAccess it cannot be read and written; CodeBusy it stayed locked.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	in, err := usual()
	if err != nil {
		return nil, err
	}
	return open(ctx, path, o, in)
}

func create(ctx context.Context, path string, o Options, in inner) (*Store, error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		if err := makeNew(ctx, path, o, in); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, mapError(err)
		}
	}
	return open(ctx, path, o, in)
}

func open(ctx context.Context, path string, o Options, in inner) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, noAccess(err)
	}
	s := &Store{
		now: o.Now, log: o.Log, path: path, backups: o.Backups, busy: in.busy, free: in.free,
		turn: make(chan struct{}, 1), newest: latest(in.migrations),
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.backups == "" {
		s.backups = filepath.Join(filepath.Dir(path), "backups")
	}
	s.file, s.release, err = register(path, func(f *os.File) error { return look(f, path, latest(in.migrations)) })
	if err != nil {
		return nil, s.refusal(err)
	}
	if err := s.connect(ctx, in); err != nil {
		err = s.refusal(err)
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Store) connect(ctx context.Context, in inner) error {
	var err error
	if s.r, err = pool(readerName(s.path, s.busy), 4, 1); err != nil {
		return err
	}
	if s.writer, err = newWriter(s.r.Driver(), writerName(s.path, s.busy), s.busy); err != nil {
		return err
	}
	var id, version int64
	var mode string
	err = s.writer.row(`SELECT (SELECT application_id FROM pragma_application_id),
		(SELECT user_version FROM pragma_user_version), (SELECT journal_mode FROM pragma_journal_mode)`).Scan(&id, &version, &mode)
	switch {
	case err != nil:
		return err
	case id != ApplicationID:
		return foreign(s.path)
	case version > latest(in.migrations):
		return newer(version, latest(in.migrations))
	case mode != "wal":
		return noAccess(fmt.Errorf("journal mode is %q: no shared memory here", mode))
	case version < latest(in.migrations):
		if err := s.migrate(ctx, version, in); err != nil {
			return err
		}
	}
	// The row every start needs: damage that reaches the first pages is found here, not at the first outcome.
	var one int
	return s.writer.row(`SELECT one FROM service`).Scan(&one)
}

func (s *Store) migrate(ctx context.Context, version int64, in inner) error {
	if err := s.backupBeforeMigration(ctx, version); err != nil {
		return err
	}
	db, err := pool(writerName(s.path, s.busy), 1, 1)
	if err != nil {
		return err
	}
	return errors.Join(migrate(ctx, db, in.migrations, s.now()), db.Close())
}

func pool(dsn string, open, idle int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(open)
	db.SetMaxIdleConns(idle)
	return db, nil
}

// makeNew builds a whole database under another name and gives it its own in one step, so that no crash leaves an
// empty or half-made gateway.db behind. Its mode is set by hand, umask or not: SQLite takes it over for the files
// beside it, and the group must be able to write them all.
func makeNew(ctx context.Context, path string, o Options, in inner) (err error) {
	now := time.Now
	if o.Now != nil {
		now = o.Now
	}
	removeStale(filepath.Dir(path), filepath.Base(path)+".new-")
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return fileError(err)
	}
	temp := f.Name()
	defer func() {
		_ = os.Remove(temp)
		_ = os.Remove(temp + "-journal")
	}()
	if err := errors.Join(openToGroup(f), f.Close()); err != nil {
		return fileError(err)
	}
	db, err := pool(newName(temp, in.busy), 1, 1)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", ApplicationID))
	if err == nil {
		err = migrate(ctx, db, in.migrations, now())
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	if err := giveName(temp, path); err != nil {
		return fileError(err)
	}
	return nil
}

// stale is the age at which an unfinished file is surely nobody's any more.
const stale = 24 * time.Hour

// removeStale removes what a crash left of files that were being made: those whose name begins so.
func removeStale(dir, prefix string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && strings.HasPrefix(e.Name(), prefix) &&
			time.Since(info.ModTime()) > stale {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// fileError says what the file system refused; one that is already there is told apart for the caller.
func fileError(err error) error {
	switch {
	case errors.Is(err, fs.ErrExist):
		return err
	case isFull(err):
		return diskFull(err)
	default:
		return noAccess(err)
	}
}

// refusal adds to a damaged file what to do about it: nothing is deleted or overwritten, and the newest copy has a
// name.
func (s *Store) refusal(err error) error {
	err = mapError(err)
	var e *data.Error
	if !errors.As(err, &e) || e.Code != data.CodeDamaged {
		return err
	}
	told := *e
	told.Next = "The file was left as it is."
	if newest := newestBackup(s.backups); newest != "" {
		told.Next += fmt.Sprintf(" Stop the service, set %s aside with the -wal and -shm files beside it, and put a copy of the newest backup in its place: %s",
			filepath.Base(s.path), newest)
	} else {
		told.Next += " There is no backup; ask for help before you remove it."
	}
	return &told
}
