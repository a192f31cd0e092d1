package software

import "image"

// damage is where two pictures made of items differ.
func damage(was, is []item) []image.Rectangle {
	for len(was) > 0 && len(is) > 0 && was[0].same(is[0]) {
		was, is = was[1:], is[1:]
	}
	for len(was) > 0 && len(is) > 0 && was[len(was)-1].same(is[len(is)-1]) {
		was, is = was[:len(was)-1], is[:len(is)-1]
	}
	var parts rectangles
	type key struct {
		look     look
		at, seen image.Rectangle
	}
	keyOf := func(i item) key { return key{i.look, i.at, i.seen} }
	// What is in one picture only has come or gone.
	count := map[key]int{}
	for _, i := range was {
		count[keyOf(i)]++
	}
	var stayed []item
	for _, i := range is {
		if k := keyOf(i); count[k] > 0 {
			count[k]--
			stayed = append(stayed, i)
		} else {
			parts.add(i.seen)
		}
	}
	left := map[key]int{}
	for _, i := range stayed {
		left[keyOf(i)]++
	}
	n := 0
	for _, i := range was {
		k := keyOf(i)
		if left[k] == 0 {
			parts.add(i.seen)
			continue
		}
		left[k]--
		// What is in both, but in another order, may lie before something else now.
		if !i.same(stayed[n]) {
			parts.add(i.seen)
			parts.add(stayed[n].seen)
		}
		n++
	}
	return parts
}

// rectangles are parts of the window, few of them.
type rectangles []image.Rectangle

// most is how many parts are kept apart.
const most = 8

// add takes another part in. Parts that overlap, or nearly fill the rectangle round both, become one.
func (r *rectangles) add(part image.Rectangle) {
	for again := true; again; {
		again = false
		for i, o := range *r {
			both := o.Union(part)
			if area(both) <= area(o)+area(part) {
				part, again = both, true
				*r = append((*r)[:i], (*r)[i+1:]...)
				break
			}
		}
	}
	*r = append(*r, part)
	if len(*r) <= most {
		return
	}
	// The two that waste least together become one.
	all := *r
	a, b, best := 0, 1, -1
	for i := range all {
		for j := i + 1; j < len(all); j++ {
			if waste := area(all[i].Union(all[j])) - area(all[i]) - area(all[j]); best < 0 || waste < best {
				a, b, best = i, j, waste
			}
		}
	}
	both := all[a].Union(all[b])
	all = append(all[:b], all[b+1:]...)
	all = append(all[:a], all[a+1:]...)
	*r = all
	r.add(both)
}

func area(r image.Rectangle) int { return r.Dx() * r.Dy() }
