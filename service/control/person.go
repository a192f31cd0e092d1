package control

import "context"

// CheckPerson says whether AddAccess would know somebody; CodeNotFound if not. Only an administrator can ask.
func CheckPerson(ctx context.Context, person string) error { return checkPerson(ctx, person) }
