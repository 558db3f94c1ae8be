"""Modules that leak, each in one way. `module` and `parts` make one with every exit that a module can have; each
other file replaces one part, and is copied beside them as `leak`."""
