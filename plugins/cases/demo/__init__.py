"""The module's part of the demonstration: what the made-up firm's clients have asked of it, and how it went."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from core.api import WalledSession, World, next_number
from plugins.cases.demo.papers import draw_panel, print_certificate
from plugins.cases.demo.plan import CARMEN, CERTIFICATE, OLIVER, PHOTO, PLANS, Plan, Step
from plugins.cases.domain import NUMBERS, after
from plugins.cases.models import CLOSED, OPEN, Case


def load(session: WalledSession, world: World) -> None:
    """Add the cases, in the order in which they were opened, with what was said on each."""
    people: dict[str, Any] = {**world.contacts, CARMEN: world.staff[0], OLIVER: world.staff[1]}
    for plan in sorted(PLANS, key=lambda plan: (-plan.opened[0], plan.opened[1])):
        case = _case(world, plan, next_number(session, Case, NUMBERS), people)
        session.add(case)
        session.flush()
        if plan.about:
            name = f"cases/{case.number}"
            world.named[name] = case.id
            world.links.append((name, plan.about, "about"))
        for step in plan.steps:
            _take(world, case, step, people)
        session.flush()


def _case(world: World, plan: Plan, number: str, people: dict[str, Any]) -> Case:
    account, site = world.accounts.get(plan.account), world.sites.get(plan.site)
    opened = _moment(world, *plan.opened)
    return Case(
        account_id=account and account.id,
        site_id=site and site.id,
        contact_id=people[plan.contact].id,
        assignee_id=people[plan.assignee].id if plan.assignee else None,
        number=number,
        subject=plan.subject,
        description=plan.description,
        kind=plan.kind,
        urgency=plan.urgency,
        opened_at=opened,
        active_at=opened,
    )


def _take(world: World, case: Case, step: Step, people: dict[str, Any]) -> None:
    """One step of a case: what was said, and the state that follows from it, as it would on the day."""
    who, at, before = people[step.by], _moment(world, step.days, step.hour), case.state or OPEN
    if step.text:
        world.say(case.id, step.text, who, at, published=not step.internal, files=_files(world, step))
    if step.internal:
        return
    by = "staff" if step.by in (CARMEN, OLIVER) else "contact"
    case.state = after(before, by, assigned=case.assignee_id is not None) if step.text else CLOSED
    case.active_at = at
    if case.state == CLOSED:
        case.closed_at = at
    if case.state != before:
        world.note(case.id, "state", before, case.state, None if step.text else who, at)


def _files(world: World, step: Step) -> list[tuple[str, bytes]]:
    if step.file == PHOTO:
        return [("pantalla-central.jpg", draw_panel())]
    return [("certificado-revision.pdf", print_certificate(world))] if step.file == CERTIFICATE else []


def _moment(world: World, days: int, hour: float) -> datetime:
    """So many days before the demonstration's day, at an hour of Spain's winter."""
    return datetime.combine(world.today - timedelta(days), time(), UTC) + timedelta(hours=hour - 1)
