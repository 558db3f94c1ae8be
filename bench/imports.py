"""How fast an export comes in: the whole command, on an empty SQLite database."""

import subprocess
import time
from contextlib import closing
from pathlib import Path

from bench import bulk, data
from bench.load import CannotMeasure
from bench.servers import ROOT
from core.config import Settings
from core.crm.tenants import create_tenant
from core.db.engine import make_engine
from core.db.session import open_session
from core.db.viewer import installation
from tests.databases import SqliteDatabases
from tests.server import POSTIGO, environment

PROFILE = "online-retail"
EXPORT = ROOT.parent / "shared" / "data" / PROFILE


def lines_per_second(folder: Path) -> float:
    """Import the export beside the checkout, and give the invoice lines that came in by the second.

    Raises CannotMeasure where it is not there, or the import fails."""
    if not EXPORT.is_dir():
        raise CannotMeasure(f"the export {EXPORT} is not there")
    home = folder / "import"
    with SqliteDatabases(folder).fresh() as database:
        engine = make_engine(database.url)
        with open_session(engine, installation(), writes=True) as session:
            create_tenant(session, data.SLUG, "Bench", [data.HOST], currency="GBP", country="GB")
            session.commit()
        engine.dispose()
        settings = Settings(home, database.url, database.owner_url, 8000, home / "secret.key")
        command = [POSTIGO, "import", PROFILE, str(EXPORT), "--tenant", data.SLUG]
        began = time.monotonic()
        ran = subprocess.run(command, env=environment(settings), capture_output=True, text=True, check=False)
        seconds = time.monotonic() - began
        if ran.returncode:
            raise CannotMeasure(f"the import failed: {ran.stderr.strip()[-300:]}")
        with closing(bulk.connect(database.url)) as connection:
            lines: int = connection.execute("SELECT count(*) FROM invoices_line").fetchone()[0]
    return lines / seconds
