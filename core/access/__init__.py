"""The door: who comes in, by which password or link, for how long, and what each request may then see."""
