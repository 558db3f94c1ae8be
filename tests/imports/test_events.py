"""Modules are told of an import with one event, however many rows it writes."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from core.db.session import WalledSession
from core.files.storage import Store
from core.modules.delivery import listen
from core.modules.events import Event, ImportFinished
from core.modules.registry import load_modules
from core.modules.switches import set_switch
from tests.imports.exports import SMALL, Export
from tests.modules.strangers import make


def test_an_import_is_told_of_once_with_how_much_was_taken(engine: Engine, store: Store, tmp_path: Path) -> None:
    heard: list[Event] = []

    def event(self: Any, session: WalledSession, event: Event) -> None:
        heard.append(event)

    registry = load_modules()
    registry.take(make("ear", event=event))
    listen(engine, registry)
    export = Export(SMALL, tmp_path / "export", engine, registry, store)
    with export.session(writes=True) as session:
        set_switch(session, registry, "ear", "tenant", export.tenant.id, True)
        session.commit()
    heard.clear()
    report = export.load()
    taken = {table.kind: table.taken for table in report.tables if table.there}
    assert heard == [ImportFinished("dolibarr", tuple(sorted(taken.items())))]
    heard.clear()
    export.load()
    assert heard == [ImportFinished("dolibarr", ())]
    heard.clear()
    export.set("llx_facture.csv", "1", note_public="other")
    export.load()
    assert heard == [ImportFinished("dolibarr", (("invoices.invoice", 1),))]
