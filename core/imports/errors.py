"""What ends an import, and what ends one row of it."""


class ImportFailed(Exception):
    """The import cannot be done, and nothing of it was written; the text is for the operator."""


class ProfileError(ImportFailed):
    """A profile that cannot be used; the text names the file and the key."""


class RowRefused(Exception):
    """A row that cannot be taken; the text is the reason that it is listed with."""
