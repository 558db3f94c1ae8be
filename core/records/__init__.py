"""Records: declared once as a resource; lists, details and explanations are derived from that."""
