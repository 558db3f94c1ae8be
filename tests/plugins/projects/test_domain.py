"""How far projects are, what may be done to them, and that drafts and what is internal are the staff's alone."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from core.api import Misfit
from core.db.session import open_session
from core.db.viewer import system
from core.i18n import today
from plugins.projects import domain
from plugins.projects.models import (
    ACTIVE,
    CANCELLED,
    DONE,
    DRAFT,
    ON_HOLD,
    PLANNED,
    Milestone,
    Project,
    Task,
)
from tests.plugins.projects.conftest import add, read
from tests.worlds.world import World

_CONDITIONS = {
    "plan": domain.is_draft,
    "start": domain.can_start,
    "finish": domain.is_open,
    "hold": domain.is_active,
    "reopen": domain.is_over,
    "cancel": domain.is_open,
}


def of_project(world: World, expression: Any, project_id: int) -> Any:
    """What an expression says of a project."""
    with open_session(world.engine, system(world.one.id)) as session:
        return session.scalar(select(expression).where(Project.id == project_id))


@pytest.mark.parametrize(
    ("tasks", "stated", "comes_to"),
    [
        ([], None, None),
        ([(0, None), (25, None), (100, None)], None, 42),
        ([(0, 10), (50, 30)], None, 38),
        ([(0, 0), (50, 0)], None, 25),
        ([(100, None), (50, 30)], None, 50),  # where hours are planned, they alone count
        ([(10, None)], 75, 75),
        ([(10, None)], 0, 0),
    ],
)
def test_progress_is_what_the_tasks_come_to_unless_it_is_stated(
    projects: World, tasks: list[tuple[int, int | None]], stated: int | None, comes_to: int | None
) -> None:
    made = [{"title": "x", "progress": progress, "planned_hours": hours} for progress, hours in tasks]
    record_id = add(projects, tasks=made, stated_progress=stated)
    assert of_project(projects, domain.progress(Project), record_id) == comes_to


def test_internal_tasks_count_for_nobody_and_a_task_with_steps_by_them(projects: World) -> None:
    """So that staff read the figure that the client reads."""
    record_id = add(projects, tasks=[{"progress": 40}, {"progress": 100, "published": False}])
    assert of_project(projects, domain.progress(Project), record_id) == 40
    with projects.writing() as session:
        whole = session.scalars(select(Task).where(Task.parent_id == record_id, Task.published)).one()
        session.add(Task(parent_id=record_id, within_id=whole.id, progress=0, published=False))
        session.flush()
        assert session.scalar(select(domain.progress(Project)).where(Project.id == record_id)) == 40
        session.add_all(Task(parent_id=record_id, within_id=whole.id, progress=each) for each in (60, 100))
    assert of_project(projects, domain.progress(Project), record_id) == 80


def test_a_milestone_is_reached_due_or_late(projects: World) -> None:
    day = date(2026, 3, 15)
    rows: list[dict[str, Any]] = [
        {"due_on": day - timedelta(1), "reached_on": day},
        {"due_on": day - timedelta(1)},
        {"due_on": day},
        {"due_on": None},
    ]
    record_id = add(projects, milestones=rows)
    with open_session(projects.engine, system(projects.one.id)) as session:
        found = session.scalars(
            select(domain.milestone_status(Milestone, day))
            .where(Milestone.parent_id == record_id)
            .order_by(Milestone.id)
        ).all()
    assert list(found) == [domain.REACHED, domain.LATE, domain.DUE, domain.DUE]


def test_what_may_be_done_follows_from_the_status(projects: World) -> None:
    offered = {
        status: {name for name, when in _CONDITIONS.items() if of_project(projects, when(Project), record_id)}
        for status in (DRAFT, PLANNED, ACTIVE, ON_HOLD, DONE, CANCELLED)
        for record_id in [add(projects, status=status)]
    }
    assert offered == {
        DRAFT: {"plan", "start"},
        PLANNED: {"start", "finish", "cancel"},
        ACTIVE: {"finish", "hold", "cancel"},
        ON_HOLD: {"start", "finish", "cancel"},
        DONE: {"reopen"},
        CANCELLED: {"reopen"},
    }


def test_a_draft_is_never_published_and_is_as_soon_as_it_is_planned(projects: World) -> None:
    record_id = add(projects, status=DRAFT, published=True)
    assert read(projects, Project, record_id).published is False
    with projects.writing() as session:
        domain.move_to(PLANNED)(session, session.get_one(Project, record_id), {})
    assert read(projects, Project, record_id).published is True
    with pytest.raises(IntegrityError), projects.writing() as session:
        session.execute(update(Project).where(Project.id == record_id).values(status=DRAFT))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_on": date(2026, 5, 2), "ends_on": date(2026, 5, 1)}, "ends_on"),
        ({"progress": 101}, "progress"),
        ({"progress": -1}, "progress"),
    ],
)
def test_what_does_not_fit_together_is_refused(projects: World, values: dict[str, Any], field: str) -> None:
    with projects.writing() as session, pytest.raises(Misfit) as refused:
        domain.add(published=True)(session, Task(parent_id=add(projects)), values)
    assert refused.value.field == field


def test_a_task_is_a_step_of_none_of_its_own_steps_and_of_no_other_projects(projects: World) -> None:
    record_id, other_id = add(projects, tasks=[{"title": "a"}, {"title": "b"}]), add(projects, tasks=[{"title": "c"}])
    with projects.writing() as session:
        first, second = session.scalars(select(Task).where(Task.parent_id == record_id).order_by(Task.id)).all()
        other = session.scalars(select(Task).where(Task.parent_id == other_id)).one()
        domain.change(session, second, {"within_id": first.id})
        for task, within in ((first, first.id), (first, second.id), (first, other.id)):
            with pytest.raises(Misfit):
                domain.change(session, task, {"within_id": within})
            session.refresh(task)


def test_tasks_are_added_behind_those_that_are_there(projects: World) -> None:
    record_id = add(projects, tasks=[{"position": 7}])
    with projects.writing() as session:
        for published in (True, False):
            task = Task(parent_id=record_id)
            domain.add(published=published)(session, task, {"title": "next"})
            session.add(task)
            session.flush()
            assert (task.position > 7, task.published) == (True, published)


def test_a_milestone_is_reached_on_the_day(projects: World) -> None:
    record_id = add(projects, milestones=[{"title": "m"}])
    with projects.writing() as session:
        milestone = session.scalars(select(Milestone).where(Milestone.parent_id == record_id)).one()
        domain.reach(session, milestone, {})
        assert milestone.reached_on == today()
        domain.take_back(session, milestone, {})
        assert milestone.reached_on is None
