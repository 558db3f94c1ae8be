"""A client adds colleagues to a record by their e-mail address, and removes those whom they added; staff add anybody.
Nobody learns of people who are no colleagues of theirs."""

import re

from werkzeug.test import TestResponse

from core.crm.models import Contact
from tests.petitions import add
from tests.petitions.acting import post
from tests.petitions.fixtures import petitions, world
from tests.staff.reading import words
from tests.visibility import changes
from tests.visibility.test_links import NONSENSE
from tests.worlds.world import World

__all__ = ["petitions", "world"]
LIST, OFFICE = "/portal/petitions/", "/staff/records/petitions/"
_GRANT = re.compile(r'name="grant" value="(\d+)"')
_SAYS_NOTHING = "We know no colleague of yours with this address."


def page(record_id: int) -> str:
    """Where colleagues are added."""
    return f"{LIST}{record_id}/colleagues"


def ask(world: World, kind: str, record_id: int, email: str) -> TestResponse:
    """Add whoever has this address."""
    return post(world.contact(kind), page(record_id), {"email": email})


def opens(world: World, kind: str, record_id: int) -> bool:
    """Whether the contact can open the record."""
    return world.contact(kind).get(f"{LIST}{record_id}").status_code == 200


def test_a_colleague_is_added_by_address_and_removed_again(world: World) -> None:
    record_id = add(world, "alpha")
    world_page = world.contact("whole").get(f"{LIST}{record_id}").text
    assert "Shared with" in world_page
    assert page(record_id) in world_page
    assert not opens(world, "site", record_id)
    assert ask(world, "whole", record_id, " Site@Example.COM ").status_code == 303
    assert opens(world, "site", record_id)
    shown = words(world.contact("whole").get(f"{LIST}{record_id}"))
    assert "site one" in shown
    assert "Added by whole one" in shown
    form = words(world.contact("whole").get(page(record_id)))
    assert "site one" in form
    grant_id = _GRANT.findall(world.contact("whole").get(page(record_id)).text)[0]
    # who did not add them cannot remove them, nor can who does not see the record
    assert _GRANT.findall(world.contact("two_accounts").get(page(record_id)).text) == []
    for kind in ("two_accounts", "site", "nobodys"):
        sent = post(world.contact(kind), page(record_id), {"do": "remove", "grant": grant_id})
        assert sent.status_code == 404
    assert opens(world, "site", record_id)
    assert post(world.contact("whole"), page(record_id), {"do": "remove", "grant": grant_id}).status_code == 303
    assert not opens(world, "site", record_id)


def test_whoever_is_no_colleague_gets_one_answer(world: World) -> None:
    record_id, answers = add(world, "alpha"), set()
    wrong = ("nobody@nowhere.example", "outsider@example.com", "nobodys@example.com", "child@example.com", "nonsense")
    for email in (*wrong, "whole@example.com"):  # or themselves
        got = ask(world, "whole", record_id, email)
        assert got.status_code == 422
        answers.add(re.sub(r'value="[^"]*"', "", got.text))
    assert len(answers) == 1
    assert _SAYS_NOTHING in words(got)
    assert "Enter your colleague" in words(ask(world, "whole", record_id, ""))
    assert "Nobody was added" in words(world.contact("whole").get(page(record_id)))


def test_members_of_an_account_above_are_colleagues_with_subsidiaries_alone(world: World) -> None:
    record_id = add(world, "north")
    assert ask(world, "child", record_id, "family@example.com").status_code == 303
    assert ask(world, "child", record_id, "whole@example.com").status_code == 422


def test_a_shared_address_adds_nobody(world: World) -> None:
    record_id = add(world, "alpha")
    with world.writing() as session:
        for kind in ("site", "two_accounts"):
            contact = session.get(Contact, world.one.people[kind])
            assert contact is not None
            contact.email_key = "office@example.com"
    assert ask(world, "whole", record_id, "office@example.com").status_code == 422


def test_who_was_added_from_elsewhere_learns_nothing_of_the_account(world: World) -> None:
    record_id = add(world, "gamma", subject="Gamma's")
    browser = world.contact("whole")
    missing = browser.get(page(int(NONSENSE)))
    assert missing.status_code == 404
    assert browser.get(page(record_id)).data == missing.data
    assert (
        ask(world, "whole", record_id, "nobodys@example.com").data == ask(world, "whole", int(NONSENSE), "x@y.z").data
    )
    sent = post(world.staff(), f"{OFFICE}{record_id}/sharing", {"contact": str(world.one.people["whole"])})
    assert sent.status_code == 303
    shown = browser.get(page(record_id))
    assert shown.status_code == 200
    assert 'name="email"' not in shown.text
    assert page(record_id) not in browser.get(f"{LIST}{record_id}").text
    assert ask(world, "whole", record_id, "two_accounts@example.com").status_code == 404


def test_tries_are_limited(world: World) -> None:
    record_id = add(world, "alpha")
    for number in range(20):
        assert _SAYS_NOTHING in words(ask(world, "whole", record_id, f"{number}@nowhere.example"))
    last = ask(world, "whole", record_id, "site@example.com")
    assert last.status_code == 422
    assert "wait a quarter of an hour" in words(last)
    assert not opens(world, "site", record_id)
    assert ask(world, "two_accounts", record_id, "site@example.com").status_code == 303


def test_staff_add_and_remove_anybody(world: World) -> None:
    made, record_id, staff = world.one, add(world, "gamma"), world.staff()
    here = f"{OFFICE}{record_id}/sharing"
    assert here in staff.get(f"{OFFICE}{record_id}").text
    assert "child one" in words(staff.get(f"{here}?q=child"))
    assert "Beta" in words(staff.get(f"{here}?who=account"))
    assert staff.get(f"{here}?who=staff").status_code == 404
    assert post(staff, here, {"contact": str(made.people["child"])}).status_code == 303
    assert post(staff, here, {"account": str(made.accounts["beta"])}).status_code == 303
    assert opens(world, "child", record_id)
    assert opens(world, "mixed", record_id)
    grant_ids = _GRANT.findall(staff.get(here).text)
    assert len(grant_ids) == 2
    for grant_id in grant_ids:
        assert post(staff, here, {"do": "remove", "grant": grant_id}).status_code == 303
    assert not opens(world, "child", record_id)
    assert not opens(world, "mixed", record_id)
    for wrong in (
        {"contact": str(world.two.people["child"])},
        {"account": NONSENSE},
        {},
        {"do": "remove", "grant": "1"},
    ):
        assert post(staff, here, wrong).status_code == 404
    foreign = add(world, "alpha", "two")
    assert staff.get(f"{OFFICE}{foreign}/sharing").status_code == 404


def test_records_that_cannot_be_granted_have_no_such_page(world: World) -> None:
    invoice = world.one.invoices["alpha"]
    assert "Shared with" not in world.contact("whole").get(f"/portal/invoices/{invoice}").text
    assert world.contact("whole").get(f"/portal/invoices/{invoice}/colleagues").status_code == 404
    assert world.staff().get(f"/staff/records/invoices/{invoice}/sharing").status_code == 404


def test_a_closed_module_answers_as_it_does_everywhere(world: World) -> None:
    record_id = add(world, "alpha")
    changes.switch(world, world.one, "petitions", "contact", world.one.people["whole"], False)
    browser = world.contact("whole")
    assert browser.get(page(record_id)).data == browser.get("/portal/nonsense/").data
    assert ask(world, "whole", record_id, "site@example.com").status_code == 404


def test_under_scope_contact_a_colleague_sees_what_they_were_added_to(world: World) -> None:
    record_id = add(world, "alpha", contact_id=world.one.people["whole"])
    changes.scope_of(world, world.one, "petitions", "contact")
    assert not opens(world, "two_accounts", record_id)
    assert ask(world, "whole", record_id, "two_accounts@example.com").status_code == 303
    assert opens(world, "two_accounts", record_id)
