"""An article's life: a draft, editions that readers have while staff write the next, revisions, the archive."""

import re

from plugins.knowledge_base.models import Category
from tests.petitions.acting import post, send
from tests.plugins.knowledge_base.conftest import HOME, LIST, OFFICE, WRITE, read
from tests.staff.reading import words
from tests.worlds.world import World


def test_readers_have_the_published_edition_while_staff_write_the_next(library: World) -> None:
    staff, client = library.staff(), library.contact("whole")
    typed = {"f_next_title": "First aid", "f_next_body": "Old words.", "f_language": "en", "f_audience": ["all"]}
    answer = send(staff, WRITE, typed)
    assert answer.status_code == 303, words(answer)
    article_id = int(answer.location.rpartition("/")[2])
    page, office = f"{HOME}{article_id}", f"{OFFICE}article/{article_id}"
    assert client.get(page).status_code == 404
    assert "First aid" not in words(client.get(LIST))
    assert send(staff, f"{office}/do/publish", {}).status_code == 303
    assert "Old words." in words(client.get(page))
    assert send(staff, f"{office}/do/edit", {"f_next_title": "Aid", "f_next_body": "New words."}).status_code == 303
    for url in (
        page,
        LIST,
        HOME,
        f"{LIST}?q=New",
        f"/api/v1/knowledge_base/article/{article_id}",
        "/portal/search?q=New",
    ):
        text = client.get(url).text
        assert "New words" not in text, url
        assert "next_" not in text, url
    told = words(staff.get(office))
    assert "Old words." in told
    assert "New: New words." in told
    assert send(staff, f"{office}/do/publish", {}).status_code == 303
    assert "New words." in words(client.get(page))
    article = read(library, article_id)
    assert [(r.number, r.title, r.body) for r in article.revisions] == [
        (1, "First aid", "Old words."),
        (2, "Aid", "New words."),
    ]
    assert article.edition == 2


def test_staff_choose_a_category_which_says_its_language_where_it_is_not_theirs(library: World) -> None:
    with library.writing() as session:
        for title, code in (("Facturas", "es"), ("Bills", "en"), ("Zones of all", "")):
            session.add(Category(title=title, language=code))
    wanted = {
        "en": ["Bills", "Zones of all", "Facturas (Español)"],
        "es": ["Facturas", "Zones of all", "Bills (English)"],
    }
    for code, titles in wanted.items():
        page = library.staff().get(WRITE, headers={"Accept-Language": code}).text
        offered = re.findall(r"<option[^>]*>([^<]+)</option>", page)
        assert [each for each in offered if each.startswith(("Facturas", "Bills", "Zones of all"))] == titles


def test_a_revision_is_brought_back_and_an_article_archived(library: World) -> None:
    staff, client = library.staff(), library.contact("whole")
    answer = send(
        staff, WRITE, {"f_next_title": "Keys", "f_next_body": "One.", "f_language": "en", "f_audience": ["all"]}
    )
    article_id = int(answer.location.rpartition("/")[2])
    office, page = f"{OFFICE}article/{article_id}", f"{HOME}{article_id}"
    second = send(staff, WRITE, {"f_next_title": "Keys again", "f_language": "en", "f_audience": ["all"]}).location
    assert send(staff, f"{second}/do/discard", {}).status_code == 303, "a draft that nobody has read"
    assert staff.get(second).status_code == 404
    send(staff, f"{office}/do/publish", {})
    assert "do/discard" not in staff.get(office).text
    send(staff, f"{office}/do/edit", {"f_next_body": "Two."})
    send(staff, f"{office}/do/publish", {})
    first = re.search(rf"{OFFICE}revision/\d+", staff.get(office).text)
    assert first
    assert f'<a href="{OFFICE}article/" aria-current="page">' in staff.get(first[0]).text, "where its article stands"
    assert send(staff, f"{first[0]}/do/restore", {}).status_code == 303
    assert "Two." in words(client.get(page))
    send(staff, f"{office}/do/publish", {})
    assert "One." in words(client.get(page))
    assert [r.body for r in read(library, article_id).revisions] == ["One.", "Two.", "One."]
    assert client.get(first[0].replace(OFFICE, HOME)).status_code == 404
    assert send(staff, f"{office}/do/archive", {}).status_code == 303
    assert client.get(page).status_code == 404
    assert post(client, f"{page}/do/edit", {"f_next_title": "Mine"}).status_code == 404
    assert send(staff, f"{office}/do/publish", {}).status_code == 303
    assert "One." in words(client.get(page))
