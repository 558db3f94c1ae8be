"""A category that is for some clients keeps its articles for them, wherever an article may be met; staff are told where
they write one for others."""

import pytest
from sqlalchemy import select

from core.modules.events import ImportFinished, send
from plugins.knowledge_base.audiences import narrowed
from plugins.knowledge_base.models import Category
from tests.petitions.acting import send as send_form
from tests.plugins.knowledge_base.conftest import HOME, LIST, OFFICE, WRITE, add, read, segment
from tests.staff.reading import words
from tests.visibility.changes import switch
from tests.worlds.world import World

EXITS = (HOME, LIST, f"{LIST}export.csv", "/portal/search?q=osmium", "/api/v1/knowledge_base/article/", "/portal/")


@pytest.mark.parametrize(
    ("audience", "by", "is_left"),
    [
        ("all", "all", "all"), ("3 7", "all", "3 7"), ("all", "3 7", "3 7"), ("3 7", "7 10", "7"), ("3", "7", ""),
        ("10 7 3", "3 10", "3 10"), ("", "3", ""), ("all", "", ""), ("3", "", ""), ("3 7", "3 7", "3 7"),
    ],
)  # fmt: skip
def test_an_audience_is_narrowed_by_another(audience: str, by: str, is_left: str) -> None:
    assert narrowed(audience, by) == is_left


def category_of(world: World, title: str) -> int:
    """The id of the category of that title."""
    with world.writing() as session:
        return session.scalars(select(Category.id).where(Category.title == title)).one()


def sees(world: World, kind: str, article_id: int, title: str) -> set[bool]:
    """Whether somebody meets an article, on each exit of it."""
    browser = world.contact(kind)
    there = [title in words(browser.get(url)) or title in browser.get(url).text for url in EXITS]
    return {browser.get(f"{HOME}{article_id}").status_code == 200, *there}


def test_a_category_that_is_restricted_keeps_its_articles(library: World) -> None:
    article = add(library, "Osmium is heavy", "Osmium.", "Dense metals")
    category, alone = category_of(library, "Dense metals"), segment(library, "alpha")
    title = "Osmium is heavy"
    assert sees(library, "whole", article, title) == sees(library, "child", article, title) == {True}
    staff, office = library.staff(), f"{OFFICE}category/{category}/do/edit"
    assert send_form(staff, office, {"f_title": "Dense metals", "f_audience": [alone]}).status_code == 303
    assert sees(library, "whole", article, title) == {True}
    assert sees(library, "child", article, title) == {False}
    typed = {"f_next_title": "Iridium", "f_next_body": "x", "f_language": "en", "f_category_id": str(category)}
    refused = send_form(staff, WRITE, {**typed, "f_audience": ["all"]})
    assert refused.status_code == 422
    assert "The category “Dense metals” is for fewer clients" in words(refused)
    assert "Iridium" in refused.text
    assert send_form(staff, WRITE, {**typed, "f_audience": [alone]}).status_code == 303


def test_what_is_imported_into_it_is_for_nobody_else(library: World) -> None:
    alone = segment(library, "beta")
    first = add(library, "Ruthenium", "x", "Rare metals", audience=alone)
    category = category_of(library, "Rare metals")
    with library.writing() as session:
        session.get_one(Category, category).audience = alone
    brought = add(library, "Rhodium", "x", "Rare metals")
    with library.writing() as session:
        send(session, ImportFinished("kb", ()))
    assert (read(library, brought).audience, read(library, first).audience) == (alone, alone)
    switch(library, library.one, "knowledge_base", "tenant", library.one.id, False)
    later = add(library, "Rhenium", "x", "Rare metals")
    with library.writing() as session:
        send(session, ImportFinished("kb", ()))
    switch(library, library.one, "knowledge_base", "tenant", library.one.id, True)
    assert read(library, later).audience == alone


def test_a_category_in_all_languages_stays_so_when_it_is_edited(library: World) -> None:
    add(library, "Tungsten", "x", "All metals")
    category, staff = category_of(library, "All metals"), library.staff()
    form = f"{OFFICE}category/{category}/do/edit"
    for typed, kept in (({"f_position": "3"}, ""), ({"f_language": "es"}, "es"), ({"f_language": ""}, "")):
        assert send_form(staff, form, {"f_audience": ["all"], **typed}).status_code == 303
        with library.writing() as session:
            assert session.get_one(Category, category).language == kept
