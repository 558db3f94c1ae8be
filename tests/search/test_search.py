"""The search finds what its reader may see, and nothing else: on either database, by either kind of viewer."""

import time
from collections.abc import Iterator
from datetime import UTC
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from core.crm.segments import Segment, SegmentAccount
from core.db.entry import SearchEntry
from core.db.flags import NO_FLAGS, FieldFlags, Flags
from core.db.session import Refused
from core.modules.flags import save_flags
from core.modules.switches import set_switch
from core.records.listing import list_records
from core.records.query import read_query
from core.search import hits, wanted
from core.search.extract import extract
from core.search.hits import search
from core.search.rebuild import fill_where_empty, rebuild
from core.search.typed import BadSearch
from plugins.invoices.models import Invoice
from plugins.knowledge_base.models import PUBLISHED, Article
from tests.search.asking import found, ids, looking
from tests.worlds.seed import LONG_AGO, PEOPLE
from tests.worlds.snapshot import Snapshot
from tests.worlds.world import World

WHOLE = "whole"


@pytest.fixture
def kept(world: World) -> Iterator[World]:
    """The world, put back after the test."""
    snapshot = Snapshot(world)
    yield world
    snapshot.restore()


def invoice(world: World, slug: str = "one", **more: Any) -> int:
    """One more invoice of the account that "whole" is a member of."""
    with world.writing(slug) as session:
        owner = {"account_id": world.tenancies[slug].accounts["alpha"], "status": "pending", "issued_on": LONG_AGO}
        session.add(row := Invoice(**{**owner, "currency": "EUR", "number": "N", **more}))
        session.flush()
        return row.id


def change(world: World, row_id: int, **values: Any) -> None:
    with world.writing() as session:
        row = session.get(Invoice, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def seen(world: World, kind: str) -> set[int]:
    with looking(world, kind) as session:
        return set(session.scalars(select(Invoice.id)))


@pytest.mark.parametrize("narrowed", [True, False], ids=["keys", "the wall alone"])
def test_each_finds_what_their_lists_show(world: World, monkeypatch: pytest.MonkeyPatch, narrowed: bool) -> None:
    if not narrowed:  # as for those who reach so many accounts that the match names none of them
        monkeypatch.setattr(wanted, "MOST_KEYS", -1)
    for kind in (*PEOPLE, "staff"):
        # Each number begins with F, each reference with the name of the tenant.
        assert set(ids(world, kind, "f")) == seen(world, kind), kind
        assert set(ids(world, kind, "one")) == seen(world, kind), kind


def test_a_module_that_is_off_is_found_by_staff_alone(kept: World) -> None:
    with kept.writing() as session:
        set_switch(session, kept.registry, "invoices", "tenant", kept.one.id, False)
    assert ids(kept, WHOLE, "one") == []
    assert ids(kept, "staff", "one")


#: what finds the sign of the oyster, and what does not
FINDS = (
    "señalización", "SENALIZACION", "sen\u0303alizacio\u0301n", "senal", "ostra senal", "FA-2031/0077", "fa20310077",
    "0077",
)  # fmt: skip
FINDS_NOT = ("ostra mareas", "alizacion", "fa-2031/78", "se", "ostras")


def test_thousands_of_accents_keep_nobody_waiting_who_finds_them() -> None:
    text, started = "Alarma cafe\u0301 " + "\u0315\u0300" * 50_000, time.process_time()
    assert [piece.text for piece in extract(text, ["cafe"])][:2] == ["Alarma ", "café"]
    assert time.process_time() - started < 2


def test_all_words_are_met_by_their_beginning_whatever_their_accents_and_signs(kept: World) -> None:
    one = invoice(kept, number="FA-2031/0077", reference="Señalización", note="Rótulo de la Ostra")
    assert {typed: ids(kept, WHOLE, typed) for typed in FINDS} == {typed: [one] for typed in FINDS}
    assert {typed: ids(kept, WHOLE, typed) for typed in FINDS_NOT} == {typed: [] for typed in FINDS_NOT}


def test_the_number_comes_first_then_what_it_is_called_then_the_newest(kept: World) -> None:
    named = invoice(kept, number="X-2", reference="quartz")
    number = invoice(kept, number="quartz", reference="-")
    older, newer = (invoice(kept, number=f"X-{n}", note="of quartz") for n in (3, 4))
    assert ids(kept, WHOLE, "quartz") == [number, named, newer, older]


def test_the_index_follows_the_record_in_its_transaction(kept: World) -> None:
    one = invoice(kept, reference="before")
    change(kept, one, reference="later")
    assert (ids(kept, WHOLE, "before"), ids(kept, WHOLE, "later")) == ([], [one])
    change(kept, one, published=False)
    assert (ids(kept, WHOLE, "later"), ids(kept, "staff", "later")) == ([], [one])
    change(kept, one, published=True, account_id=kept.one.accounts["beta"])
    assert (ids(kept, WHOLE, "later"), ids(kept, "two_accounts", "later")) == ([], [one])
    with kept.writing() as session:
        row = session.get_one(Invoice, one)
        row.reference = "undone"
        session.flush()
        session.rollback()
    assert (ids(kept, "staff", "undone"), ids(kept, "staff", "later")) == ([], [one])
    with kept.writing() as session:
        session.delete(session.get(Invoice, one))
    assert ids(kept, "staff", "later") == []
    with kept.writing() as session:
        assert session.get(SearchEntry, one) is None


def test_what_is_searched_is_not_changed_past_the_index(world: World) -> None:
    with world.writing() as session, pytest.raises(Refused, match="may not touch note"):
        session.execute(update(Invoice).values(note="past it"))


def test_a_client_reads_no_row_of_the_index(world: World) -> None:
    with looking(world, WHOLE) as session:
        assert session.scalars(select(SearchEntry)).all() == []
    with looking(world, "staff") as session:
        assert set(session.scalars(select(SearchEntry.tenant_id))) == {world.one.id}


def flag(world: World, **seen: bool) -> None:
    flags = FieldFlags(tuple((name, Flags(seen=each)) for name, each in seen.items())) if seen else NO_FLAGS
    with world.writing() as session:
        save_flags(session, "invoices", "invoice", flags)


def test_a_field_that_is_hidden_is_not_searched_and_orders_nothing(kept: World) -> None:
    hidden = invoice(kept, number="quartz", note="plain")
    told = invoice(kept, number="N-1", note="quartz and plain")
    assert ids(kept, WHOLE, "quartz") == [hidden, told]
    flag(kept, number=False)
    assert ids(kept, WHOLE, "quartz") == [told]
    assert ids(kept, WHOLE, "quartz plain") == [told]
    flag(kept, number=False, note=False)
    assert ids(kept, WHOLE, "quartz") == []
    assert ids(kept, "staff", "quartz") == [hidden, told]
    # A number that is not seen is no reason to stand first.
    flag(kept, number=False)
    change(kept, hidden, note="quartz, too")
    change(kept, told, note="quartz")
    assert ids(kept, WHOLE, "quartz") == [told, hidden]


def test_counts_are_of_what_the_reader_sees_and_stop_at_a_number(kept: World, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = found(kept, WHOLE, "one").counts
    assert exact == {"invoices": (len(seen(kept, WHOLE)), False)}
    number = invoice(kept, number="ONE-1")
    for n in range(4):
        invoice(kept, number=f"X{n}", reference="one")
    monkeypatch.setattr(hits, "MOST_OF_EACH", 3)
    capped = found(kept, WHOLE, "one")
    assert capped.counts == {"invoices": (3, True)}
    # However old, what has the very word in its number or title is looked at.
    assert number in {hit.id for hit in capped.hits}


def entries(world: World, slug: str = "one") -> dict[int, str]:
    with world.writing(slug) as session:
        found = session.execute(select(SearchEntry.id, SearchEntry.terms))
        return {id_: " ".join(sorted(str(terms).replace("'", "").split())) for id_, terms in found}


def test_filling_it_anew_makes_what_the_flush_made(kept: World) -> None:
    written = {slug: entries(kept, slug) for slug in ("one", "two")}
    assert all(written.values())
    with kept.writing() as session:
        for row in session.scalars(select(SearchEntry)):
            session.delete(row)
    assert ids(kept, "staff", "one") == []
    assert fill_where_empty(kept.engine, kept.registry) == len(written["one"])
    assert fill_where_empty(kept.engine, kept.registry) == 0
    assert rebuild(kept.engine, kept.registry, "two") == len(written["two"])
    assert {slug: entries(kept, slug) for slug in ("one", "two")} == written


def test_markdown_is_found_by_the_words_that_a_reader_has_of_it(kept: World) -> None:
    with kept.writing() as session:
        set_switch(session, kept.registry, "knowledge_base", "tenant", kept.one.id, True)
    written = article(kept, "all", body="See [the *gypsum*](article:feldspar.md) and <article:basalt.md>.")
    articles = kept.registry.resource("knowledge_base", "article")
    assert articles is not None
    for anew in (False, True):
        if anew:
            rebuild(kept.engine, kept.registry, "one")
        for who in (WHOLE, "staff"):
            for word, there in (("gyps", True), ("gypsum and", True), ("feldspar", False), ("basalt", False)):
                with looking(kept, who) as session:
                    query = read_query(articles, session.sight, {"q": [word]})
                    listed = list_records(session, articles, query, UTC)
                    assert (written in [row.id for row in listed.rows], listed.total) == (there, int(there)), word
                assert (written in ids(kept, who, word)) is there, (who, word)


HOSTILE = (
    "AND", "a OR b", "NOT x", "NEAR(a b)", '"', "''", "*", "a*", "^a", "a:b", "number:one", "-a", "(", "\\", "%",
    "&|!<->", "o1", "m1.invoices.invoice", "o0", "\x00", "ab\x00c", "😀", "\u202eabc", "ﷺ", "ı İ ß", "ŉ", "\ud800",
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60), st.lists(st.sampled_from(HOSTILE)).map(" ".join)))
def test_whatever_is_typed_is_words_or_nothing(world: World, typed: str) -> None:
    with looking(world, WHOLE) as session:
        try:
            found = {hit.id for hit in search(session, typed).hits}
        except BadSearch:
            return
        assert found <= set(session.scalars(select(Invoice.id)))


def test_what_is_too_long_is_refused_before_it_is_looked_for(world: World) -> None:
    for typed in ("x" * 10_000, " ".join(f"w{n}" for n in range(13))):
        with looking(world, WHOLE) as session, pytest.raises(BadSearch):
            search(session, typed)


def article(world: World, audience: str, **more: Any) -> int:
    columns = {"state": PUBLISHED, "language": "en", "next_title": "quartz", "title": "quartz", **more}
    with world.writing() as session:
        session.add(row := Article(audience=audience, **columns))
        session.flush()
        return row.id


def test_what_is_for_many_is_found_by_those_it_is_for(kept: World) -> None:
    with kept.writing() as session:
        set_switch(session, kept.registry, "knowledge_base", "tenant", kept.one.id, True)
        session.add(beta := Segment(name="Beta"))
        session.flush()
        session.add(SegmentAccount(segment_id=beta.id, account_id=kept.one.accounts["beta"]))
        segment = str(beta.id)
    of_all, of_beta, of_staff = (article(kept, audience) for audience in ("all", segment, ""))
    draft = article(kept, "all", published=False)
    # What staff write for the next edition stands in fields that clients do not see.
    article(kept, "all", title="plain", body="plain", next_title="quartz", next_body="quartz")
    for narrowed in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(wanted, "MOST_KEYS", wanted.MOST_KEYS if narrowed else -1)
            assert ids(kept, WHOLE, "quartz") == [of_all]
            assert ids(kept, "two_accounts", "quartz") == [of_beta, of_all]
            assert ids(kept, WHOLE, "quartz", "two") == []
            assert {of_all, of_beta, of_staff, draft} <= set(ids(kept, "staff", "quartz"))
    with kept.writing() as session:
        session.get_one(Article, of_all).audience = segment
    assert ids(kept, WHOLE, "quartz") == []
