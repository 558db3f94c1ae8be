"""Files that hang on records: kept under made-up names, seen exactly when their record is."""
