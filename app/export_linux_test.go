package main

// Outside is what is around the window, for tests that work as a person does.
type Outside = desktop
