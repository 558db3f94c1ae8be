"""How the modules fare in this process. Where several serve, each keeps its own figures."""

import os
from typing import Any

from flask import g, render_template
from sqlalchemy import select

from core.formats import format_number
from core.i18n import gettext, ngettext
from core.installation import installation
from core.modules.health import Failure, Health
from core.modules.registry import Registry
from core.outbox.models import Job
from core.staff.blueprint import blueprint
from core.staff.modules import removed
from core.web.led import Answer

_MILLI = 1000


@blueprint.get("/health/")
def health() -> Answer:
    """Versions, load errors, failures and times."""
    registry = installation().registry
    modules = [_module(registry, name) for name in registry.modules]
    modules += [_quarantined(name, q.reason) for name, q in registry.quarantined.items()]
    return render_template(
        "staff/health.html",
        page_title=gettext("Health"),
        modules=modules,
        removed=removed(registry),
        since=registry.health.since,
        process=str(os.getpid()),
    )


def _module(registry: Registry, name: str) -> dict[str, Any]:
    module = registry.modules[name]
    failures = [_failure(f) for f in reversed(list(registry.health.failures)) if f.module == name]
    failures += _failed_jobs(registry, name)
    failing = {"text": gettext("Has failed lately"), "tone": "warn"}
    return {
        "name": name,
        "title": module.title,
        "icon": module.icon,
        "version": module.version,
        "state": failing if failures else {"text": gettext("Works"), "tone": "ok"},
        "error": None,
        "failures": failures,
        "timings": _timings(registry.health, name),
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {"hook": failure.hook, "error_id": failure.error_id, "when": failure.at, "text": failure.message}


def _failed_jobs(registry: Registry, name: str) -> list[dict[str, Any]]:
    """What the module does periodically and has failed at. A worker, which is another process, tries it again; so its
    jobs are asked."""
    kinds = [each.name for each in registry.periodic[name]]
    failed = select(Job).where(Job.kind.in_(kinds), Job.attempts > 0, Job.leased_until.is_(None)).order_by(Job.id)
    return [
        {
            "hook": job.kind,
            "error_id": None,
            "when": job.due_at,
            "text": ngettext(
                "It has failed %(num)d time, and is tried again:",
                "It has failed %(num)d times, and is tried again:",
                job.attempts,
            ),
        }
        for job in (g.session.scalars(failed) if kinds else ())
    ]


def _timings(health: Health, name: str) -> list[dict[str, Any]]:
    """How often each hook ran, and how long it took on average and at the longest."""
    return [
        {
            "hook": hook,
            "calls": timing.calls,
            "mean": format_number(round(timing.seconds * _MILLI / timing.calls, 1)),
            "slowest": format_number(round(timing.slowest * _MILLI, 1)),
        }
        for (module, hook), timing in sorted(health.timings.items())
        if module == name and timing.calls
    ]


def _quarantined(name: str, reason: str) -> dict[str, Any]:
    state = {"text": gettext("In quarantine"), "tone": "danger"}
    return {"name": name, "title": name, "state": state, "error": reason, "failures": [], "timings": []}
