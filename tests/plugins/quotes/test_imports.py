"""Real quotes of two CRMs: every row, drafts on no exit, and nothing changed the second time."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from core.crm.models import Account, Contact
from core.crm.ties import add_membership
from core.db.session import open_session
from core.files.storage import Store
from core.modules.reach import sight_of
from core.modules.registry import Registry
from core.modules.switches import set_switch
from plugins.quotes.models import Line, Quote
from tests.imports.conftest import *  # noqa: F403 - its fixtures
from tests.imports.exports import Export
from tests.strict import shared_data

DOLIBARR = ("llx_societe.csv", "llx_socpeople.csv", "llx_propal.csv", "llx_propaldet.csv", "llx_product.csv",
            "llx_c_country.csv")  # fmt: skip
X2CRM = ("x2_accounts.csv", "x2_contacts.csv", "x2_quotes.csv", "x2_quotes_products.csv")


def export(name: str, files: tuple[str, ...], folder: Path, *rest: Any) -> Export:
    """A copy of these files of a real export."""
    part = folder / "part"
    part.mkdir()
    for file in files:
        (part / file).write_bytes((shared_data(name) / file).read_bytes())
    return Export(part, folder / "real", *rest)


def seen(real: Export, account_id: int) -> list[str]:
    """What a contact of that account sees, by status."""
    with real.session(writes=True) as session:
        set_switch(session, real.registry, "quotes", "tenant", real.tenant.id, True)
        who = Contact(first_name="A", last_name="B", portal_user=True)
        session.add(who)
        session.flush()
        add_membership(session, who, session.get_one(Account, account_id), None)
        session.commit()
        sight, _ = sight_of(session, real.registry, who.id)
    with open_session(real.engine, sight) as session:
        return list(session.scalars(select(Quote.status)))


@pytest.mark.parametrize(
    ("name", "profile", "files", "quotes", "lines", "states"),
    [
        ("dolibarr-demo-9", "dolibarr", DOLIBARR, 30, 93,
         {"sent": 20, "accepted": 4, "draft": 4, "invoiced": 1, "declined": 1}),
        ("x2crm-demo", "x2crm", X2CRM, 51, 85, {"sent": 20, "accepted": 13, "draft": 18}),
    ],
)  # fmt: skip
def test_every_quote_is_taken_with_its_lines_and_drafts_stay_with_the_staff(
    engine: Engine, registry: Registry, store: Store, tmp_path: Path,
    name: str, profile: str, files: tuple[str, ...], quotes: int, lines: int, states: dict[str, int],
) -> None:  # fmt: skip
    real = export(name, files, tmp_path, engine, registry, store)
    report = real.load(profile)
    told = {t.kind: (t.rows, t.taken, t.refused) for t in report.tables if t.there and t.kind.startswith("quotes.")}
    assert told == {"quotes.quote": (quotes, quotes, 0), "quotes.line": (lines, lines, 0)}
    there = real.all(Quote)
    assert Counter(quote.status for quote in there) == states
    assert [quote.published for quote in there] == [quote.status != "draft" for quote in there]
    assert all(quote.issued_on and quote.currency for quote in there)
    assert len(real.all(Line)) == lines
    account_id = Counter(q.account_id for q in there if q.account_id and q.status == "draft").most_common(1)[0][0]
    of_account = [q.status for q in there if q.account_id == account_id]
    assert sorted(seen(real, account_id)) == sorted(state for state in of_account if state != "draft")
    again = real.load(profile)
    unchanged = {t.kind: t.unchanged for t in again.tables if t.there and t.kind.startswith("quotes.")}
    assert unchanged == {"quotes.quote": quotes, "quotes.line": lines}
