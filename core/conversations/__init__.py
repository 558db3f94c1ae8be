"""What is said and attached on any record, whatever module it belongs to."""
