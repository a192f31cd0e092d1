package notice

import (
	"strings"

	"smtpgateway/data"
)

// house is what holds for all patrons of one run or choice of letters.
type house struct {
	today      data.Date // holds are looked at as of this day
	health     map[string]data.AddressState
	rules      map[string]data.GroupRule // by folded group
	disclosure data.Disclosure
	language   string
}

func newHouse(day data.Date, roster *data.Roster, rules []data.GroupRule, disclosure data.Disclosure, language string) house {
	h := house{today: day, health: roster.Health, rules: make(map[string]data.GroupRule, len(rules)), disclosure: disclosure, language: language}
	for _, r := range rules {
		h.rules[foldGroup(r.Group)] = h.rules[foldGroup(r.Group)].With(r)
	}
	return h
}

// foldGroup lets a rule hold for "5b" and "5B": what parents may not read does not hang on a capital letter.
func foldGroup(group string) string { return strings.ToLower(strings.TrimSpace(group)) }

func (h *house) rule(p *data.Patron) data.GroupRule { return h.rules[foldGroup(p.Group)] }

func (h *house) languageOf(p *data.Patron) string {
	if p.Language != "" {
		return p.Language
	}
	return h.language
}

// reader is one role of a patron: the addresses that can be reached, or why none can.
type reader struct {
	role       data.Role
	addresses  []string
	guardians  []*data.Guardian // of addresses, for RoleGuardian
	disclosure data.Disclosure
	ruling     data.Ruling // empty: addresses has some
	why        string      // for ruling, for the list of decisions
}

func (r *reader) reachable() bool { return r.ruling == "" }

// lacksAddress reports whether paper reaches the reader, where mail does not.
func (r *reader) lacksAddress() bool {
	return r.ruling == data.RulingNoAddress || r.ruling == data.RulingBadAddress
}

// usable gives an address as mail takes it. bad says what is wrong with it; both are empty where there is none.
func (h *house) usable(address string) (ok, key, bad string) {
	address = strings.TrimSpace(address)
	if address == "" {
		return "", "", ""
	}
	a, err := data.ParseAddress(address)
	if err != nil {
		return "", "", data.Clean(address, 80) + ": not an e-mail address"
	}
	switch state, known := h.health[a.Key()]; {
	case !known:
		return a.String(), a.Key(), ""
	case state.Health == data.AddressRefused:
		return "", "", a.String() + ": its owner wants no mail"
	case state.Reason != "":
		return "", "", a.String() + ": " + state.Reason
	default:
		return "", "", a.String() + ": mail to it does not arrive"
	}
}

func (h *house) patronReader(p *data.Patron) (r reader, key string) {
	r = reader{role: data.RolePatron, disclosure: data.DiscloseTitles}
	address, key, bad := h.usable(p.Email)
	switch {
	case bad != "":
		r.ruling, r.why = data.RulingBadAddress, bad
	case address == "":
		r.ruling, r.why = data.RulingNoAddress, "the patron has no e-mail address"
	default:
		r.addresses = []string{address}
	}
	return r, key
}

// guardianReader gives the guardians who may get mail, each address once, and not the one of own: who reads the patron's
// mail does not read the same a second time.
func (h *house) guardianReader(p *data.Patron, own string) reader {
	r := reader{role: data.RoleGuardian, disclosure: h.disclosure}
	if d := h.rule(p).Disclosure; d != "" {
		r.disclosure = d
	}
	switch r.disclosure {
	case data.DiscloseTitles, data.DiscloseCount:
	case data.DiscloseNothing:
		r.ruling, r.why = data.RulingDisclose, p.Group
		return r
	default:
		r.ruling, r.why = data.RulingUndecided, p.Group
		return r
	}
	var bad []string
	same := false
	seen := make(map[string]bool, len(p.Guardians))
	for i := range p.Guardians {
		g := &p.Guardians[i]
		if !g.Notices {
			continue
		}
		address, key, wrong := h.usable(g.Email)
		switch {
		case wrong != "":
			bad = append(bad, wrong)
		case address == "" || seen[key]:
		case key == own:
			same = true
		default:
			seen[key] = true
			r.addresses, r.guardians = append(r.addresses, address), append(r.guardians, g)
		}
	}
	switch {
	case len(r.addresses) > 0:
	case same:
		r.ruling, r.why = data.RulingAlong, "the same address as the patron's"
	case len(bad) > 0:
		r.ruling, r.why = data.RulingBadAddress, strings.Join(bad, "; ")
	default:
		r.ruling, r.why = data.RulingNoAddress, "no guardian who may get mail has an e-mail address"
	}
	return r
}

// readers are those an audience means, at least one. With ToEither these are the guardians only if they can be reached
// and the patron cannot; both, if nobody can.
func (h *house) readers(p *data.Patron, to data.Audience) []reader {
	if to == data.ToGuardian {
		return []reader{h.guardianReader(p, "")}
	}
	patron, key := h.patronReader(p)
	if to == data.ToBoth {
		return []reader{patron, h.guardianReader(p, key)}
	}
	if to != data.ToEither || patron.reachable() {
		return []reader{patron}
	}
	guardian := h.guardianReader(p, "")
	if guardian.reachable() {
		return []reader{guardian}
	}
	return []reader{patron, guardian}
}

// firstRole is the role that stands for an audience where nobody of it is told.
func firstRole(to data.Audience) data.Role {
	if to == data.ToGuardian {
		return data.RoleGuardian
	}
	return data.RolePatron
}

// refusesPatron says why a patron gets nothing at all.
func (h *house) refusesPatron(p *data.Patron) (ruling data.Ruling, why string) {
	switch {
	case p.Left != 0:
		return data.RulingLeft, "since " + p.Left.String()
	case p.Held(h.today):
		return data.RulingHeldPatron, held(p.HoldUntil, p.HoldReason)
	}
	return "", ""
}

func held(until data.Date, reason string) string {
	if reason == "" {
		return "until " + until.String()
	}
	return "until " + until.String() + ": " + reason
}

// paperWhy is the sentence on the print pile.
func (r *reader) paperWhy() string {
	switch {
	case r.ruling == data.RulingBadAddress:
		return "The address cannot be used (" + r.why + ")."
	case r.role == data.RoleGuardian:
		return "No guardian has an e-mail address."
	}
	return "There is no e-mail address."
}
