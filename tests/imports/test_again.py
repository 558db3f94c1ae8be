"""Importing again: what has not changed is not touched, what changed is, what is gone stays."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from core.crm.models import Account, Contact, ExternalId
from core.db.record import Record
from core.files.models import File
from core.modules.models import Switch
from core.modules.switches import set_switch
from plugins.invoices.models import Invoice, Line
from tests.imports.exports import Export


def test_importing_twice_changes_nothing(export: Export) -> None:
    export.load()
    before = export.dump()
    report = export.load()
    assert export.dump() == before
    assert {(t.taken, t.refused) for t in report.tables} == {(0, 0)}
    assert [t.unchanged for t in report.tables] == [t.rows for t in report.tables]
    assert before["record"]
    assert before["file"]


def test_two_imports_at_once_wait_for_each_other(export: Export) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: export.load(), range(2))
    taken = sorted(sum(t.taken for t in report.tables) for report in (first, second))
    assert taken == [0, 20]
    assert len(export.all(Invoice)) == 6


def test_only_a_row_that_changed_gets_a_new_version(export: Export) -> None:
    export.load()
    before = {i.number: (i.version, i.updated_at) for i in export.all(Invoice)}
    export.set("llx_facture.csv", "3", ref_client="PO 8", fk_statut="2")
    report = export.load()
    after = {i.number: (i.version, i.updated_at) for i in export.all(Invoice)}
    assert {n for n in after if after[n] != before[n]} == {"FA-2"}
    assert after["FA-2"][0] == 2
    changed = export.one(Invoice, number="FA-2")
    assert (changed.status, changed.reference) == ("paid", "PO 8")
    assert export.one(Record, number="FA-2").title == "PO 8"
    table = report.table("llx_facture.csv")
    assert (table.taken, table.new, table.unchanged) == (1, 0, 5)


def test_a_draft_becomes_visible_once_the_crm_issues_it_and_not_before(export: Export) -> None:
    export.load()
    assert not export.one(Record, number="(PROV6)").published
    export.set("llx_facture.csv", "6", facnumber="FA-5", fk_statut="1")
    export.load()
    record = export.one(Record, number="FA-5")
    assert record.published
    assert export.one(Invoice, id=record.id).published
    export.set("llx_facture.csv", "6", fk_statut="0")
    export.load()
    assert not export.one(Record, number="FA-5").published


def test_a_part_that_moves_to_another_parent_moves(export: Export) -> None:
    export.load()
    export.set("llx_facturedet.csv", "11", fk_facture="2")
    export.load()
    assert export.one(Line, description="Second").parent_id == export.one(Invoice, number="FA-1").id


def test_a_changed_file_replaces_the_one_that_was_there(export: Export) -> None:
    export.load()
    before = export.one(File, name="FA-1.pdf")
    (export.folder / "documents/facture/FA-1/FA-1.pdf").write_bytes(b"%PDF-1.7\nanother")
    (export.folder / "documents/facture/FA-4").mkdir()
    (export.folder / "documents/facture/FA-4/FA-4.pdf").write_bytes(b"%PDF-1.7\nnew")
    report = export.load()
    after = export.one(File, name="FA-1.pdf")
    assert (after.id, after.parent_id) == (before.id, before.parent_id)
    assert export.store.get(after.key) == b"%PDF-1.7\nanother"
    assert export.one(File, name="FA-4.pdf")
    assert report.table("llx_facture.csv").unchanged == 6


def test_rows_that_are_gone_stay_and_are_listed(export: Export) -> None:
    export.load()
    export.drop("llx_facture.csv", "5")
    export.drop("llx_societe.csv", "2")
    first, second = export.load(), export.load()
    assert {(g.kind, g.external, g.now) for g in first.gone} == {
        ("core.account", "2", True),
        ("invoices.invoice", "5", True),
    }
    assert {(g.kind, g.external, g.now) for g in second.gone} == {
        ("core.account", "2", False),
        ("invoices.invoice", "5", False),
    }
    assert export.one(Invoice, number="FA-4").account_id == export.one(Account, name="Hotel Mar").id
    assert export.one(ExternalId, kind="invoices.invoice", external="5").gone


def test_a_row_that_comes_back_is_the_one_that_was_there(export: Export) -> None:
    export.load()
    before = export.dump()
    rows: list[Any] = []
    export.change("llx_facture.csv", lambda r: rows.extend(r) or [x for x in r if x["rowid"] != "5"])
    export.load()
    export.change("llx_facture.csv", lambda r: rows)
    report = export.load()
    assert report.gone == []
    assert export.dump() == before


def test_a_row_that_is_broken_today_is_not_gone(export: Export) -> None:
    export.load()
    before = export.one(Invoice, number="FA-1")
    export.set("llx_facture.csv", "2", datef="yesterday")
    report = export.load()
    assert report.gone == []
    assert [(x.line, x.external) for x in report.listed] == [(3, "2")]
    after = export.one(Invoice, number="FA-1")
    assert (after.version, after.issued_on) == (before.version, before.issued_on)


def test_what_staff_set_stays(export: Export) -> None:
    export.load()
    with export.session(writes=True) as session:
        ana = session.get(Contact, export.one(Contact, first_name="Ana").id)
        today = ana.updated_at.date()
        ana.portal_user, ana.support_start, ana.portal_end = True, today, today + timedelta(days=30)
        ana.password_hash, ana.language = "hash", "en"
        set_switch(session, export.registry, "invoices", "contact", ana.id, False)
        session.commit()
    export.set("llx_socpeople.csv", "1", firstname="Anabel", phone="600 000 002")
    export.load()
    ana = export.one(Contact, first_name="Anabel")
    assert (ana.portal_user, ana.support_start, ana.portal_end) == (True, today, today + timedelta(days=30))
    assert (ana.password_hash, ana.language) == ("hash", "en")
    assert ana.phone_key == "+34600000002"
    assert [(s.level, s.target_id, s.on) for s in export.all(Switch)] == [("contact", ana.id, False)]


def test_what_staff_wrote_over_stays_until_the_crm_changes_it(export: Export) -> None:
    export.load()
    with export.session(writes=True) as session:
        session.get(Account, export.one(Account, code="C1").id).town = "Getafe"
        session.commit()
    export.load()
    assert export.one(Account, code="C1").town == "Getafe"
    export.set("llx_societe.csv", "1", town="Móstoles")
    export.load()
    assert export.one(Account, code="C1").town == "Móstoles"


def test_what_was_deleted_here_is_listed_and_not_made_again(export: Export) -> None:
    export.load()
    with export.session(writes=True) as session:
        session.execute(delete(Line).where(Line.id == export.one(Line, description="Second").id))
        session.commit()
    assert export.load().listed == []
    export.set("llx_facturedet.csv", "11", qty="2")
    report = export.load()
    assert [x.reason for x in report.listed] == ["what an earlier import made of it was deleted"]
    assert len(export.all(Line)) == 3


@pytest.mark.parametrize("numbers", [lambda n: n + 1000, lambda n: 5000 - n], ids=["shifted", "reversed"])
def test_renumbered_ids_give_a_fresh_tenant_the_same(export: Export, numbers: Any) -> None:
    export.load()
    _renumber(export, numbers)
    twin = export.twin()
    report = twin.load()
    assert [t.taken for t in report.tables] == [t.rows for t in report.tables]
    assert _told(twin) == _told(export)


REFERENCES = {
    "llx_societe.csv": ("rowid", "parent"),
    "llx_socpeople.csv": ("rowid", "fk_soc"),
    "llx_facture.csv": ("rowid", "fk_soc", "fk_facture_source"),
    "llx_facturedet.csv": ("rowid", "fk_facture"),
    "llx_paiement.csv": ("rowid",),
    "llx_paiement_facture.csv": ("rowid", "fk_facture", "fk_paiement"),
}


def _renumber(export: Export, numbers: Any) -> None:
    for file, columns in REFERENCES.items():

        def change(rows: Any, columns: tuple[str, ...] = columns) -> None:
            for row in rows:
                row.update({c: str(numbers(int(row[c]))) for c in columns if row[c] not in ("", "0")})

        export.change(file, change)


def _told(export: Export) -> list[tuple[Any, ...]]:
    """What a reader would be told of the whole world, without a single id."""
    accounts = {a.id: a.name for a in export.all(Account)}
    invoices = {i.id: i.number for i in export.all(Invoice)}
    told: list[tuple[Any, ...]] = [("account", a.name, accounts.get(a.parent_id), a.town) for a in export.all(Account)]
    told += [("contact", c.first_name, c.email_key, c.phone_key) for c in export.all(Contact)]
    for each in export.all(Invoice):
        told.append(("invoice", each.number, accounts[each.account_id], each.total, invoices.get(each.corrects_id)))
    told += [("line", invoices[x.parent_id], x.position, x.description, x.total) for x in export.all(Line)]
    told += [("file", invoices[f.parent_id], f.name, f.sha256) for f in export.all(File)]
    return sorted(told, key=repr)
