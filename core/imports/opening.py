"""Where the rows of a table come from: a CSV file of the export, or a folder of texts."""

from pathlib import Path

from core.imports.folder import Opened, open_inside
from core.imports.markdown import open_markdown
from core.imports.profile import MARKDOWN, Table


def open_table(folder: Path, table: Table) -> Opened | None:
    """Open what a table is read from; None where it is not in the folder. Raises ImportFailed."""
    if table.format == MARKDOWN:
        return open_markdown(folder, table.file, table.leave_out)
    return open_inside(folder, table.file)
