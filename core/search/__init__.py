"""One search over the records of all modules: what is typed, what is found, and what of it is shown."""
