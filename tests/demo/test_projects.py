"""The demonstration's projects: believable ones, with what is internal among what clients see."""

import pytest
from sqlalchemy import select

from core.i18n import today_in
from plugins.projects import domain
from plugins.projects.demo.plan import PLANS
from plugins.projects.models import ACTIVE, DONE, DRAFT, PLANNED, Milestone, Project, Task
from tests.demo.test_load import Loaded, loaded

__all__ = ["loaded"]


def test_there_are_projects_in_every_state_that_a_newcomer_should_see(loaded: Loaded) -> None:
    found, today = loaded.values(select(Project)), today_in("Europe/Madrid")
    assert len(found) == len(PLANS) == len({p.number for p in found})
    assert {p.status for p in found} == {DRAFT, PLANNED, ACTIVE, DONE}
    told = set(loaded.values(select(domain.milestone_status(Milestone, today))))
    assert told == {domain.REACHED, domain.DUE, domain.LATE}
    tasks = loaded.values(select(Task))
    assert {t.published for t in tasks} == {True, False}
    assert any(t.within_id for t in tasks)
    assert any(t.starts_on is None for t in tasks)
    assert all(t.starts_on <= t.ends_on for t in tasks if t.starts_on)
    assert all(t.progress == 0 for t in tasks if t.starts_on and t.starts_on > today)


@pytest.mark.parametrize(
    ("email", "sees"),
    [("marta.ferrandis@miralbahia.example", 1), ("lucia.marco@trasvia.example", 1),
     ("emily@seabramble.example", 1), ("presidencia@girasolar.example", 0)],
)  # fmt: skip
def test_each_client_has_theirs_and_nothing_internal(loaded: Loaded, email: str, sees: int) -> None:
    assert len(loaded.values(select(Project), email)) == sees
    assert all(t.published for t in loaded.values(select(Task), email))
    assert all(m.published for m in loaded.values(select(Milestone), email))
