"""What every answer of the application shares: static files, error pages, headers, template values."""
