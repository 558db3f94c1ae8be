"""The demonstration: a made-up firm with its clients, so that a first look has something to look at."""
