"""The door: sign-in, sessions, activation, limits, and who a request comes from."""
