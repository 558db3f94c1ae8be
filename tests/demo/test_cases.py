"""The demonstration's cases: believable ones in every state, each with what follows from what was said on it."""

from collections import Counter

import pytest
from PIL import Image
from sqlalchemy import select

from core.conversations.models import DONE, CannedReply, Message
from core.files.models import File
from core.files.storage import Store
from plugins.cases.demo.plan import PLANS
from plugins.cases.models import CLOSED, IN_PROGRESS, OPEN, WAITING, Case
from tests.demo.test_load import Loaded, loaded

__all__ = ["loaded"]


def test_there_are_cases_in_every_state_with_all_that_a_case_may_have(loaded: Loaded) -> None:
    cases = loaded.values(select(Case))
    assert len(cases) == len(PLANS) == 25
    assert set(Counter(c.state for c in cases)) == {OPEN, IN_PROGRESS, WAITING, CLOSED}
    assert all((c.closed_at is not None) == (c.state == CLOSED) for c in cases)
    assert len({c.number for c in cases}) == len(cases)
    assert all(c.opened_at <= c.active_at for c in cases)
    messages = loaded.values(select(Message))
    assert {m.published for m in messages} == {True, False}
    assert any(m.kind == DONE for m in messages)
    assert len(loaded.values(select(CannedReply))) == 3


def test_what_is_said_is_in_the_order_of_its_days(loaded: Loaded) -> None:
    days: dict[int, list[object]] = {}
    for message in loaded.values(select(Message).order_by(Message.id)):
        days.setdefault(message.parent_id, []).append(message.created_at)
    assert all(found == sorted(found) for found in days.values())  # type: ignore[type-var]


def test_a_photograph_and_a_paper_are_what_they_say(loaded: Loaded) -> None:
    store = Store(loaded.settings.home / "files")
    files = {f.name: store.get(f.key) for f in loaded.values(select(File).where(File.message_id.is_not(None)))}
    assert {name.rpartition(".")[2] for name in files} == {"jpg", "pdf"}
    assert files["certificado-revision.pdf"].startswith(b"%PDF-")
    photo = loaded.settings.home / "photo.jpg"
    photo.write_bytes(files["pantalla-central.jpg"])
    with Image.open(photo) as image:
        assert (image.format, image.width > 500) == ("JPEG", True)


@pytest.mark.parametrize(
    ("email", "sees"),
    [
        ("marta.ferrandis@miralbahia.example", 7),
        ("lucia.marco@trasvia.example", 1),
        ("laura.quiles@correo.example", 2),
    ],
)
def test_each_client_has_some_and_none_of_the_notes(loaded: Loaded, email: str, sees: int) -> None:
    assert len(loaded.values(select(Case), email)) == sees
    assert all(m.published for m in loaded.values(select(Message), email))
