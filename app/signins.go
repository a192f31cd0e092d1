package main

import (
	"context"
	"errors"
	"io"

	"smtpgateway/app/screen"
	"smtpgateway/data"
	"smtpgateway/service/sendercheck"
	"smtpgateway/service/signin"
)

// signIns lets the person at the window sign in with Google or Microsoft.
type signIns struct{ provider *signin.Provider }

func newSignIns() signIns { return signIns{signin.New(signin.Options{})} }

// Browser opens the browser of this computer.
func (s signIns) Browser(ctx context.Context, v data.Server, proxy string, open func(address string) error) (screen.Granted, error) {
	g, err := s.provider.Browser(ctx, v, proxy, open)
	return granted(g, err), err
}

// Page is Browser without the last step.
func (s signIns) Page(ctx context.Context, v data.Server, proxy string, open func(address string) error, take func(context.Context, data.SignInHandover) (string, error)) error {
	return s.provider.Page(ctx, v, proxy, open, take)
}

// Device lets the person type a code on another device.
func (s signIns) Device(ctx context.Context, v data.Server, proxy string, show func(screen.SignInCode)) (screen.Granted, error) {
	g, err := s.provider.Device(ctx, v, proxy, func(c signin.DeviceCode) {
		show(screen.SignInCode{Code: c.Code, Address: c.Address, Until: c.Until})
	})
	return granted(g, err), err
}

// App lets the program sign in as itself.
func (s signIns) App(ctx context.Context, v data.Server, proxy string) (screen.Granted, error) {
	g, err := s.provider.App(ctx, v, proxy)
	return granted(g, err), err
}

// Guide is what IT does once.
func (s signIns) Guide(v data.Server) []screen.GuideStep {
	var out []screen.GuideStep
	for _, step := range signin.Guide(v) {
		out = append(out, screen.GuideStep(step))
	}
	return out
}

func granted(g signin.Grant, err error) screen.Granted {
	return screen.Granted{
		User: g.User, Missing: g.Missing, Other: errors.Is(err, signin.ErrOtherAccount),
		Keep: g.SignIn,
	}
}

// senders tells whether mail will be trusted.
type senders struct{ *sendercheck.Checker }

// Received reads what a receiving server thought of a mail.
func (senders) Received(mail io.Reader) data.Evidence { return sendercheck.Received(mail) }
