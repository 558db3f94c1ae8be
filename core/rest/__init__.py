"""The JSON API: lists and records of every resource, in the fields that its reader has, and what their pages let
them write: records begun, changed and acted on, messages, files."""
