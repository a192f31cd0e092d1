package relay

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/textproto"
	"os"
	"strings"
	"syscall"

	"smtpgateway/data"
)

// What stands in the way of protection before a handshake.
var (
	errNoSTARTTLS = errors.New("STARTTLS is not offered")
	errNoAddress  = errors.New("the name has no address")
	errTLSFirst   = errors.New("the server waits for TLS")
)

// words are what a librarian reads of trouble that no reply of the server explains.
type words struct {
	blame    data.Blame
	advice   string
	sentence string
	remedy   string
}

const remedyTrust = "Do not switch protection off before asking IT. If IT says it is the right server, trust its certificate after a Test."

// judgeSilence is for everything but an understood reply: no name, no connection, no proof, no answer.
func judgeSilence(p place, err error) data.Outcome {
	o := data.Outcome{Phase: p.phase}
	var w words
	if errors.Is(err, errStopped) {
		o.Sentence, o.Remedy = "The service was stopped before the message was handed over.", remedyWait
		switch spotOf(p.phase) {
		case atWelcome, atSignIn:
			o.Kind = data.KindServer
			return o
		default:
			o.Kind = data.KindUntouched
		}
		if p.phase != data.PhaseDot {
			return o
		}
	}
	switch {
	case p.phase == data.PhaseDot:
		o.Kind = data.KindUncertain
		w = words{
			sentence: "The connection to {host} broke after the whole message was handed over: it may have arrived.",
			remedy:   "Ask the recipient whether it arrived before sending it again.",
		}
	case p.phase == data.PhaseLocal:
		o.Kind = data.KindTemporary
		w = words{blame: data.BlameIT, sentence: "The stored message could not be read.", remedy: "Ask IT to look at the disk of this computer."}
		if _, ok := errors.AsType[*unsuitableError](err); ok {
			o.Kind = data.KindPermanent
			w = words{blame: data.BlameMessage, sentence: "The message cannot be written in a form that {host} takes.", remedy: remedyBlocked}
		}
		if own, ok := errors.AsType[*data.Error](err); ok {
			w.sentence, w.remedy = own.Sentence, own.Next
		}
	case spotOf(p.phase)&atEnvelope != 0 && !errors.Is(err, errReplyTooLong):
		o.Kind = data.KindTemporary
		w = words{sentence: "The connection to {host} broke before the message was handed over.", remedy: remedyWait}
		if timedOut(err) {
			w.sentence = "The mail server {host} stopped answering before the message was handed over."
		}
	default:
		o.Kind, o.Pause = data.KindServer, data.PauseShort
		w, o.Pause = serverTrouble(p, err)
	}
	o.Blame, o.Advice = w.blame, w.advice
	o.Sentence, o.Remedy = fill(w.sentence, p), fill(w.remedy, p)
	return o
}

// serverTrouble says what is wrong with a server that did not get as far as RCPT.
func serverTrouble(p place, err error) (words, data.Pause) {
	if w, ok := loginTrouble(p, err); ok {
		return w, data.PauseAuth
	}
	switch {
	case errors.Is(err, errReplyTooLong):
		return words{blame: data.BlameIT, sentence: "{host} answers without end; it does not behave like a mail server.", remedy: "Look for a typing mistake in name and port, or ask IT."}, data.PauseShort
	case p.phase == data.PhaseDNS:
		return nameTrouble(err), data.PauseShort
	case p.phase == data.PhaseConnect:
		return connectTrouble(p, err), data.PauseShort
	case p.phase == data.PhaseTLS:
		return protectionTrouble(p, err), data.PauseShort
	}
	return conversationTrouble(p, err), data.PauseShort
}

func loginTrouble(p place, err error) (words, bool) {
	switch {
	case errors.Is(err, errNoPassword):
		return words{data.BlameSettings, "sign-in", "There is a user name for {host}, but no password that can be used.", "Enter the password again in the settings."}, true
	case errors.Is(err, errClearLogin):
		return words{data.BlameSettings, "starttls", "The password would travel unprotected to {host}, so it was not sent.", remedyProtect}, true
	case errors.Is(err, errNoLogin):
		if p.server.Security == data.SecurityNone {
			return words{data.BlameSettings, "starttls", "The mail server {host} offers no sign-in; most offer it only on a protected connection.", remedyProtect}, true
		}
		return words{data.BlameSettings, "sign-in", "The mail server {host} offers no sign-in on port {port}.", "Try port 587, or leave the user name empty if IT says that no sign-in is needed."}, true
	case errors.Is(err, errTokenLogin):
		return words{data.BlameSettings, adviceBrowser, "The mail server {host} takes no passwords, only a sign-in by web browser.", "Sign in with {provider} in the settings."}, true
	case errors.Is(err, errNoToken):
		return words{data.BlameSettings, adviceBrowser, "Nobody has signed in to {host} yet.", "Sign in with {provider} in the settings."}, true
	case errors.Is(err, errClearToken):
		return words{data.BlameSettings, "starttls", "The sign-in would travel unprotected to {host}, so it was not sent.", remedyProtect}, true
	case errors.Is(err, errTokenOnly):
		return words{data.BlameSettings, "sign-in", "The mail server {host} offers no sign-in with {provider}.", "Look for a typing mistake in the server name, or choose to sign in with a password."}, true
	case errors.Is(err, errForeign):
		return words{data.BlameIT, "sign-in", "The mail server {host} offers only ways of signing in that this program does not know.", "Ask IT to allow PLAIN or LOGIN on a protected connection."}, true
	case errors.Is(err, errNotThisWay):
		return words{data.BlameSettings, "sign-in", "The mail server {host} does not offer the way of signing in that is chosen.", "Choose auto as the way of signing in."}, true
	case errors.Is(err, errTooManyHash):
		return words{data.BlameIT, "sign-in", "The mail server {host} asks for an absurd amount of work to sign in.", "Choose plain as the way of signing in, or ask IT."}, true
	case p.phase == data.PhaseAuth && !broken(err) && !errors.Is(err, errReplyTooLong):
		return words{data.BlameSettings, "sign-in", "Signing in to {host} failed: it did not answer as it should.", remedySettings}, true
	}
	return words{}, false
}

func nameTrouble(err error) words {
	var dns *net.DNSError
	if errors.Is(err, errNoAddress) || (errors.As(err, &dns) && dns.IsNotFound) {
		return words{data.BlameSettings, "", "The server name {host} does not exist.", "Look for a typing mistake."}
	}
	return words{data.BlameIT, "", "The server name {host} could not be looked up: the name service does not answer.", "Look whether this computer is connected to the network. It is tried again by itself."}
}

func connectTrouble(p place, err error) words {
	w := words{
		blame:    data.BlameIT,
		sentence: "Nothing answers at {host} port {port}. The school firewall may block it.",
		remedy:   "Ask IT to allow this computer to reach {host}:{port}.",
	}
	switch {
	case errors.Is(err, syscall.ENETUNREACH) || errors.Is(err, syscall.EHOSTUNREACH):
		w.sentence = "There is no way to {host} from this computer."
		w.remedy = "Look whether this computer is connected to the network, then ask IT."
	case p.server.Port == 25 || p.server.Port == 857:
		w.advice = "port-587"
		w.remedy = "Try port 587, or ask IT to allow this computer to reach {host}:{port}."
	}
	return w
}

func protectionTrouble(p place, err error) words {
	var (
		record  tls.RecordHeaderError
		proof   *certificateError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		unknown x509.UnknownAuthorityError
	)
	switch {
	case errors.Is(err, errNoSTARTTLS):
		return words{data.BlameIT, "", "The mail server {host} offers no protection on port {port}, or something on the way removes it.", "Do not switch protection off before asking IT."}
	case p.server.Security == data.SecurityTLS && errors.As(err, &record):
		return words{data.BlameSettings, "starttls", "{host} does not speak TLS from the first byte on port {port}. Port 587 starts unprotected and then switches.", "Choose starttls as the protection."}
	case errors.As(err, &name):
		return words{data.BlameIT, "trust", "The identity of the mail server could not be confirmed: its certificate is not for {host}.", remedyTrust}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return words{data.BlameIT, "trust", "The identity of {host} could not be confirmed: its certificate has expired or is not valid yet.", "Look whether the clock of this computer is right. " + remedyTrust}
	case errors.As(err, &proof) && proof.pinned:
		return words{data.BlameIT, "trust", "The mail server {host} shows another certificate than the one you trusted.", "Ask IT whether the certificate was renewed, then trust the new one after a Test."}
	case errors.As(err, &unknown):
		return words{data.BlameIT, "trust", "The identity of {host} could not be confirmed: this computer does not know who issued its certificate.", remedyTrust}
	case errors.As(err, &proof):
		return words{data.BlameIT, "trust", "The identity of {host} could not be confirmed by its certificate.", remedyTrust}
	case strings.Contains(err.Error(), "protocol version"):
		return words{data.BlameIT, "", "The mail server {host} only knows outdated protection.", "Ask IT to switch on TLS 1.2 or later."}
	case broken(err):
		return words{data.BlameIT, "", "{host} did not finish setting up protection on port {port}.", "It is tried again by itself. If it stays so, ask IT."}
	}
	return words{data.BlameIT, "", "Protection could not be set up with {host} on port {port}.", remedyBlocked}
}

func conversationTrouble(p place, err error) words {
	var malformed textproto.ProtocolError
	if p.phase == data.PhaseGreeting {
		switch {
		case errors.Is(err, errTLSFirst):
			return words{data.BlameSettings, "tls", "{host} is protected from the first byte on port {port}, as servers are on port 465; it was spoken to as on port 587.", "Choose tls as the protection."}
		case errors.As(err, &malformed):
			return words{data.BlameSettings, "", "What answers at {host} port {port} is not a mail server.", "Look for a typing mistake in name and port."}
		}
		return words{data.BlameIT, "", "{host} answers on port {port} but does not greet as a mail server does.", "It is tried again by itself. If it stays so, ask IT."}
	}
	if timedOut(err) {
		return words{data.BlameIT, "", "The mail server {host} stopped answering.", "It is tried again by itself. If it stays so, ask IT."}
	}
	if errors.As(err, &malformed) {
		return words{data.BlameIT, "", "The mail server {host} gave an answer that no mail server gives.", "It is tried again by itself. If it stays so, ask IT."}
	}
	return words{data.BlameIT, "", "The mail server {host} closed the connection.", "It is tried again by itself. If it stays so, ask IT."}
}

func timedOut(err error) bool {
	var t interface{ Timeout() bool }
	return errors.Is(err, os.ErrDeadlineExceeded) || (errors.As(err, &t) && t.Timeout())
}

// broken reports whether the connection was lost, in whatever way.
func broken(err error) bool {
	var op *net.OpError
	return timedOut(err) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.As(err, &op)
}
