package data

import (
	"net"
	"strconv"
)

// Security is how a connection to a server is protected.
type Security string

// The three ways; STARTTLS is required when chosen, never opportunistic, unless Server.AllowInsecure says so.
const (
	SecuritySTARTTLS Security = "starttls"
	SecurityTLS      Security = "tls"
	SecurityNone     Security = "none"
)

// Auth is the way of signing in.
type Auth string

// AuthAuto is AuthXOAUTH2 where there is a sign-in (SignIn), else the strongest the server offers: SCRAM, PLAIN, LOGIN,
// CRAM-MD5.
const (
	AuthAuto    Auth = "auto"
	AuthNone    Auth = "none"
	AuthPlain   Auth = "plain"
	AuthLogin   Auth = "login"
	AuthCRAMMD5 Auth = "cram-md5"
	AuthSCRAM   Auth = "scram"
	AuthXOAUTH2 Auth = "xoauth2"
)

// Server is one mail server of the school, a smarthost in the words of the field.
type Server struct {
	Number        int // 1, or 2 for the backup
	Host          string
	Port          int
	Security      Security
	AllowInsecure bool   // encrypted without proof, or plain where no TLS is offered
	EHLO          string // empty: this computer's name if valid, else its address literal
	Certificate   string // SHA-256 of a certificate trusted by hand, 64 hex digits; empty: the usual proof
	Auth          Auth
	User          string
	Sealed        string // password as stored, sealed for the service; empty: none
	Password      Secret // opened, in the service's memory only
	Connections   int
	RecipientsDay int // recipients in a sliding 24 hours; 0: no cap

	// Signing in without a password. User is the mailbox then.
	SignIn        SignInWay
	Tenant        string // directory ID or domain at Microsoft
	ClientID      string // of the school's own app registration
	ClientSealed  string // client secret as stored, sealed for the service; empty: none
	ClientSecret  Secret // opened, in memory only
	SignInAddress string // authority, https://host; empty: the provider's usual one. http only on this computer itself
	Token         Secret // access token, in memory only, put in before a dial
}

// Set reports whether there is such a server at all.
func (s Server) Set() bool { return s.Host != "" }

// Address is host:port as dialled.
func (s Server) Address() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// Login reports whether the server wants somebody to sign in.
func (s Server) Login() bool { return s.Auth != AuthNone && s.User != "" }
