"""Writes a new migration from what the models say and the migrations do not yet:

    .venv/bin/python -m tools.revision MODULE "what it is for"

MODULE is `core` or a module's name. Read the file that it writes before you commit it.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic.script import ScriptDirectory

from core.db.compare import load_models, missing_steps
from core.db.engine import make_engine
from core.db.migrations import CORE, History, histories, upgrade
from core.modules.registry import Registry, load_modules

TEMPLATE = '''"""{message}"""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {down_revision}


def upgrade() -> None:
    """Apply this revision."""
    {body}
'''


def write(registry: Registry, history: History, message: str) -> Path:
    """Write a revision with the differences to an empty database that was just migrated. Gives the
    file's path; raises SystemExit where there is nothing to write."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/empty.db", guarded=False)
        failures = upgrade(engine, registry)
        if failures:
            raise SystemExit(f"the migrations as they stand fail: {failures}")
        body = missing_steps(engine, registry, history.name)
        engine.dispose()
    if not body:
        raise SystemExit(f"{history.name}: the migrations say all that the models say")
    return _write_file(history, message, body)


def _write_file(history: History, message: str, body: str) -> Path:
    versions = history.folder / "versions"
    before = ScriptDirectory(str(history.folder), version_locations=[str(versions)]).get_current_head()
    number = int(before.split("_")[0]) + 1 if before else 1
    revision = f"{number:04d}_{re.sub(r'[^a-z0-9]+', '_', message.lower()).strip('_')[:24]}"
    path = versions / f"{revision}.py"
    down = f'"{before}"' if before else "None"
    path.write_text(TEMPLATE.format(message=message, revision=revision, down_revision=down, body=body))
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", path], check=True)
    return path


def main(arguments: list[str]) -> None:
    """Write the revision that the command line asks for."""
    if len(arguments) != 2:
        raise SystemExit(__doc__)
    name, message = arguments
    load_models()
    registry = load_modules()
    if name != CORE and name in registry.modules:
        folder = registry.modules[name].folder("") or Path()
        (folder / "migrations" / "versions").mkdir(parents=True, exist_ok=True)
    history = next((h for h in histories(registry) if h.name == name), None)
    if history is None:
        raise SystemExit(f"there is no module {name!r} here")
    print(write(registry, history, message))


if __name__ == "__main__":
    main(sys.argv[1:])
