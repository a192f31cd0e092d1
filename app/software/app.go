package software

import (
	"image"
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// app is the application.
type app struct {
	options   Options
	base      fyne.App // of Fyne's test driver: what it keeps in memory is as good as any
	driver    *driver
	settings  *settings
	lifecycle lifecycle
	icon      image.Image
	resource  fyne.Resource
}

// freshBase makes an application of Fyne's test driver. Fyne's caches of fonts and drawings are empty after it.
func freshBase() fyne.App { return test.NewApp() }

func (a *app) NewWindow(title string) fyne.Window { return a.driver.CreateWindow(title) }
func (a *app) OpenURL(u *url.URL) error           { return a.options.open(u) }
func (a *app) Icon() fyne.Resource                { return a.resource }
func (a *app) SetIcon(r fyne.Resource)            { a.resource = r }
func (a *app) Run()                               { a.driver.Run() }
func (a *app) Quit()                              { a.driver.Quit() }
func (a *app) Driver() fyne.Driver                { return a.driver }
func (a *app) UniqueID() string                   { return a.options.ID }
func (a *app) Settings() fyne.Settings            { return a.settings }
func (a *app) Preferences() fyne.Preferences      { return a.base.Preferences() }
func (a *app) Storage() fyne.Storage              { return a.base.Storage() }
func (a *app) Lifecycle() fyne.Lifecycle          { return &a.lifecycle }
func (a *app) CloudProvider() fyne.CloudProvider  { return a.base.CloudProvider() }
func (a *app) Clipboard() fyne.Clipboard          { return a.driver.Clipboard() }

// SetCloudProvider is of no use here: nothing is kept beyond this run.
func (a *app) SetCloudProvider(p fyne.CloudProvider) { a.base.SetCloudProvider(p) }

// SendNotification shows a notification of the desktop, where it has such.
func (a *app) SendNotification(n *fyne.Notification) {
	if err := notify(a.options.ID, n.Title, n.Content); err != nil {
		fyne.LogError("The desktop shows no notification", err)
	}
}

// Metadata names the application.
func (a *app) Metadata() fyne.AppMetadata {
	return fyne.AppMetadata{ID: a.options.ID, Name: a.options.Title, Icon: a.resource}
}

// lifecycle keeps what is to be told about the application's life.
type lifecycle struct {
	entered, exited, started, stopped func()
}

func (l *lifecycle) SetOnEnteredForeground(f func()) { l.entered = f }
func (l *lifecycle) SetOnExitedForeground(f func())  { l.exited = f }
func (l *lifecycle) SetOnStarted(f func())           { l.started = f }
func (l *lifecycle) SetOnStopped(f func())           { l.stopped = f }

// tell calls what was asked to be called, if anything was.
func tell(f func()) {
	if f != nil {
		f()
	}
}
