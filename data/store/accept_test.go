package store_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

func origin(key, name string) option {
	return func(n *data.NewMessage) { n.File, n.Origin = name, &data.Origin{Key: key, Name: name} }
}

func text(b []byte) option { return func(n *data.NewMessage) { n.Body = bytes.NewReader(b) } }

func TestAccept(t *testing.T) {
	t.Run("a dropped file is taken once, however often it is offered", func(t *testing.T) {
		q := newQueue(t)
		one := q.accept(origin("k1", "a.eml"))
		if again := q.accept(origin("k1", "renamed.eml")); again != one {
			t.Fatalf("message %d, then %d", one, again)
		}
		if q.accept(origin("k2", "a.eml")) == one {
			t.Fatal("another file is the same message")
		}
		if n := q.number(`SELECT count(*) FROM delivery`); n != 2 {
			t.Fatalf("%d deliveries", n)
		}
	})
	t.Run("a refused file that is mended is taken", func(t *testing.T) {
		q := newQueue(t)
		if err := q.SaveOrigin(t.Context(), data.Origin{Key: "k", Name: "a.eml"}); err != nil {
			t.Fatal(err)
		}
		id := q.accept(origin("k", "a.eml"))
		if o, ok, err := q.OriginOf(t.Context(), id); !ok || err != nil || o.Key != "k" {
			t.Fatalf("%+v %v %v", o, ok, err)
		}
	})
	t.Run("a message without recipient or header is refused", func(t *testing.T) {
		q := newQueue(t)
		for _, o := range []option{to(), func(n *data.NewMessage) { n.Header = nil }} {
			if _, err := q.Accept(t.Context(), newMessage(o)); data.CodeOf(err) != data.CodeBadMessage {
				t.Fatal(err)
			}
		}
	})
	t.Run("a message that is to be held is held with its reason", func(t *testing.T) {
		q := newQueue(t)
		if d := q.state(q.accept(hold("Practice mode is on.")), data.Held); d.Reason != "Practice mode is on." {
			t.Fatalf("%+v", d)
		}
		q.nothing()
	})
	t.Run("a body that breaks off leaves nothing behind", func(t *testing.T) {
		q := newQueue(t)
		for _, size := range []int{10, 3 << 20} {
			broken := io.MultiReader(bytes.NewReader(bodyOf(size)), iotest.ErrReader(errors.New("share gone")))
			_, err := q.Accept(t.Context(), newMessage(func(n *data.NewMessage) { n.Body = broken }))
			if data.CodeOf(err) != data.CodeNoAccess {
				t.Fatal(err)
			}
			if n := q.number(`SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM body) + (SELECT count(*) FROM delivery)`); n != 0 {
				t.Fatalf("%d rows", n)
			}
		}
	})
}

func TestBody(t *testing.T) {
	for name, size := range map[string]int{
		"none": 0, "one octet": 1, "one row exactly": 256 << 10, "just what stays in memory": 1<<20 - 46, "the limit": 1 << 20,
		"one octet more than the limit": 1<<20 + 1, "many rows": 3<<20 + 5,
	} {
		t.Run("the bytes come back as they went in: "+name, func(t *testing.T) {
			q := newQueue(t)
			b := bodyOf(size)
			n := newMessage(text(b))
			whole := append(bytes.Clone(n.Header), b...)
			id, err := q.Accept(t.Context(), n)
			if err != nil {
				t.Fatal(err)
			}
			m, err := q.Message(t.Context(), id)
			if err != nil || m.Size != int64(len(whole)) || m.SHA256 != sha256.Sum256(whole) {
				t.Fatalf("%+v %v", m, err)
			}
			body, err := q.Body(t.Context(), m)
			if err != nil || body.Size() != m.Size {
				t.Fatal(err)
			}
			for range 2 { // another try
				r, err := body.Open()
				if err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(iotest.OneByteReader(io.LimitReader(r, 100)))
				if err != nil {
					t.Fatal(err)
				}
				rest, err := io.ReadAll(r)
				if err != nil || !bytes.Equal(append(got, rest...), whole) || r.Close() != nil {
					t.Fatalf("%d octets, %v", len(got)+len(rest), err)
				}
			}
			if n := q.number(`SELECT max(length(bytes)) FROM body`); n > 256<<10 {
				t.Fatalf("a row of %d octets", n)
			}
		})
	}
	for name, damage := range map[string]string{
		"a changed octet":    `UPDATE body SET bytes = CAST(replace(CAST(bytes AS TEXT), '5', '6') AS BLOB) WHERE seq = 1`,
		"a missing row":      `DELETE FROM body WHERE seq = (SELECT max(seq) FROM body)`,
		"an octet too many":  `UPDATE body SET bytes = CAST(CAST(bytes AS TEXT) || 'x' AS BLOB) WHERE seq = (SELECT max(seq) FROM body)`,
		"a row of its own":   `INSERT INTO body SELECT message, max(seq) + 1, X'00' FROM body`,
		"the header missing": `DELETE FROM body WHERE seq = 0`,
	} {
		t.Run("damaged bytes are never handed out: "+name, func(t *testing.T) {
			for _, size := range []int{100, 2 << 20} {
				q := newQueue(t)
				id := q.accept(text(bodyOf(size)))
				err := q.Update(t.Context(), func(tx *store.Tx) error { _, err := tx.Exec(damage); return err })
				if err != nil {
					t.Fatal(err)
				}
				m, _ := q.Message(t.Context(), id)
				_, err = q.Body(t.Context(), m)
				if code := data.CodeOf(err); code != data.CodeDamaged && (code != data.CodeNotFound || name != "the header missing") {
					t.Fatalf("%d octets: %v", size, err)
				}
			}
		})
	}
	t.Run("text that is no longer kept is told as such", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		err := q.Update(t.Context(), func(tx *store.Tx) error { _, err := tx.Exec(`DELETE FROM body`); return err })
		m, _ := q.Message(t.Context(), id)
		_, bodyErr := q.Body(t.Context(), m)
		_, headerErr := q.Header(t.Context(), id)
		if err != nil || data.CodeOf(bodyErr) != data.CodeNotFound || data.CodeOf(headerErr) != data.CodeNotFound {
			t.Fatal(err, bodyErr, headerErr)
		}
	})
}

// A message of 35 MB passes through without ever being in memory as a whole.
func TestLargeMessageStaysOutOfMemory(t *testing.T) {
	q := newQueue(t)
	const size = 35 << 20
	id := q.accept(func(n *data.NewMessage) {
		n.Body = io.LimitReader(io.MultiReader(strings.NewReader("x"), pattern{}), size)
	})
	m, err := q.Message(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	body, err := q.Body(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	r, _ := body.Open()
	buf := make([]byte, 32<<10)
	var most uint64
	for {
		var stats runtime.MemStats
		_, err := r.Read(buf)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&stats)
		most = max(most, stats.HeapAlloc)
	}
	if most > size/2 {
		t.Fatalf("%d octets of memory", most)
	}
}

type pattern struct{}

func (pattern) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "0123456789abcde\r\n"[i%17]
	}
	return len(p), nil
}

func TestCopy(t *testing.T) {
	again := func(header []byte) ([]byte, string, error) {
		return append([]byte("X-Copy: yes\r\n"), header...), "<copy@school.org>", nil
	}
	t.Run("a copy is a new message with the same text, a header of its own and no file", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept(origin("k", "a.eml"), to("a@school.org", "b@school.org"), text(bodyOf(600<<10)))
		q.record(q.claim(), data.Sent, data.KindSent)
		copied, err := q.Copy(t.Context(), id, "new@school.org", again)
		if err != nil || copied == id {
			t.Fatal(copied, err)
		}
		old, _ := q.Message(t.Context(), id)
		m, _ := q.Message(t.Context(), copied)
		if m.Door != data.DoorCopy || m.File != "" || m.Size != old.Size+int64(len("X-Copy: yes\r\n")) || m.MessageID != "<copy@school.org>" || m.Sender != "new@school.org" || !m.Queued.Equal(q.now) {
			t.Fatalf("%+v", m)
		}
		if _, err := q.Body(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		d := q.deliveries(copied)
		if len(d) != 2 || d[0].Recipient != "a@school.org" || d[0].State != data.Waiting || d[0].Attempts != 0 {
			t.Fatalf("%+v", d)
		}
		if c := q.claim(); c.Message.ID != copied || len(c.Deliveries) != 2 {
			t.Fatalf("%+v", c)
		}
	})
	t.Run("a copy whose header cannot be made is none", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		refused := &data.Error{Code: data.CodeBadSettings, Sentence: "There is no From."}
		if _, err := q.Copy(t.Context(), id, "", func([]byte) ([]byte, string, error) { return nil, "", refused }); !errors.Is(err, refused) {
			t.Fatal(err)
		}
		if n := q.number(`SELECT count(*) FROM message`); n != 1 {
			t.Fatalf("%d messages", n)
		}
	})
	t.Run("there is no copy of what is no longer kept", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		_ = q.Update(t.Context(), func(tx *store.Tx) error { _, err := tx.Exec(`DELETE FROM body`); return err })
		for _, m := range []int64{id, 77} {
			if _, err := q.Copy(t.Context(), m, "", again); data.CodeOf(err) != data.CodeNotFound {
				t.Fatal(err)
			}
		}
		if n := q.number(`SELECT count(*) FROM message`); n != 1 {
			t.Fatalf("%d messages", n)
		}
	})
}

func TestRestamp(t *testing.T) {
	q := newQueue(t)
	big := q.accept(text(bodyOf(1<<20 + 9)))
	held := q.accept(hold("Wait."))
	own := q.accept(func(n *data.NewMessage) { n.Door, n.Class = data.DoorOwn, data.ClassLog })
	null := q.accept(func(n *data.NewMessage) { n.Sender = "" })
	odd := q.accept(subject("odd"), func(n *data.NewMessage) { n.Header = []byte("odd\r\n\r\n") })
	lost := q.accept(class(data.ClassTest))
	q.record(q.claim(), data.Waiting, data.KindUncertain)
	sending := q.accept(class(data.ClassTest))
	q.claim()
	edit := func(h []byte) ([]byte, error) {
		if bytes.HasPrefix(h, []byte("odd")) {
			return nil, errors.New("no From")
		}
		return bytes.Replace(h, []byte("library@"), []byte("books@"), 1), nil
	}
	n, err := q.Restamp(t.Context(), "books@school.org", edit)
	if n != 3 || err == nil || !strings.Contains(err.Error(), "no From") {
		t.Fatal(n, err)
	}
	for id, want := range map[int64]string{
		big: "books@school.org", held: "books@school.org", null: "", own: "library@school.org", odd: "library@school.org",
		lost: "library@school.org", sending: "library@school.org",
	} {
		m, _ := q.Message(t.Context(), id)
		h, _ := q.Header(t.Context(), id)
		_, err := q.Body(t.Context(), m)
		changed := id == big || id == held || id == null
		if m.Sender != want || bytes.Contains(h, []byte("books@")) != changed || err != nil {
			t.Errorf("message %d: %+v %q %v", id, m, h, err)
		}
	}
	if n, _ := q.Restamp(t.Context(), "books@school.org", edit); n != 0 {
		t.Errorf("%d changed again", n)
	}
}
