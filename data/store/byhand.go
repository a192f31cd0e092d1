package store

import "encoding/json"

// marksOf reads data.Patron.ByHand.
func marksOf(text string) map[string]string {
	if text == "" {
		return nil
	}
	var marks map[string]string
	if json.Unmarshal([]byte(text), &marks) != nil {
		return nil // the row is worth more than its marks
	}
	return marks
}

// marksText is how data.Patron.ByHand is kept.
func marksText(marks map[string]string) string {
	if len(marks) == 0 {
		return ""
	}
	text, err := json.Marshal(marks)
	if err != nil { // of texts: it cannot be
		return ""
	}
	return string(text)
}
