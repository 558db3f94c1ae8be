"""Dolibarr's projects and tasks, as its own program wrote them: every row, for staff and for clients."""

import shutil
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from core.crm.models import Account, Contact, Membership
from core.db.session import open_session
from core.files.storage import Store
from core.modules.reach import sight_of
from core.modules.registry import load_modules
from core.modules.switches import set_switch
from plugins.projects import domain
from plugins.projects.models import ACTIVE, DRAFT, Project, Task
from tests.imports.exports import Export
from tests.strict import shared_data

READ = ("llx_societe.csv", "llx_projet.csv", "llx_projet_task.csv", "llx_c_country.csv")


@pytest.fixture
def imported(engine: Engine, tmp_path: Path) -> Export:
    """The projects of the real export, imported; a member of each of its accounts may come in."""
    source, part = shared_data("dolibarr-demo-9"), tmp_path / "part"
    part.mkdir()
    for name in READ:
        shutil.copy(source / name, part / name)
    export = Export(part, tmp_path / "real", engine, load_modules(), Store(tmp_path / "store"))
    report = export.load()
    told = {t.file: (t.rows, t.taken, t.refused) for t in report.tables if t.there}
    assert (told["llx_projet.csv"], told["llx_projet_task.csv"]) == ((9, 9, 0), (9, 9, 0))
    assert report.listed == []
    start, end = date(2020, 1, 1), date.today() + timedelta(300)
    with export.session(writes=True) as session:
        set_switch(session, export.registry, "projects", "tenant", export.tenant.id, True)
        for account in session.scalars(select(Account)).all():
            who = Contact(first_name=account.name, portal_user=True, support_start=start, portal_end=end)
            session.add(who)
            session.flush()
            session.add(Membership(contact_id=who.id, account_id=account.id))
        session.commit()
    return export


def test_every_project_and_task_is_what_the_export_says(imported: Export) -> None:
    projects = {p.number: p for p in imported.all(Project)}
    assert Counter(p.status for p in projects.values()) == {ACTIVE: 8, DRAFT: 1}
    assert {n for n, p in projects.items() if p.owner is None} == {"PROJSHARED", "RMLL"}
    alice = projects["PJ1607-0001"]
    assert (alice.title, alice.starts_on, alice.ends_on) == ("PROJALICE1", date(2018, 7, 30), None)
    numbers = {p.id: n for n, p in projects.items()}
    tasks = {t.title: t for t in imported.all(Task)}
    assert Counter(numbers[t.parent_id] for t in tasks.values()) == {"PROJ1": 4, "PJ1607-0001": 4, "RMLL": 1}
    analyze, host = tasks["Analyze"], tasks["Heberger site RMLL"]
    assert (analyze.planned_hours, analyze.starts_on, analyze.progress) == (Decimal(10), date(2016, 12, 21), 0)
    assert (host.starts_on, host.ends_on, host.planned_hours) == (date(2012, 7, 11), date(2013, 7, 14), None)
    assert {t.within_id for t in tasks.values()} == {None}


def test_clients_see_six_and_how_far_they_are(imported: Export) -> None:
    """The two without an account and the draft are the staff's."""
    seen: dict[str, int | None] = {}
    for contact in imported.all(Contact):
        with imported.session() as session:
            sight, _ = sight_of(session, imported.registry, contact.id)
        with open_session(imported.engine, sight) as session:
            seen.update((row[0], row[1]) for row in session.execute(select(Project.number, domain.progress(Project))))
    assert seen == {
        "PROJ1": 1,  # 25 % of 5 hours, of the 103 that are planned
        "PROJINDIAN": None,
        "PJ1607-0001": 3,  # 10 % of 200 hours and 5 % of 300, of 1145
        "PJ1607-0002": None,
        "PJ1607-0003": None,
        "PJ1607-0004": None,
    }


def test_importing_it_again_changes_nothing(imported: Export) -> None:
    before = imported.dump()
    report = imported.load()
    assert imported.dump() == before
    assert all((t.taken, t.unchanged) == (0, t.rows) for t in report.tables if t.there)
