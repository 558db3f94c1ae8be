"""The JSON API: lists and records of every resource, in the fields that its reader has. It only reads."""
