"""What can be wrong with a request for records."""


class BadQuery(ValueError):
    """A list was asked for in a way that it cannot be given; the text names the parameter."""


class NotHere(LookupError):
    """There is no such record for this viewer. Why, nobody is told."""
