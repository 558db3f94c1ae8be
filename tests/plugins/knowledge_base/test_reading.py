"""What readers find: what is meant for them on every exit, in their language, and what they say of it."""

from urllib.parse import quote

from sqlalchemy import select

from core.db.session import open_session
from core.db.viewer import system
from plugins.knowledge_base.models import Article, Category, Feedback
from tests.petitions.acting import post
from tests.petitions.reading import shown
from tests.plugins.knowledge_base.conftest import HOME, LIST, add, read, segment
from tests.staff.reading import words
from tests.visibility.changes import switch
from tests.worlds.world import World

NEW = "/portal/cases/case/do/open"


def test_a_restricted_article_appears_nowhere_else(library: World) -> None:
    key = "secrets/valves.md"
    title = "Zirconium valves"
    meant = add(library, title, "How zirconium behaves.", "Metals", key=key, audience=segment(library, "alpha"))
    body = f"See [the other one](article:{key}#top), <article:{key}>, [it][its] and [me](article:iron.md).\n\n"
    other = add(library, "Iron", f"{body}[its]: article:{key}", "Metals", key="iron.md")
    theirs, strangers = library.contact("whole"), library.contact("child")
    nothing = strangers.get(f"{HOME}987654").data
    page = theirs.get(f"{HOME}{other}").text
    assert f'href="{HOME}{meant}#top"' in page
    assert words(theirs.get(HOME)).count("2 articles") == 1
    for url in (f"{HOME}{meant}", f"/api/v1/knowledge_base/article/{meant}"):
        assert theirs.get(url).status_code == 200, url
        assert strangers.get(url).status_code == 404, url
    assert strangers.get(f"{HOME}{meant}").data == nothing
    category = read(library, meant).category_id
    exits = [HOME, LIST, f"{LIST}?q=zirconium", f"{LIST}export.csv", f"{HOME}{category}", f"{HOME}{other}", "/portal/"]
    exits += ["/api/v1/knowledge_base/article/", "/portal/search?q=zirconium", f"{NEW}/answers?text=zirconium valves"]
    program = f"/api/v1/knowledge_base/article/{other}"
    beside = [f"{HOME}{other}", program, "/api/v1/search?q=other", "/portal/search?q=see"]
    for url in (*exits, *beside):
        mine, text = words(theirs.get(url)), words(strangers.get(url)) + strangers.get(url).text
        assert title.lower() in mine.lower() or url in beside, url
        assert [told for told in (title.lower(), f"{HOME}{meant}", key) if told in text.lower()] == [], url
    told = strangers.get(program).json["fields"]["body"]
    assert told.strip() == "See the other one, , it and [me](article:iron.md)."
    assert library.staff().get(program).json["fields"]["body"] == theirs.get(program).json["fields"]["body"]
    assert key in theirs.get(program).text
    page = strangers.get(f"{HOME}{other}").text
    assert "See the other one" in words(strangers.get(f"{HOME}{other}"))
    assert f'href="{HOME}{other}"' in page  # it leads to itself
    assert words(strangers.get(HOME)).count("1 article") == 1
    assert post(strangers, f"{HOME}{meant}/helped", {"helped": "yes"}).status_code == 404


def test_who_guesses_where_a_link_leads_finds_nothing_by_it(library: World) -> None:
    key = "payroll/plan.md"
    text = f"[what they *bought*](article:{key} 'A hoist'), <article:{key}> [it][its] ![a [crane](x:{key})](y:{key})"
    other = add(library, "Copper", f"{text}.\n\n[its]: article:{key}", "Metals")
    program = "/api/v1/knowledge_base/article/"
    searches = (f"{LIST}?q=", f"{program}?q=", f"{LIST}export.csv?q=", "/portal/search?q=", "/api/v1/search?q=")
    for reader in (library.contact("child"), library.contact("whole")):
        for url in searches:
            for guess in ("payroll", key, "plan.md", "article payroll", "hoist", "%", "y:"):
                assert "Copper" not in reader.get(f"{url}{quote(guess)}").text, (url, guess)
            for told in ("bought", "BÓUGHT", "copper bou", "they crane", "what they bought,"):
                assert "Copper" in reader.get(f"{url}{quote(told)}").text, (url, told)
    with library.writing() as session:
        session.get_one(Article, other).body = "Tin alone"
    assert "Copper" not in library.contact("child").get(f"{LIST}?q=bought").text
    assert "Copper" in library.contact("child").get(f"{LIST}?q=tin").text


def test_a_page_says_that_it_is_not_in_the_readers_language(library: World) -> None:
    client = library.contact("whole")
    add(library, "Solo en español", "Texto.", "Idiomas", key="pair.md", language="es")
    english = add(library, "In English too", "Text.", "Idiomas", key="pair.md")
    alone = add(library, "Nur auf Spanisch", "Texto.", "Idiomas", key="alone.md", language="es")
    foreign, own = client.get(f"{HOME}{alone}"), client.get(f"{HOME}{english}")
    assert "This article is not available in English." in words(foreign)
    assert '<h1 lang="es">' in foreign.text
    assert '<section class="surface box prose" lang="es"' in foreign.text
    assert "not available" not in words(own)
    assert "<h1>" in own.text
    assert '<section class="surface box prose" aria-label' in own.text
    listed = words(client.get(f"{HOME}{read(library, alone).category_id}"))
    assert "Nur auf Spanisch" in listed
    assert "In English too" in listed
    assert "Solo en español" not in listed
    with library.writing() as session:
        session.add(theirs := Category(title="Vecinos", language="es"))
        session.flush()
        session.get_one(Article, alone).category_id = theirs.id
    assert 'Vecinos</a></p><p class="quiet">1 article · Español' in client.get(HOME).text
    assert 'lang="es">Vecinos' in client.get(HOME).text


def test_a_list_of_what_is_for_everybody_asks_for_no_place(library: World) -> None:
    client = library.contact("two_accounts")
    assert 'name="account"' in client.get("/portal/invoices/").text
    assert 'name="account"' not in client.get(LIST).text


def test_readers_say_whether_it_helped_and_may_change_it(library: World) -> None:
    article_id = add(library, "Fuses", "Change them.")
    url, client = f"{HOME}{article_id}/helped", library.contact("whole")
    assert post(client, url, {"helped": "maybe"}).status_code == 303
    assert read(library, article_id).helped == 0
    assert post(client, url, {"helped": "yes"}).status_code == 303
    assert post(library.contact("family"), url, {"helped": "no", "reason": "Which ones?\x00"}).status_code == 303
    assert (read(library, article_id).helped, read(library, article_id).not_helped) == (1, 1)
    assert post(client, url, {"helped": "no", "reason": "x" * 5000}).status_code == 303
    assert (read(library, article_id).helped, read(library, article_id).not_helped) == (0, 2)
    with open_session(library.engine, system(library.one.id)) as session:
        said = session.scalars(select(Feedback).where(Feedback.article_id == article_id).order_by(Feedback.id)).all()
        assert [(each.helped, len(each.reason)) for each in said] == [(False, 2000), (False, 11)]
    assert "You have said no." in words(client.get(f"{HOME}{article_id}"))
    assert "Which ones?" not in client.get(f"{HOME}{article_id}").text
    told = words(library.staff().get(f"/staff/records/knowledge_base/article/{article_id}"))
    assert "Yes: 0. No: 2." in told
    assert "Which ones?" in told


def test_a_new_case_is_answered_before_it_is_sent_and_nothing_typed_is_lost(library: World) -> None:
    article_id = add(library, "Sprinklers that drip", "Close the main valve of the sprinklers.")
    client = library.contact("whole")
    typed = {"f_subject": "", "f_description": "Our sprinklers are dripping since Monday", "look": "1"}
    asked = post(client, NEW, {**shown(client.get(NEW).text), **typed})
    assert asked.status_code == 200
    assert f'href="{HOME}{article_id}" target="_blank"' in asked.text
    assert "Our sprinklers are dripping since Monday" in asked.text
    assert "Fill in" not in words(asked)  # it was not sent to be opened
    nothing = post(client, NEW, {**shown(client.get(NEW).text), "f_description": "qqqq wwww", "look": "1"})
    assert "We have found nothing" in words(nothing)
    assert client.get(f"{NEW}/answers?text={'sprinklers ' * 900}").status_code == 200
    assert client.get("/portal/cases/case/do/close/answers?text=x").status_code == 404
    switch(library, library.one, "knowledge_base", "tenant", library.one.id, False)
    assert "Look for answers" not in client.get(NEW).text
    assert post(client, NEW, {**shown(client.get(NEW).text), **typed}).status_code == 200
    switch(library, library.one, "knowledge_base", "tenant", library.one.id, True)


def test_a_search_puts_other_languages_behind_and_says_which(library: World) -> None:
    add(library, "Tantalum valves", "Text.", language="en")
    add(library, "Tantalum in Spanish", "Texto.", language="es")
    for code, titles in {
        "en": ["Tantalum valves", "Article", "Tantalum in Spanish", "Article (Spanish)"],
        "es": ["Tantalum in Spanish", "Artículo", "Tantalum valves", "Artículo (Inglés)"],
    }.items():
        page = library.contact("whole").get("/portal/search?q=tantalum", headers={"Accept-Language": code})
        places = [words(page).find(text) for text in titles]
        assert -1 not in places, titles
        assert places == sorted(places)
