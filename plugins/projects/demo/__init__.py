"""The module's part of the demonstration: what the made-up firm builds for its clients, and how far it is."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from core.api import WalledSession, World, make_pdf, next_number
from plugins.projects.demo.plan import CARMEN, OLIVER, PLANS, Goal, Job, Plan, Word
from plugins.projects.domain import NUMBERS
from plugins.projects.models import Milestone, Project, Task

_TEMPLATE = Path(__file__).with_name("paper.typ")


def load(session: WalledSession, world: World) -> None:
    """Add the projects with their tasks, milestones and papers, and what was said of each."""
    people: dict[str, Any] = {**world.contacts, CARMEN: world.staff[0], OLIVER: world.staff[1]}
    for plan in sorted(PLANS, key=lambda plan: plan.start):
        project = _project(world, plan, next_number(session, Project, NUMBERS), people)
        session.add(project)
        session.flush()
        _tasks(session, world, project, plan.jobs)
        session.add_all(_milestone(world, project, goal) for goal in plan.goals)
        if plan.paper:
            paper = _print(world, project, plan.paper)
            world.store_file(project.id, f"{plan.paper}.pdf", paper, "application/pdf")
        for word in plan.words:
            _say(world, project, word, people)
        session.flush()


def _project(world: World, plan: Plan, number: str, people: dict[str, Any]) -> Project:
    return Project(
        account_id=world.accounts[plan.account].id,
        site_id=world.sites[plan.site].id,
        contact_id=people[plan.contact].id,
        assignee_id=people[plan.manager].id,
        number=number,
        title=plan.title,
        description=plan.description,
        status=plan.status,
        starts_on=_day(world, plan.start),
        ends_on=_day(world, plan.end),
    )


def _tasks(session: WalledSession, world: World, project: Project, jobs: Any) -> None:
    ids: dict[str, int] = {}
    for position, job in enumerate(jobs, 1):
        task = _task(world, project, job, position, ids.get(job.within))
        session.add(task)
        session.flush()
        ids[job.title] = task.id


def _task(world: World, project: Project, job: Job, position: int, within: int | None) -> Task:
    return Task(
        parent_id=project.id,
        within_id=within,
        title=job.title,
        starts_on=_day(world, job.start),
        ends_on=_day(world, job.end),
        progress=job.progress,
        planned_hours=job.hours,
        position=position,
        published=not job.internal,
    )


def _milestone(world: World, project: Project, goal: Goal) -> Milestone:
    return Milestone(
        parent_id=project.id,
        title=goal.title,
        due_on=_day(world, goal.due),
        reached_on=_day(world, goal.reached),
        published=not goal.internal,
    )


def _say(world: World, project: Project, word: Word, people: dict[str, Any]) -> None:
    at = datetime.combine(world.today - timedelta(word.days), time(9, 30), UTC)
    files = [(f"{word.file}.pdf", _print(world, project, word.file.capitalize()))] if word.file else []
    world.say(project.id, word.text, people[word.by], at, published=not word.internal, files=files)


def _print(world: World, project: Project, title: str) -> bytes:
    """A page with the project's name and days, as PDF."""
    days = [f"{day:%d/%m/%Y}" for day in (project.starts_on, project.ends_on) if day is not None]
    data = {"firm": world.tenant.name, "accent": world.tenant.accent, "title": title, "project": project.title}
    return make_pdf(_TEMPLATE, {**data, "number": project.number, "text": project.description, "days": days})


def _day(world: World, days: int | None) -> date | None:
    return None if days is None else world.today + timedelta(days)
