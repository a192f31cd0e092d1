package control

import (
	"context"
	"os"
	"slices"
	"strings"
)

// AddAccess lets a person work with the window: they may read and write the data and start and stop the service. What
// they should know comes back as a sentence.
func AddAccess(ctx context.Context, l Layout, person string) (note string, err error) {
	if err := checkPerson(ctx, person); err != nil {
		return "", err
	}
	people, err := ListAccess(ctx, l)
	if err != nil {
		return "", err
	}
	if slices.Contains(people, person) {
		return person + " has access already. It counts from the sign-in after it was given.", nil
	}
	// gpasswd changes the local group whatever directory the person comes from; usermod knows local people only.
	_, err = run(ctx, "gpasswd", "--add", person, group)
	if err != nil {
		_, err = run(ctx, "usermod", "--append", "--groups", group, person)
	}
	if err != nil {
		return "", changeFailed(person, err)
	}
	return person + " has access from the next sign-in: sign out and in again.", nil
}

// RemoveAccess takes it back.
func RemoveAccess(ctx context.Context, l Layout, person string) (note string, err error) {
	if os.Geteuid() != 0 {
		return "", needAdministrator("change who has access", nil)
	}
	people, err := ListAccess(ctx, l)
	if err != nil {
		return "", err
	}
	if !slices.Contains(people, person) {
		return "", &Error{Code: "not-found", Sentence: oneLine(person) + " has no access.", Next: "See smtp-gateway access list."}
	}
	if _, err := run(ctx, "gpasswd", "--delete", person, group); err != nil {
		return "", changeFailed(person, err)
	}
	return person + " has no access from the next sign-in on. Programs that are open now keep it until they are closed.", nil
}

// ListAccess names the people who have access.
func ListAccess(ctx context.Context, _ Layout) ([]string, error) {
	out, err := run(ctx, "getent", "group", group)
	if err != nil {
		return nil, notInstalled()
	}
	fields := strings.Split(strings.TrimSpace(out), ":")
	if len(fields) != 4 || fields[3] == "" {
		return nil, nil
	}
	return strings.Split(fields[3], ","), nil
}

func checkPerson(ctx context.Context, person string) error {
	if os.Geteuid() != 0 {
		return needAdministrator("change who has access", nil)
	}
	unknown := &Error{Code: "not-found", Sentence: "There is nobody called " + oneLine(person) + " on this computer.", Next: "Give the name used for signing in."}
	if person == "" || strings.HasPrefix(person, "-") || strings.ContainsAny(person, ":, \t\r\n\x00") {
		return unknown
	}
	if _, err := run(ctx, "getent", "passwd", "--", person); err != nil {
		return unknown
	}
	return nil
}

func changeFailed(person string, err error) error {
	return &Error{Code: "not-now", Sentence: "The access of " + person + " could not be changed.", Next: "Change the members of the group " + group + " with the system's own tools.", Err: err}
}
