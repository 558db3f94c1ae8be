"""Where databases of tests lie: in memory where the machine has such a folder, which is ten times faster."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

IN_MEMORY = Path("/dev/shm")
ENOUGH = 1 << 30


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """Give a new folder, and remove it in the end."""
    usable = IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ENOUGH
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=IN_MEMORY if usable else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
