"""Database: the model base, the viewer-bound session (the wall), engines and migrations."""
