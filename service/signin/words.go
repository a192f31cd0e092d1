package signin

import (
	"regexp"
	"strings"

	"smtpgateway/data"
)

// What is to be done about trouble that passes: the service waits, a person tries again.
const (
	nextWait  = "Nothing to do: it is tried again by itself."
	nextAgain = "Try again in a few minutes."
)

// wait is next as it is right for who waits.
func (c *call) wait(next string) string {
	if c.alone {
		return next
	}
	return strings.ReplaceAll(strings.ReplaceAll(next, nextWait, nextAgain), "It is tried again by itself.", "Then try again.")
}

// said is a refusal in words: what it is and what to click. The sign-in service is called {S} in both, the mailbox {M}.
type said struct {
	sentence, next string
	later          bool // works again by itself
}

var (
	again    = said{"{S} no longer accepts the sign-in.", "Click Sign in again.", false}
	byPolicy = said{"The school's rules at Microsoft (Conditional Access) do not let this program in.", "Ask IT to allow this app registration for {M}, then sign in again; or to use the way in which the program signs in as itself.", false}
	proof    = said{"Microsoft wants a second proof of who you are (MFA).", "Click Sign in again and confirm on your phone. If there is no second proof for {M}, ask IT to set one up.", false}
	wrongID  = said{"Microsoft does not know this client ID in the school's directory.", "Copy the Application (client) ID and the Directory (tenant) ID again from the page of the app registration.", false}
	tenant   = said{"Microsoft knows no school by this directory (tenant) ID.", "Copy the Directory (tenant) ID again from the page of the app registration.", false}
	locked   = said{"Microsoft does not let {M} sign in: the account is locked, switched off or needs a new password.", "Ask IT to look at the account, then sign in again.", false}
	consent  = said{"Nobody has allowed this program to send yet.", "Sign in again and accept. If the page says that an administrator must approve, ask IT to click Grant admin consent at API permissions of the app registration.", false}
	notOurs  = said{"The account you signed in with does not belong to the school.", "Sign in again and choose {M}.", false}
)

// aadsts are Microsoft's own numbers, which it writes into the description of an error.
var aadsts = map[string]said{
	"16000":   {"Microsoft wants you to choose an account.", "Sign in again and choose {M}.", false},
	"50011":   {"The app registration does not know this computer's address for the way back.", "Ask IT to add http://localhost at Authentication, Mobile and desktop applications, of the app registration.", false},
	"50020":   notOurs,
	"50034":   notOurs,
	"50053":   locked,
	"50055":   locked,
	"50056":   locked,
	"50057":   locked,
	"50144":   locked,
	"50072":   proof,
	"50074":   proof,
	"50076":   proof,
	"50078":   proof,
	"50079":   proof,
	"50158":   proof,
	"50089":   again,
	"50173":   {"The password of {M} was changed, which ends the sign-in.", "Click Sign in again.", false},
	"50105":   {"The app registration does not let {M} in: nobody assigned it.", "Ask IT to add {M} at Users and groups of the enterprise application.", false},
	"50126":   {"User name or password is wrong.", "Click Sign in again.", false},
	"50128":   tenant,
	"50194":   {"The app registration is for one school only, and the directory (tenant) ID in the settings is not that school's.", "Copy the Directory (tenant) ID from the page of the app registration.", false},
	"53000":   byPolicy,
	"53001":   byPolicy,
	"53002":   byPolicy,
	"53003":   byPolicy,
	"53004":   byPolicy,
	"530031":  byPolicy,
	"530036":  byPolicy,
	"54005":   {"The answer of this sign-in was used before.", "Close all its pages, then click Sign in again.", false},
	"65001":   consent,
	"65004":   {"You did not accept on Microsoft's page.", "Sign in again and click Accept.", false},
	"70000":   again,
	"70008":   again,
	"70011":   {"The app registration has no permission to send.", "Ask IT to add SMTP.Send at API permissions, as the guide says.", false},
	"70043":   {"The school's rules at Microsoft end a sign-in after some time.", "Click Sign in again; ask IT to let this app registration stay signed in, or it will come again.", false},
	"700003":  byPolicy,
	"700016":  wrongID,
	"700025":  {"A client secret is filled in, but the app registration is one without.", "Empty the client secret in the settings, save, then sign in again.", false},
	"700082":  {"The sign-in ended because it was not used for months.", "Click Sign in again.", false},
	"700084":  again,
	"7000112": {"The app registration is switched off.", "Ask IT to enable it at Enterprise applications, Properties.", false},
	"7000215": {"The client secret is wrong.", "Copy the secret's Value, not its ID, from Certificates & secrets; it is shown only once, so make a new one if it is lost.", false},
	"7000216": {"Microsoft wants a client secret.", "Fill in the client secret, then save.", false},
	"7000218": {"The app registration is not made for people who sign in on their own computer.", "Ask IT to set Allow public client flows to Yes at Authentication of the app registration.", false},
	"7000222": {"The client secret has expired.", "Ask IT for a new one at Certificates & secrets, fill it in, and save.", false},
	"500011":  {"The school's directory has no Exchange Online, which carries the mail.", "Ask IT whether the Directory (tenant) ID is that of the school's mail.", false},
	"500014":  {"The mail service of the school's directory is switched off.", "Ask IT whether the school's Microsoft 365 licence is still good.", false},
	"90002":   tenant,
	"90008":   {"The app registration has no permission to send.", "Ask IT to add SMTP.Send at API permissions, as the guide says.", false},
	"90013":   tenant,
	"90033":   {"Microsoft's sign-in service is out of order for a moment.", nextWait, true},
	"90093":   consent,
	"90094":   {"The school lets only an administrator allow programs.", "Ask IT to click Grant admin consent at API permissions of the app registration, then sign in again.", false},
	"90095":   {"The school lets only an administrator allow programs, and the request waits for one.", "Ask IT to approve it, then sign in again.", false},
	"900023":  tenant,
}

// plain are the codes of the standards and of Google.
var plain = map[string]said{
	"access_denied":              {"The sign-in was refused: somebody clicked Cancel, or the school does not allow this program.", "Sign in again and click Allow or Accept. If {S} says that an administrator must approve, ask IT to allow the app registration.", false},
	"authorization_declined":     {"The sign-in was refused: somebody clicked Cancel.", "Sign in again and click Accept.", false},
	"admin_policy_enforced":      {"The school's Google administrator does not allow this program.", "Ask IT to trust the app's client ID at Security, API controls, App access control, of the Admin console.", false},
	"org_internal":               {"The Google account does not belong to the school's own organisation, for which the app was made.", "Sign in again and choose {M}.", false},
	"consent_required":           consent,
	"interaction_required":       {"{S} wants to see a person again.", "Click Sign in again.", false},
	"login_required":             {"{S} wants to see a person again.", "Click Sign in again.", false},
	"account_selection_required": {"{S} wants you to choose an account.", "Sign in again and choose {M}.", false},
	"invalid_grant":              again,
	"expired_token":              {"The code was not used in time.", "Click Sign in again for a new code.", false},
	"bad_verification_code":      {"The code was not used in time.", "Click Sign in again for a new code.", false},
	"invalid_client":             {"{S} does not accept the client ID together with the client secret.", "Copy both again from the school's app registration into the settings, and save.", false},
	"deleted_client":             {"The app registration was deleted.", "Ask IT for a new one, and fill in its client ID and secret.", false},
	"disabled_client":            {"The app registration is switched off.", "Ask IT to switch it on again.", false},
	"unauthorized_client":        {"The app registration does not allow this way of signing in.", "Ask IT to look at the registration against the guide.", false},
	"unsupported_grant_type":     {"The app registration does not allow this way of signing in.", "Ask IT to look at the registration against the guide.", false},
	"unsupported_response_type":  {"The app registration does not allow this way of signing in.", "Ask IT to look at the registration against the guide.", false},
	"redirect_uri_mismatch":      {"The app registration does not know this computer's address for the way back.", "Ask IT to make the client one for desktop apps, as the guide says.", false},
	"invalid_scope":              {"The app registration has no permission to send.", "Ask IT to add it, as the guide says.", false},
	"invalid_target":             {"The app registration has no permission to send.", "Ask IT to add it, as the guide says.", false},
	"server_error":               {"{S}'s sign-in service is out of order for a moment.", nextWait, true},
	"temporarily_unavailable":    {"{S}'s sign-in service is out of order for a moment.", nextWait, true},
	"internal_failure":           {"{S}'s sign-in service is out of order for a moment.", nextWait, true},
	"slow_down":                  {"{S}'s sign-in service was asked too often.", nextWait, true},
}

var aadstsNumber = regexp.MustCompile(`AADSTS(\d{5,8})`)

// words finds the words for a refusal: Microsoft's number first, as one code stands for many things there.
func (c *call) words(code, description string) said {
	w, ok := plain[code]
	switch {
	case code == "invalid_grant" && c.fresh:
		w = said{"{S} did not take the answer of this sign-in: it came too late, or was used before.", "Close all its pages, then click Sign in again.", false}
	case strings.Contains(description, "invalid_rapt"):
		w, ok = said{"The school's rules at Google end a sign-in after some time.", "Click Sign in again; ask IT to exempt trusted apps at Security, Google Cloud session control, or it will come again.", false}, true
	case code == "invalid_grant" && c.v.SignIn == data.SignInGoogle && strings.Contains(description, "revoked"):
		w = said{"Google has ended the sign-in: it was withdrawn, the password was changed, it was unused for six months, or the app is still in Testing (7 days).", "Click Sign in again; if it ends each week, ask IT to make the app Internal.", false}
	}
	if m := aadstsNumber.FindStringSubmatch(description); m != nil {
		if of, known := aadsts[m[1]]; known {
			w, ok = of, true
		}
	}
	if !ok {
		w = said{"{S} refused the sign-in (" + named(code) + ").", "Click Sign in again; if it comes back, show this to IT together with the guide.", false}
	}
	mailbox := c.v.User
	if mailbox == "" {
		mailbox = "the library's account"
	}
	fill := strings.NewReplacer("{S}", c.way.name, "{M}", mailbox)
	return said{fill.Replace(w.sentence), c.wait(fill.Replace(w.next)), w.later}
}
