package control

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseShow(t *testing.T) {
	for name, c := range map[string]struct {
		show string
		want Status
	}{
		"no unit is not installed": {"LoadState=not-found\nActiveState=inactive", Status{State: NotInstalled}},
		"installed, by hand, stopped": {
			"LoadState=loaded\nActiveState=inactive\nSubState=dead\nUnitFileState=disabled\nResult=success\nExecMainStatus=0\nStatusText=\nNRestarts=0\nMainPID=0",
			Status{Installed: true, State: Stopped, Startup: Manual},
		},
		"running, with what it says of itself": {
			"LoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\nResult=success\nExecMainStatus=0\nStatusText=3 waiting.\nNRestarts=1\nMainPID=42",
			Status{Installed: true, Running: true, State: Running, Startup: Auto, PID: 42, Reason: "3 waiting.", Restarts: 1},
		},
		"stopped by itself, with the reason it left": {
			"LoadState=loaded\nActiveState=failed\nSubState=failed\nUnitFileState=disabled\nResult=exit-code\nExecMainStatus=78\nStatusText=Stopped: No server is set.\nNRestarts=0\nMainPID=0",
			Status{Installed: true, State: Failed, Startup: Manual, ExitCode: 78, Reason: "No server is set."},
		},
		"between a crash and the next start": {
			"LoadState=loaded\nActiveState=activating\nSubState=auto-restart\nUnitFileState=enabled\nResult=watchdog\nExecMainStatus=6\nStatusText=Idle.\nNRestarts=2\nMainPID=0",
			Status{Installed: true, State: Restarting, Startup: Auto, ExitCode: 6, Reason: "It gave no sign of life and was ended.", Restarts: 2},
		},
		"given up after many crashes": {
			"LoadState=loaded\nActiveState=failed\nSubState=failed\nUnitFileState=enabled\nResult=signal\nExecMainStatus=9\nStatusText=Idle.\nNRestarts=10\nMainPID=0",
			Status{
				Installed: true, State: Failed, Startup: Auto, ExitCode: 9, Restarts: 10,
				Reason: "It ended too often in a short time and is not started again by itself. It was ended from outside or broke off.",
			},
		},
		"a folder of the unit that is missing": {
			"LoadState=loaded\nActiveState=failed\nSubState=failed\nUnitFileState=enabled\nResult=exit-code\nExecMainStatus=226\nStatusText=\nNRestarts=0\nMainPID=0",
			Status{
				Installed: true, State: Failed, Startup: Auto, ExitCode: 226,
				Reason: "The system could not set up what it runs in (226): its program file or one of its folders may be missing.",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := parseShow(c.show + "\n"); got != c.want {
				t.Fatalf("\ngot  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestUnit(t *testing.T) {
	l := Layout{
		Program: `/opt/a "b" 100% $x\y/smtp-gateway`, Data: "/var/lib/smtp-gateway", Key: "/var/lib/smtp-gateway-key",
		Logs: "/var/log/smtp-gateway", Folder: "/var/lib/smtp-gateway-email",
	}
	text := unitText(l)
	for _, line := range []string{
		`ExecStart="/opt/a \"b\" 100%% $$x\\y/smtp-gateway" run`, "Type=notify", "UMask=0007", "RestartPreventExitStatus=78 77 64",
		"StateDirectory=smtp-gateway", "StateDirectoryMode=2770", "LogsDirectory=smtp-gateway",
		`ReadWritePaths="-/var/lib/smtp-gateway-key" "-/var/lib/smtp-gateway-email"`,
	} {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("%q is not in\n%s", line, text)
		}
	}
	t.Run("a data folder elsewhere is let in by its path", func(t *testing.T) {
		l.Data = "/srv/mail data"
		if text := unitText(l); !strings.Contains(text, `ReadWritePaths="-/srv/mail data"`) || strings.Contains(text, "StateDirectory=") {
			t.Fatal(text)
		}
	})
	t.Run("the polkit action names the program as XML can hold it", func(t *testing.T) {
		if text := policy(`/opt/<a>&"b"/smtp-gateway`); !strings.Contains(text, `/opt/&lt;a&gt;&amp;&#34;b&#34;/smtp-gateway</annotate>`) {
			t.Fatal(text)
		}
	})
}

func TestFolderOfTheService(t *testing.T) {
	base := t.TempDir()
	l := Layout{Program: "/usr/local/bin/smtp-gateway", Data: base + "/data", Key: base + "/key", Logs: base + "/logs", Folder: base + "/data/email"}
	for _, dir := range []string{l.Data, l.Key, l.Logs, l.Folder, base + "/mail", l.Data + "/other"} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(base+"/file", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(l.Key, base+"/link"); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{l.Folder, base + "/mail"} {
		if got, err := checkFolder(l, ForMail, path); err != nil || got != path {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
	for _, path := range []string{"", "mail", l.Data, l.Key, base, "/", "/etc", "/etc/ssl", "/usr/local/bin", l.Data + "/other", base + "/link", base + "/file", base + "/none", base + "/a\nb"} {
		if got, err := checkFolder(l, ForMail, path); err == nil {
			t.Errorf("%q is taken as %s", path, got)
		}
	}
	t.Run("lists may lie beside, but not where the mail is", func(t *testing.T) {
		if got, err := checkFolder(l, ForLists, base+"/mail"); err != nil || got != base+"/mail" {
			t.Fatal(got, err)
		}
		for _, path := range []string{l.Folder, l.Data, "/etc"} {
			if _, err := checkFolder(l, ForLists, path); err == nil || !strings.Contains(err.Error(), "the folder for lists") {
				t.Errorf("%s: %v", path, err)
			}
		}
	})
	t.Run("a folder in a home is shown to the service alone", func(t *testing.T) {
		if got := folderText("/home/a b/mail"); !strings.Contains(got, "ProtectHome=tmpfs\nBindPaths=\"-/home/a b/mail\"\n") {
			t.Fatal(got)
		}
		if got := folderText("/srv/100%"); !strings.Contains(got, "ReadWritePaths=\"-/srv/100%%\"\n") {
			t.Fatal(got)
		}
	})
}

func TestProgramOfTheService(t *testing.T) {
	open := filepath.Join(t.TempDir(), "open")
	if err := os.WriteFile(open, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"smtp-gateway", "/home/me/smtp-gateway", "/root/smtp-gateway", "/tmp/smtp-gateway", "/usr/no-such-program", "/usr", open, "/opt/{{x}}"} {
		if err := checkProgram(path); err == nil {
			t.Errorf("%s is taken", path)
		}
	}
	if err := checkProgram("/bin/sh"); err != nil {
		t.Error(err)
	}
}

func TestProgramOf(t *testing.T) {
	l := Layout{Program: `/usr/local/bin/smtp 100% $x\y`, Data: "/var/lib/smtp-gateway", Key: "/k", Logs: "/var/log/smtp-gateway", Folder: "/f"}
	t.Run("a unit that install wrote names its program", func(t *testing.T) {
		if got := programOf(unitText(l)); got != l.Program {
			t.Errorf("%q", got)
		}
	})
	t.Run("a unit that somebody else wrote, or runs under another account, is left alone", func(t *testing.T) {
		for _, text := range []string{
			"[Service]\nExecStart=/usr/bin/other run\nUser=smtp-gateway\nGroup=smtp-gateway\n",
			strings.ReplaceAll(unitText(l), "User=smtp-gateway", "User=mail"), "",
		} {
			if got := programOf(text); got != "" {
				t.Errorf("%q taken for ours", got)
			}
		}
	})
}

func TestPackaged(t *testing.T) {
	l := Layout{Program: "/usr/local/bin/smtp-gateway", Data: "/var/lib/smtp-gateway", Key: "/var/lib/smtp-gateway-key", Logs: "/var/log/smtp-gateway", Folder: "/var/lib/smtp-gateway-email"}
	files := map[string]string{}
	for _, f := range Packaged(l) {
		files[f.Path] = f.Text
	}
	t.Run("the package's unit is the one install writes, for the package's program", func(t *testing.T) {
		if got, want := files[packagedUnit], strings.ReplaceAll(unitText(l), l.Program, packagedProgram); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	})
	t.Run("the rules are the same", func(t *testing.T) {
		if files[packagedRules] != rules || !strings.Contains(files[policyFile], packagedProgram) {
			t.Error("they differ")
		}
	})
	t.Run("every folder of the service is made, none open to others", func(t *testing.T) {
		for _, path := range []string{l.Data, l.Key, l.Folder, l.Logs} {
			found := false
			for line := range strings.Lines(files[tmpfilesFile]) {
				f := strings.Fields(line)
				found = found || len(f) == 6 && f[1] == path && strings.HasSuffix(f[2], "0") && f[3] == account && f[4] == group
			}
			if !found {
				t.Errorf("%s in\n%s", path, files[tmpfilesFile])
			}
		}
	})
}
