package gateway

import (
	"context"
	"os"

	"smtpgateway/data/place"
	"smtpgateway/service/dropfolder"
)

// reopenFolder opens the drop folder anew: at the start, when the setting changed, and when it was gone.
func (g *Gateway) reopenFolder(ctx context.Context) {
	g.closeFolder()
	s := g.Settings()
	f, err := dropfolder.Open(s.Folder, dropfolder.Options{Store: g.store, Rules: g.rules, Settings: g.Settings, Now: g.o.Now, Log: g.o.Log})
	if err != nil {
		g.trouble(ctx, troubleFolder, 0, sentence(err), next(err))
		return
	}
	g.mu.Lock()
	g.folder, g.folderAt = f, s.Folder
	g.mu.Unlock()
	g.clear(ctx, troubleFolder, "The folder "+s.Folder+" is there again.")
}

// openFolder is the folder as it is open, or opened anew; nil while it cannot be reached, which is told as trouble.
func (g *Gateway) openFolder(ctx context.Context) *dropfolder.Folder {
	g.mu.Lock()
	f := g.folder
	g.mu.Unlock()
	if f != nil {
		return f
	}
	g.reopenFolder(ctx)
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.folder
}

func (g *Gateway) closeFolder() {
	g.mu.Lock()
	f := g.folder
	g.folder = nil
	g.mu.Unlock()
	if f == nil {
		return
	}
	if err := f.Close(); err != nil {
		g.o.Log.Error("closing the folder", "error", err)
	}
}

// folderChanges hints that something happened in the folder; nil while there is none.
func (g *Gateway) folderChanges(ctx context.Context) <-chan struct{} {
	g.mu.Lock()
	f := g.folder
	g.mu.Unlock()
	if f == nil {
		return nil
	}
	return f.Changes(ctx)
}

// openRoot gives settle the folder, and nothing outside it.
func (g *Gateway) openRoot() (*os.Root, error) { return os.OpenRoot(g.Settings().Folder) }

// reserve is the free space below which nothing new is taken in: room for the outcomes of what is under way.
const reserve = 32 << 20

// spaceForIntake looks before anything is promised: after a full disk even a one-row update fails.
func (g *Gateway) spaceForIntake(ctx context.Context) bool {
	free, err := place.FreeBytes(g.o.Place.Data)
	if err != nil {
		g.o.Log.Error("free space is unknown", "error", err)
		return true
	}
	if free < reserve {
		g.trouble(ctx, troubleDisk, 500, "The disk is full: no new messages are taken.", "Make room; it goes on by itself.")
		return false
	}
	g.clear(ctx, troubleDisk, "There is room on the disk again: new messages are taken.")
	if err := g.o.Place.MakeBallast(); err != nil && free > 2*reserve {
		g.o.Log.Error("ballast", "error", err)
	}
	return true
}

func (g *Gateway) dropBallast() {
	if err := g.o.Place.DropBallast(); err != nil {
		g.o.Log.Error("ballast", "error", err)
	}
}
