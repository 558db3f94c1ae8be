"""What can be wrong with a request for records."""


class BadQuery(ValueError):
    """A list was asked for in a way that it cannot be given; the text names the parameter."""


class NotHere(LookupError):
    """There is no such record for this viewer. Why, nobody is told."""


class Misfit(ValueError):
    """What was typed does not fit together, or not with the record. An action's `run` raises it with the name of a
    field and a sentence for people: nothing is written, and the form comes back with that sentence at that field."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
