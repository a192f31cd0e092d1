package roster

import (
	"context"
	"strings"
)

const gradeHeader = "roles.grade"

// dataSync puts the files of Microsoft School Data Sync 2.1 together: relationships.csv ties contacts, who are rows of
// users.csv, to pupils; roles.csv has the year.
func (f *File) dataSync(ctx context.Context, m *member, t *textTable, header []string, get func(string) *member) error {
	type tie struct{ child, adult, role string }
	var ties []tie
	adults := map[string]*contact{}
	err := f.each(ctx, get("relationships.csv"), []string{"usersourcedid", "relationshipusersourcedid", "relationshiprole"}, func(r *record) {
		one := tie{r.get("usersourcedid"), r.get("relationshipusersourcedid"), r.get("relationshiprole")}
		ties = append(ties, one)
		adults[one.adult] = &contact{}
	})
	if err != nil {
		return err
	}
	grades := map[string]string{}
	err = f.each(ctx, get("roles.csv"), []string{"usersourcedid", "role", "grade"}, func(r *record) {
		id := r.get("usersourcedid")
		if grade := r.get("grade"); grade != "" {
			grades[id] = grade
		}
	})
	if err != nil {
		return err
	}
	err = f.each(ctx, m, []string{"sourcedid", "givenname", "familyname", "email"}, func(r *record) {
		if c := adults[r.get("sourcedid")]; c != nil {
			c.name, c.mail = strings.TrimSpace(r.get("givenname")+" "+r.get("familyname")), r.get("email")
		}
	})
	if err != nil {
		return err
	}
	kin := &family{}
	for _, one := range ties {
		c := *adults[one.adult]
		c.role = one.role
		kin.add(one.child, c)
	}
	s := &set{base: t, header: header, id: place(header, "sourcedid"), adults: map[string]bool{}, adds: map[string][]string{}}
	s.needs = []int{s.id}
	if len(kin.of) > 0 {
		s.extra = append(s.extra, guardianHeaders...)
	}
	if len(grades) > 0 {
		s.extra = append(s.extra, gradeHeader)
	}
	for id := range adults {
		s.adults[id] = grades[id] == ""
	}
	addRow := func(id string) {
		var adds []string
		if len(kin.of) > 0 {
			adds = kin.cells(id)
		}
		if len(grades) > 0 {
			adds = append(adds, grades[id])
		}
		s.adds[id] = adds
	}
	for id := range kin.of {
		addRow(id)
	}
	for id := range grades {
		addRow(id)
	}
	f.use(s, m, "School Data Sync")
	return nil
}

// dataSync1 puts the files of School Data Sync 1 together: guardianrelationship.csv ties the addresses of adults to pupils,
// user.csv has the names of the adults.
func (f *File) dataSync1(ctx context.Context, m *member, t *textTable, header []string, get func(string) *member) error {
	names := map[string]string{}
	err := f.each(ctx, get("user.csv"), []string{"email", "firstname", "lastname"}, func(r *record) {
		names[strings.ToLower(r.get("email"))] = strings.TrimSpace(r.get("firstname") + " " + r.get("lastname"))
	})
	if err != nil {
		return err
	}
	kin := &family{}
	err = f.each(ctx, get("guardianrelationship.csv"), []string{"sisid", "email", "role"}, func(r *record) {
		mail, role := r.get("email"), r.get("role")
		switch strings.ToLower(role) {
		case "doctor", "administrator", "child": // no business of theirs
			return
		}
		kin.add(r.get("sisid"), contact{name: names[strings.ToLower(mail)], mail: mail, role: role})
	})
	if err != nil {
		return err
	}
	s := &set{base: t, header: header, id: place(header, "sisid"), adds: map[string][]string{}}
	s.needs = []int{s.id}
	if len(kin.of) > 0 {
		s.extra = guardianHeaders
		for id := range kin.of {
			s.adds[id] = kin.cells(id)
		}
	}
	f.use(s, m, "School Data Sync")
	return nil
}
