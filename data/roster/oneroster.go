package roster

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// adultRoles are those of people who are in a list for somebody else's sake (OneRoster 1.1 4.13.5, 1.2 roles.csv).
var adultRoles = []string{"guardian", "parent", "relative"}

func isOneRoster(header []string) bool {
	return has(header, "sourcedid", "givenname", "familyname", "enableduser") || has(header, "sourcedid", "givenname", "familyname", "agentsourcedids")
}

// oneUser is what a set is put together from; one for each row of users.csv that has to do with guardians.
type oneUser struct {
	contact
	agents []string
	adult  bool
	pupil  bool // has a grade
	left   bool
}

// oneRoster puts a set of OneRoster files together: guardians are rows of users.csv, tied to pupils by agentSourcedIds on
// the row of either; roles stand in users.csv (1.1) or roles.csv (1.2); the homeroom is found by enrollments.csv and
// classes.csv; manifest.csv says whether absence means anything.
func (f *File) oneRoster(ctx context.Context, m *member, t *textTable, header []string, get func(string) *member) error {
	roles, err := f.oneRoles(ctx, get("roles.csv"))
	if err != nil {
		return err
	}
	users := map[string]*oneUser{}
	changes, roled := false, len(roles) > 0 || has(header, "role")
	err = f.each(ctx, m, []string{"sourcedid", "status", "role", "givenname", "familyname", "email", "agentsourcedids", "grades"}, func(r *record) {
		id := r.get("sourcedid")
		status := r.get("status")
		changes = changes || status != ""
		role := strings.ToLower(r.get("role"))
		if role == "" {
			role = roles[id]
		}
		u := &oneUser{adult: slices.Contains(adultRoles, role), pupil: r.get("grades") != "", left: gone(status, false)}
		for agent := range strings.SplitSeq(r.get("agentsourcedids"), ",") {
			if agent = strings.TrimSpace(agent); agent != "" {
				u.agents = append(u.agents, agent)
			}
		}
		if !u.pupil || u.adult || len(u.agents) > 0 {
			u.contact = contact{name: strings.TrimSpace(r.get("givenname") + " " + r.get("familyname")), mail: r.get("email"), role: role}
		}
		users[id] = u
	})
	if err != nil {
		return err
	}
	if !roled {
		guessAdults(users)
	}
	delta, said, err := f.oneDelta(ctx, get("manifest.csv"))
	if err != nil {
		return err
	}
	f.partial = delta || !said && changes
	homes, err := f.homerooms(ctx, get("classes.csv"), get("enrollments.csv"))
	if err != nil {
		return err
	}
	s := &set{base: t, header: header, id: place(header, "sourcedid"), adults: map[string]bool{}, adds: map[string][]string{}}
	s.needs = []int{s.id}
	kin := families(users)
	if len(kin.of) > 0 {
		s.extra = guardianHeaders
	}
	if len(homes) > 0 {
		s.extra = append(slices.Clone(s.extra), homeroomHeader)
	}
	for id, u := range users {
		if u.adult {
			s.adults[id] = true
			continue
		}
		var adds []string
		if len(kin.of) > 0 {
			adds = kin.cells(id)
		}
		if len(homes) > 0 {
			adds = append(adds, homes[id])
		}
		if strings.Join(adds, "") != "" {
			s.adds[id] = adds
		}
	}
	if n := len(s.adults); n > 0 {
		f.notes = append(f.notes, fmt.Sprintf("%s in the file %s taken as contacts of their children, not as people of the library.", count(n, "guardian", "guardians"), isAre(n)))
	}
	f.use(s, m, "OneRoster")
	return nil
}

// guessAdults tells guardians from pupils where no role is said: who has no grade and is tied to those who have.
func guessAdults(users map[string]*oneUser) {
	for id, u := range users {
		for _, agent := range u.agents {
			switch o := users[agent]; {
			case o == nil:
			case u.pupil && !o.pupil:
				o.adult = true
			case !u.pupil && o.pupil:
				users[id].adult = true
			}
		}
	}
}

// families ties adults to children, whichever of them names the other.
func families(users map[string]*oneUser) *family {
	kin := &family{}
	for _, id := range sortedKeys(users) {
		u := users[id]
		for _, agent := range u.agents {
			o := users[agent]
			switch {
			case o == nil || u.left || o.left:
			case u.adult && !o.adult:
				kin.add(agent, u.contact)
			case o.adult && !u.adult:
				kin.add(id, o.contact)
			}
		}
	}
	return kin
}

// oneRoles reads roles.csv of OneRoster 1.2. Who is a teacher or a pupil too is a person of the library.
func (f *File) oneRoles(ctx context.Context, m *member) (map[string]string, error) {
	roles := map[string]string{}
	err := f.each(ctx, m, []string{"usersourcedid", "role", "status"}, func(r *record) {
		id, role := r.get("usersourcedid"), strings.ToLower(r.get("role"))
		if was, there := roles[id]; (!there || slices.Contains(adultRoles, was)) && !gone(r.get("status"), false) {
			roles[id] = role
		}
	})
	return roles, err
}

// oneDelta reads from manifest.csv whether users.csv holds changes only.
func (f *File) oneDelta(ctx context.Context, m *member) (delta, said bool, err error) {
	err = f.each(ctx, m, []string{"propertyname", "value"}, func(r *record) {
		if strings.EqualFold(r.get("propertyname"), "file.users") {
			said = true
			delta = strings.EqualFold(r.get("value"), "delta")
		}
	})
	return delta, said, err
}

// homerooms gives the title of each pupil's homeroom class.
func (f *File) homerooms(ctx context.Context, classes, enrollments *member) (map[string]string, error) {
	titles := map[string]string{}
	err := f.each(ctx, classes, []string{"sourcedid", "status", "title", "classtype"}, func(r *record) {
		if strings.EqualFold(r.get("classtype"), "homeroom") && !gone(r.get("status"), false) {
			titles[r.get("sourcedid")] = strings.Clone(r.get("title"))
		}
	})
	if err != nil || len(titles) == 0 {
		return nil, err
	}
	homes, sure := map[string]string{}, map[string]bool{}
	err = f.each(ctx, enrollments, []string{"classsourcedid", "usersourcedid", "role", "primary", "status"}, func(r *record) {
		title, user := titles[r.get("classsourcedid")], r.get("usersourcedid")
		if title == "" || sure[user] || gone(r.get("status"), false) {
			return
		}
		if primary, _ := yes(r.get("primary")); primary || homes[user] == "" {
			homes[user], sure[user] = title, primary
		}
	})
	return homes, err
}
