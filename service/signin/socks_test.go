package signin_test

import (
	"encoding/binary"
	"io"
	"net"
	"strconv"
	"sync/atomic"
	"testing"
)

// socks is a SOCKS5 proxy (RFC 1928) that knows CONNECT and wants nobody to log in.
type socks struct {
	address string
	asked   atomic.Int32
}

func startSOCKS(t *testing.T) *socks {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := &socks{address: l.Addr().String()}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return s
}

func (s *socks) serve(c net.Conn) {
	defer c.Close()
	b := make([]byte, 262)
	io.ReadFull(c, b[:2])
	io.ReadFull(c, b[:b[1]])
	c.Write([]byte{5, 0})
	io.ReadFull(c, b[:4])
	var host string
	switch b[3] {
	case 1:
		io.ReadFull(c, b[:4])
		host = net.IP(b[:4]).String()
	case 3:
		io.ReadFull(c, b[:1])
		n := b[0]
		io.ReadFull(c, b[:n])
		host = string(b[:n])
	default:
		return
	}
	io.ReadFull(c, b[:2])
	to, err := net.Dial("tcp", net.JoinHostPort(host, strconv.Itoa(int(binary.BigEndian.Uint16(b)))))
	if err != nil {
		return
	}
	defer to.Close()
	s.asked.Add(1)
	c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	go io.Copy(to, c)
	io.Copy(c, to)
}
