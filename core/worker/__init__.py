"""Does what waits: claims jobs, renders mails under their recipients' rights and hands them over."""
