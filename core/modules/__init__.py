"""Portal modules: their hooks, how they are found, who has them switched on, how far one reaches."""
