package signin_test

import (
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/service/signin"
	"smtpgateway/service/signin/signintest"
)

func TestRefused(t *testing.T) {
	for _, c := range []struct {
		promise, code, description string
		way                        data.SignInWay
		words                      []string
	}{
		{"nobody consented", "invalid_grant", "AADSTS65001: The user or administrator has not consented to use the application", data.SignInMicrosoft, []string{"Nobody has allowed", "Grant admin consent"}},
		{"a second proof is needed", "invalid_grant", "AADSTS50076: Due to a configuration change made by your administrator, you must use multi-factor authentication", data.SignInMicrosoft, []string{"second proof", "Sign in again"}},
		{"a second proof has to be set up", "interaction_required", "AADSTS50079: the user must enroll in multi-factor authentication", data.SignInMicrosoft, []string{"second proof"}},
		{"Conditional Access is in the way", "access_denied", "AADSTS53003: Access has been blocked by Conditional Access policies.", data.SignInMicrosoft, []string{"Conditional Access", "Ask IT"}},
		{"the client id is wrong", "unauthorized_client", "AADSTS700016: Application with identifier 'x' was not found in the directory", data.SignInMicrosoftApp, []string{"client ID", "Application (client) ID"}},
		{"the secret is wrong", "invalid_client", "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent is the client secret value", data.SignInMicrosoftApp, []string{"client secret is wrong", "Value, not its ID"}},
		{"the secret has expired", "invalid_client", "AADSTS7000222: The provided client secret keys are expired.", data.SignInMicrosoftApp, []string{"client secret has expired", "new one"}},
		{"the tenant is not known", "invalid_request", "AADSTS90002: Tenant 'x' not found.", data.SignInMicrosoft, []string{"directory (tenant) ID"}},
		{"the tenant is no tenant", "invalid_request", "AADSTS900023: Specified tenant identifier is neither a valid DNS name", data.SignInMicrosoft, []string{"directory (tenant) ID"}},
		{"the sign-in was unused", "invalid_grant", "AADSTS700082: The refresh token has expired due to inactivity.", data.SignInMicrosoft, []string{"not used for months", "Sign in again"}},
		{"the password was changed", "invalid_grant", "AADSTS50173: The provided grant has expired due to it being revoked", data.SignInMicrosoft, []string{"password", "changed"}},
		{"the account is locked", "invalid_grant", "AADSTS50053: The account is locked", data.SignInMicrosoft, []string{"locked", signintest.Mailbox}},
		{"nobody assigned the mailbox", "invalid_grant", "AADSTS50105: The signed in user is not assigned to a role", data.SignInMicrosoft, []string{"assigned", "Users and groups"}},
		{"Google ended the sign-in", "invalid_grant", "Token has been expired or revoked.", data.SignInGoogle, []string{"Google has ended", "Internal"}},
		{"Google's rules end sign-ins", "invalid_grant", "reauth related error (invalid_rapt)", data.SignInGoogle, []string{"rules at Google", "session control"}},
		{"Google does not know the pair", "invalid_client", "The OAuth client was not found.", data.SignInGoogle, []string{"client ID together with the client secret"}},
		{"the client may not do this", "unauthorized_client", "Unauthorized", data.SignInGoogle, []string{"does not allow this way"}},
		{"a number that nobody knows falls back on the code", "invalid_grant", "AADSTS99999999: Something new.", data.SignInMicrosoft, []string{"no longer accepts", "Sign in again"}},
	} {
		t.Run(c.promise, func(t *testing.T) {
			s := signintest.Unplugged()
			s.Behave(func(r *signintest.Rules) { r.Answers = []signintest.Answer{signintest.Refusal(c.code, c.description)} })
			p, v := signin.New(signin.Options{HTTP: s.Client()}), s.Settings(c.way)
			var err error
			if c.way == data.SignInMicrosoftApp {
				_, err = p.App(t.Context(), v, "")
			} else {
				_, err = p.Renew(t.Context(), v, "", "refresh-me")
			}
			wants(t, err, data.CodeSignIn, c.words...)
			if strings.ContainsAny(err.Error(), "{}") {
				t.Fatalf("a gap was not filled: %v", err)
			}
			if e := data.AsError(err); strings.Count(e.Sentence, ". ") > 0 {
				t.Fatalf("more than one sentence: %s", e.Sentence)
			}
		})
	}
	t.Run("an answer that repeats what it was sent gives nothing away", func(t *testing.T) {
		s := signintest.Unplugged()
		s.Behave(func(r *signintest.Rules) {
			r.Answers = []signintest.Answer{signintest.Refusal("invalid_grant refresh-me", "refresh-me is void for "+signintest.ClientSecret+"\nforged line")}
		})
		_, err := signin.New(signin.Options{HTTP: s.Client()}).Renew(t.Context(), s.Settings(data.SignInGoogle), "", "refresh-me")
		for _, text := range []string{err.Error(), data.AsError(err).Err.Error()} {
			if strings.Contains(text, "refresh-me") || strings.Contains(text, signintest.ClientSecret) || strings.Contains(text, "\n") {
				t.Fatal(text)
			}
		}
	})
}

func TestApp(t *testing.T) {
	t.Run("the program signs in as itself", func(t *testing.T) {
		s := signintest.Unplugged()
		s.Behave(func(r *signintest.Rules) { r.Roles = []string{"SMTP.SendAsApp"} })
		g, err := signin.New(signin.Options{HTTP: s.Client()}).App(t.Context(), s.Settings(data.SignInMicrosoftApp), "")
		if _, ok := s.Valid(g.Access.Reveal()); err != nil || !ok || g.User != signintest.Mailbox || g.Refresh != "" || len(g.Missing) != 0 {
			t.Fatalf("%+v, %v", g, err)
		}
		if scope := s.Forms()[0].Get("scope"); scope != "https://outlook.office365.com/.default" {
			t.Fatal(scope)
		}
	})
	t.Run("a permission that the token does not show is named, and may be there all the same", func(t *testing.T) {
		s := signintest.Unplugged()
		s.Behave(func(r *signintest.Rules) { r.Roles = []string{"Mail.Read"} })
		g, err := signin.New(signin.Options{HTTP: s.Client()}).App(t.Context(), s.Settings(data.SignInMicrosoftApp), "")
		if err != nil || len(g.Missing) != 1 || !strings.Contains(g.Missing[0], "SMTP.SendAsApp") {
			t.Fatalf("%+v, %v", g, err)
		}
	})
	t.Run("a secret that is wrong is told", func(t *testing.T) {
		s := signintest.Unplugged()
		v := s.Settings(data.SignInMicrosoftApp)
		v.ClientSecret = "typo"
		_, err := signin.New(signin.Options{HTTP: s.Client()}).App(t.Context(), v, "")
		wants(t, err, data.CodeSignIn, "client secret")
	})
	t.Run("a school in another cloud asks its own mail", func(t *testing.T) {
		for address, scope := range map[string]string{
			"https://login.microsoftonline.us":         "https://outlook.office365.us/.default",
			"https://login.partner.microsoftonline.cn": "https://partner.outlook.cn/.default",
		} {
			s := signintest.Unplugged()
			v := s.Settings(data.SignInMicrosoftApp)
			v.SignInAddress = address
			if _, err := signin.New(signin.Options{HTTP: s.Client()}).App(t.Context(), v, ""); err != nil || s.Forms()[0].Get("scope") != scope {
				t.Fatalf("%v, %v", s.Forms(), err)
			}
		}
	})
	t.Run("no person can do it in its place, nor it for a person", func(t *testing.T) {
		s := signintest.Unplugged()
		p := signin.New(signin.Options{HTTP: s.Client()})
		_, err := p.Browser(t.Context(), s.Settings(data.SignInMicrosoftApp), "", func(string) error { return nil })
		wants(t, err, data.CodeUsage)
		_, err = p.App(t.Context(), s.Settings(data.SignInMicrosoft), "")
		wants(t, err, data.CodeUsage)
	})
}

func TestGuide(t *testing.T) {
	for _, way := range []data.SignInWay{data.SignInGoogle, data.SignInMicrosoft, data.SignInMicrosoftApp} {
		t.Run("every step for "+string(way)+" says what to click, with the school's own values", func(t *testing.T) {
			v := signintest.Unplugged().Settings(way)
			steps := signin.Guide(v)
			var all strings.Builder
			for _, s := range steps {
				if s.Title == "" || s.Text == "" || s.Page != "" && !strings.HasPrefix(s.Page, "https://") {
					t.Errorf("%+v", s)
				}
				all.WriteString(s.Text + "\n" + strings.Join(s.Copy, "\n") + "\n")
			}
			want := []string{v.ClientID, v.User}
			if way == data.SignInMicrosoftApp {
				want = append(want, "SMTP.SendAsApp", "New-ServicePrincipal -AppId "+v.ClientID, "Add-MailboxPermission -Identity "+v.User, v.Tenant)
			}
			for _, w := range want {
				if !strings.Contains(all.String(), w) {
					t.Errorf("%q is nowhere", w)
				}
			}
			if strings.Contains(all.String(), signintest.ClientSecret) {
				t.Error("the guide shows the secret")
			}
		})
	}
	t.Run("what somebody wrote into the settings is one word to PowerShell", func(t *testing.T) {
		v := signintest.Unplugged().Settings(data.SignInMicrosoftApp)
		v.User = "o'hara@school.example; Remove-Mailbox x"
		found := false
		for _, s := range signin.Guide(v) {
			for _, line := range s.Copy {
				if strings.Contains(line, "Remove-Mailbox") {
					found = true
					if !strings.Contains(line, "'o''hara@school.example; Remove-Mailbox x'") {
						t.Error(line)
					}
				}
			}
		}
		if !found {
			t.Fatal("the mailbox is in no line")
		}
	})
	t.Run("an empty form has a guide too", func(t *testing.T) {
		if len(signin.Guide(data.Server{SignIn: data.SignInMicrosoftApp})) < 5 || signin.Guide(data.Server{}) != nil {
			t.Fatal("no guide, or one for nothing")
		}
	})
}
