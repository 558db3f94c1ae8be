"""What staff switch off is gone from every page, is found by no parameter, and comes back with the next request."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import literal
from werkzeug.test import TestResponse

from core.crm.models import Contact
from core.db.flags import NO_FLAGS, FieldFlags, Flags
from core.db.session import open_session
from core.db.viewer import Kind, Reach, Sight, Viewer, staff, system
from core.i18n import NotForAll, current_day, gettext, today
from core.modules.flags import field_flags, save_flags
from core.modules.reach import sight_of
from core.modules.registry import load_modules
from core.modules.switches import read_switches
from core.records.explain import Explanation, _told, explain
from core.records.fields import Untold, effective, effective_children, full_name, sees, sql_of
from core.records.resource import Resource
from plugins.assets.resources import ASSET
from plugins.invoices.models import Invoice
from plugins.invoices.resources import INVOICE, PAYMENT
from plugins.knowledge_base.resources import ARTICLE, CATEGORY
from plugins.projects.resources import PROJECT
from tests.records.test_query import constant
from tests.staff.reading import links, words
from tests.worlds.world import World

LIST = "/portal/invoices/"
#: an invoice's reference, as its page has it
REFERENCE = ">one alpha<"


def hidden(*names: str) -> FieldFlags:
    """Flags that hide these fields."""
    return FieldFlags(tuple((name, Flags(seen=False)) for name in names))


@contextmanager
def flagged(world: World, flags: FieldFlags, slug: str = "one") -> Iterator[None]:
    """The tenant has set these flags of invoices."""
    with world.writing(slug) as session:
        save_flags(session, "invoices", "invoice", flags)
    try:
        yield
    finally:
        with world.writing(slug) as session:
            save_flags(session, "invoices", "invoice", NO_FLAGS)


def sight(flags: FieldFlags, kind: Kind = Kind.CONTACT) -> Sight:
    """Somebody of that kind, for whom these flags of invoices hold."""
    if kind is Kind.STAFF:
        return staff(1, 1, {full_name(INVOICE): flags})
    return Sight(Viewer(kind, 1, 1), fields={full_name(INVOICE): flags})


def names(flags: FieldFlags, kind: Kind = Kind.CONTACT) -> list[str]:
    """The fields of an invoice that somebody of that kind has."""
    return [field.name for field in effective(INVOICE, sight(flags, kind))]


def test_a_field_is_what_is_declared_until_something_is_said() -> None:
    declared = [field.name for field in INVOICE.fields if field.seen]
    assert names(NO_FLAGS) == declared
    assert names(hidden("total")) == [name for name in declared if name != "total"]
    assert "reason" in names(FieldFlags((("reason", Flags(seen=True)),)))


def test_staff_see_every_field_called_and_ordered_as_the_tenant_has_chosen() -> None:
    flags = FieldFlags((("total", Flags(seen=False, labels=(("en", "Sum"),))),), ("total", "number"))
    assert names(flags, Kind.STAFF)[:2] == ["total", "number"]
    assert len(names(flags, Kind.STAFF)) == len(INVOICE.fields)
    total = next(f for f in effective(INVOICE, sight(flags, Kind.STAFF)) if f.name == "total")
    assert (str(total.label), total.seen) == ("Sum", False)


def test_flags_are_those_of_one_resource_alone(world: World) -> None:
    other = Sight(Viewer(Kind.STAFF, 1, 1), fields={"invoices.payment": hidden("number")})
    assert [f.seen for f in effective(INVOICE, other)] == [f.seen for f in INVOICE.fields]
    assert full_name(PAYMENT) == "invoices.payment"


def test_a_column_of_a_child_table_and_a_whole_one_are_hidden() -> None:
    found = effective_children(INVOICE, sight(hidden("lines.discount", "payments")))
    assert [child.name for child in found] == ["lines"]
    assert "discount" not in [field.name for field in found[0].fields]
    every = hidden(*(f"payments.{field.name}" for field in INVOICE.children[1].fields))
    assert [child.name for child in effective_children(INVOICE, sight(every))] == ["lines"]
    assert len(effective_children(INVOICE, sight(every, Kind.STAFF))) == 2


@pytest.mark.parametrize(
    ("resource", "of", "hides", "name"),
    [
        (ASSET, ASSET, "number", "unit_id"),
        (ARTICLE, CATEGORY, "title", "category_id"),
        (PROJECT, PROJECT, "tasks.title", "tasks.within_id"),
        (PROJECT, PROJECT, "tasks", ""),
    ],
)
def test_what_names_another_record_tells_nothing_that_is_hidden_of_that_one(
    resource: Resource, of: Resource, hides: str, name: str
) -> None:
    load_modules()  # which says of each class what its records are called by

    def untold(kind: Kind, flags: FieldFlags) -> list[str]:
        made = {full_name(of): flags}
        looks = staff(1, 1, made) if kind is Kind.STAFF else Sight(Viewer(kind, 1, 1), fields=made)
        children = effective_children(resource, looks)
        found = [("", effective(resource, looks)), *((f"{child.name}.", child.fields) for child in children)]
        assert effective(resource, looks) is found[0][1], "statements are kept by their fields"
        return [f"{at}{each.name}" for at, fields in found for each in fields if isinstance(each, Untold)]

    assert untold(Kind.CONTACT, NO_FLAGS) == untold(Kind.STAFF, hidden(hides)) == []
    assert untold(Kind.CONTACT, hidden(hides)) == ([name] if name else [])


def test_columns_of_a_child_table_are_ordered_and_named() -> None:
    flags = FieldFlags(
        (("lines.total", Flags(labels=(("en", "Line total"),))), ("lines", Flags(labels=(("en", "What we did"),)))),
        ("lines.total", "lines.description"),
    )
    lines = effective_children(INVOICE, sight(flags))[0]
    assert str(lines.title) == "What we did"
    assert [str(field.label) for field in lines.fields][:2] == ["Line total", "Description"]


def test_a_view_of_a_modules_own_can_ask(world: World) -> None:
    with flagged(world, hidden("due")):
        with open_session(world.engine, system(world.one.id)) as session:
            contact, _ = sight_of(session, world.registry, world.one.people["whole"])
        with open_session(world.engine, contact) as session:
            assert sees(session, INVOICE, "total", "number")
            assert not sees(session, INVOICE, "total", "due")


def page(world: World, path: str, **params: str) -> TestResponse:
    """A page of a member of a whole account."""
    answer: TestResponse = world.contact("whole").get(path, query_string=params)
    return answer


def test_a_hidden_field_is_gone_with_the_next_request_and_comes_back(world: World) -> None:
    record = f"{LIST}{world.one.invoices['alpha']}"
    answer = page(world, record)
    before, words_before = answer.text, words(answer)
    assert REFERENCE in before
    assert links(page(world, LIST, q="one alpha"))
    with flagged(world, hidden("reference")):
        assert REFERENCE not in page(world, record).text
        assert "Your reference" not in page(world, record).text
        assert links(page(world, LIST, q="one alpha")) == []
    assert words(page(world, record)) == words_before


def test_of_another_tenant_nothing_is_hidden(world: World) -> None:
    with flagged(world, hidden("reference"), "two"):
        assert REFERENCE in page(world, f"{LIST}{world.one.invoices['alpha']}").text


def test_a_list_whose_number_is_hidden_opens_by_another_column(world: World) -> None:
    made = world.one.invoices
    record_id = next(
        r
        for name, r in made.items()
        if name in ("whole_at_a1", "two_accounts_at_beta", "a1", "a2") and r not in world.one.files.values()
    )
    number = f"F-{1 + list(made.values()).index(record_id):03}"
    opened = links(page(world, LIST))
    assert number in page(world, f"{LIST}{record_id}").text
    with flagged(world, hidden("number")):
        listed, record = page(world, LIST), page(world, f"{LIST}{record_id}")
        assert links(listed) == opened
        for answer in (listed, record):
            assert number not in answer.text
        assert f"Invoice {record_id}" in words(record)


def test_a_hidden_status_and_date_are_no_error(world: World) -> None:
    with flagged(world, hidden("status", "issued_on", "total", "due", "account_id", "kind")):
        assert len(links(page(world, LIST))) > 3
        assert page(world, f"{LIST}{world.one.invoices['alpha']}").status_code == 200
    every = hidden(*(field.name for field in INVOICE.fields))
    with flagged(world, every):
        assert page(world, LIST).status_code == 200
        assert page(world, f"{LIST}{world.one.invoices['alpha']}").status_code == 200
        assert page(world, "/portal/").status_code == 200


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("total", "sort={}"),
        ("issued_on", "sort=-{}"),
        ("issued_on", "{}_from=2026-01-01"),
        ("status", "{}=paid"),
    ],
)
def test_a_field_that_staff_hide_answers_as_one_that_never_was(world: World, name: str, params: str) -> None:
    browser = world.contact("whole")
    asked, nonsense = params.format(name), params.format("nonsense")
    browser.get(LIST)
    assert browser.get(f"{LIST}?{asked}").status_code == 200
    with flagged(world, hidden(name)):
        answer, expected = browser.get(f"{LIST}?{asked}"), browser.get(f"{LIST}?{nonsense}")
        assert (answer.status_code, constant(answer.data)) == (400, constant(expected.data))
        assert world.staff().get(f"/staff/records/invoices/?{asked}").status_code == 200


def test_a_list_without_a_field_to_search_by_has_no_search(world: World) -> None:
    with flagged(world, hidden("number", "reference", "note")):
        assert page(world, LIST, q="alpha").status_code == 400
        assert 'name="q"' not in page(world, LIST).text.partition("<main")[2]


def test_a_field_that_is_shown_can_be_read(world: World) -> None:
    record = f"{LIST}{world.one.invoices['alpha']}"
    with world.writing() as session:
        session.get(INVOICE.model, world.one.invoices["alpha"]).reason = "a mistake of ours"
    assert "a mistake of ours" not in page(world, record).text
    with flagged(world, FieldFlags((("reason", Flags(seen=True)),))):
        assert "a mistake of ours" in page(world, record).text


def test_explain_names_who_decided(world: World) -> None:
    with flagged(world, hidden("total")), open_session(world.engine, system(world.one.id)) as session:
        contact = session.get(Contact, world.one.people["whole"])
        assert contact is not None
        record_id = world.one.invoices["alpha"]
        said = explain(session, world.registry, contact, "invoices", "invoice", record_id, "total")
        assert not said.seen
        assert said.rules[-1] == (
            False,
            "the field total: the module invoices declares it shown, the company has set it hidden",
        )
        assert field_flags(world.registry, read_switches(session))["invoices.invoice"].of("total").seen is False
        other = explain(session, world.registry, contact, "invoices", "invoice", record_id, "due")
        assert other.rules[-1] == (True, "the field due: the module invoices declares it shown")


def test_explain_calls_nothing_shown_that_is_internal() -> None:
    said, shown = Explanation(), FieldFlags((("next_title", Flags(seen=True)),))
    _told(said, ARTICLE, "next_title", Sight(Viewer(Kind.CONTACT, 1, 1), fields={full_name(ARTICLE): shown}))
    assert said.rules == [(False, "the field next_title is internal: no client ever sees it")]


def test_reach_says_nothing_of_fields() -> None:
    assert effective(INVOICE, Sight(Viewer(Kind.CONTACT, 1, 1), Reach(True))) == effective(INVOICE, sight(NO_FLAGS))


def test_a_label_that_was_typed_is_text_on_every_page(world: World) -> None:
    record = f"{LIST}{world.one.invoices['alpha']}"
    typed = Flags(labels=(("en", "<b>Sum</b>"),))
    with flagged(world, FieldFlags((("total", typed), ("lines", typed), ("lines.total", typed)))):
        for answer in (page(world, record), page(world, LIST), world.staff().get("/staff/records/invoices/")):
            assert "&lt;b&gt;Sum&lt;/b&gt;" in answer.text
            assert "<b>Sum" not in answer.text


def test_an_expression_that_asks_for_its_reader_is_refused() -> None:
    def of_today(invoice: Any) -> Any:
        return invoice.due_on < today()

    def in_words(invoice: Any) -> Any:
        return literal(gettext("Yes"))

    for asks in (of_today, in_words):
        with pytest.raises(NotForAll):
            sql_of(asks, Invoice)
    assert sql_of(lambda invoice: invoice.due_on < current_day(), Invoice) is not None
