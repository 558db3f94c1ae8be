"""The papers of a list, as one ZIP: of each record that whoever asks sees its one paper, and no page of any other. What
was accepted has the paper that was accepted, what the CRM gave a PDF for has that, and of all else one is made."""

import io
import json
import re
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from typing import Any
from zipfile import ZipFile

import pytest

from core.db.wall import Owned
from tests.visibility.changes import scope_of
from tests.visibility.examples import examples
from tests.visibility.oracle import RECORDS, Oracle, Row, read_tables
from tests.worlds.copied import Databases, copied
from tests.worlds.plenty import plenty
from tests.worlds.talk import talk
from tests.worlds.world import Browser, World

#: module with papers -> its resource
PAPERS = {"invoices": "invoice", "quotes": "quote", "orders": "order", "contracts": "contract"}
VIEWERS = (("whole", "one"), ("two_sites", "one"), ("family", "one"), ("nobodys", "one"), ("two_accounts", "two"))
Papers = list[tuple[str, str]]


@pytest.fixture(scope="module")
def world(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The seeded world with the records of all modules, some of them accepted; papers are made as the data that they
    would say."""
    with copied(databases, tmp_path_factory.mktemp, talk, plenty) as made, pytest.MonkeyPatch.context() as patch:
        examples(made)
        patch.setattr("core.records.document.make_pdf", lambda template, data: json.dumps(data, default=str).encode())
        yield made


def name_in(row: Row) -> str:
    """What is printed of a record, and of no other: of invoices, the twin tenants' have the same numbers."""
    return str(row["reference"] if "corrects_id" in row else row["number"])


def expected(world: World, tables: dict[str, list[Row]], rows: list[Row]) -> Papers:
    """The papers of these records, by where they come from and what they are."""
    found: Papers = []
    for row in rows:
        accepted = [a for a in tables["agreement"] if a["parent_id"] == row["id"] and a["outcome"] == "accepted"]
        given = [f for f in tables["file"] if f["parent_id"] == row["id"] and f["published"] and is_paper(f)]
        keys = [accepted[-1]["paper_key"]] if accepted else [file["key"] for file in given]
        found += [("given", sha256(world.store.get(key)).hexdigest()) for key in keys]
        found += [] if keys else [("made", name_in(row))]
    return sorted(found)


def is_paper(file: Row) -> bool:
    """Whether a file is what the CRM gave as a record's paper."""
    return file["media_type"] == "application/pdf" and file["message_id"] is None and not file["author_name"]


def taken(browser: Browser, url: str, names: set[str]) -> Papers | int:
    """What is in a ZIP; the status where there is none."""
    answer = browser.get(url, buffered=True)
    if answer.status_code != 200:
        return answer.status_code
    found: Papers = []
    with ZipFile(io.BytesIO(answer.data)) as archive:
        for entry in archive.namelist():
            data = archive.read(entry)
            if data.startswith(b"%PDF"):
                found.append(("given", sha256(data).hexdigest()))
            else:
                printed = set(re.findall(r'"([^"]*)"', data.decode()))
                found += [("made", name) for name in names & printed]
    return sorted(found)


def differences(world: World, viewers: tuple[tuple[str, str], ...]) -> list[Any]:
    """Where somebody's ZIP holds more or less than their papers, list by list."""
    tables, found = read_tables(world.database.owner_url), []
    for kind, slug in viewers:
        oracle = Oracle(tables, world.tenancies[slug].people[kind], date.today())
        for module, resource in PAPERS.items():
            names = {name_in(row) for row in tables[RECORDS[module]]}
            got = taken(world.contact(kind, slug), f"/portal/{module}/{resource}/documents.zip", names)
            wanted = expected(world, tables, list(oracle.of(module).records().values()))
            if got != wanted:
                found.append((kind, slug, module, wanted, got))
    return found


def test_a_zip_holds_what_its_reader_sees(world: World) -> None:
    assert differences(world, VIEWERS) == []
    for module in PAPERS:
        scope_of(world, world.one, module, "contact")
    try:
        assert differences(world, (("whole", "one"), ("mixed", "one"))) == []
    finally:
        for module in PAPERS:
            scope_of(world, world.one, module, "account")


def test_staff_have_the_papers_of_their_tenant_and_visitors_none(world: World) -> None:
    tables = read_tables(world.database.owner_url)
    for module, resource in PAPERS.items():
        names = {name_in(row) for row in tables[RECORDS[module]]}
        for slug in ("one", "two"):
            got = taken(world.staff(slug), f"/staff/records/{module}/{resource}/documents.zip", names)
            assert isinstance(got, list)
            theirs = {name_in(r) for r in tables[RECORDS[module]] if r["tenant_id"] == world.tenancies[slug].id}
            assert {name for kind, name in got if kind == "made"} <= theirs
            assert len(got) >= len(theirs)
        for browser in (world.visitor(), world.staff()):
            assert taken(browser, f"/portal/{module}/{resource}/documents.zip", names) == 303


def test_it_would_notice_a_list_that_holds_too_much(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Owned.seen_by_contact
    monkeypatch.setattr(Owned, "seen_by_contact", staticmethod(lambda e, s: e.published.is_(True) | whole(e, s)))
    assert differences(world, (("whole", "one"),)) != []
