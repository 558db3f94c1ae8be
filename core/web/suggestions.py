"""While a client writes something new: what modules that are on know that may answer it. The form stays as it is, and
what is found opens beside it."""

from dataclasses import dataclass

from flask import g, request

from core.db.viewer import Kind
from core.installation import installation
from core.modules.registry import ModuleFailed
from core.records.actions import Action
from core.records.fields import full_name
from core.records.forms import RecordForm
from core.records.resource import Resource
from core.records.suggestion import Suggestion

_HOOK = "postigo_suggestions"
#: so many are shown, for so much of what was typed
_MOST, _LONGEST = 5, 1000


@dataclass(frozen=True)
class Answers:
    """What a form shows of it: where it is asked for while somebody types, what was found, and whether it was asked."""

    url: str
    found: list[Suggestion]
    asked: bool = False


def wants_answers() -> bool:
    """Whether the form was sent with the button that looks for answers, and not to be done."""
    return request.method == "POST" and "look" in request.form


def answers(resource: Resource, action: Action, form: RecordForm) -> Answers | None:
    """What the form of an action shows, with what was typed into it; None where nobody would answer."""
    if not action.creates or g.viewer.kind is not Kind.CONTACT or not _modules():
        return None
    asked = wants_answers()
    return Answers(f"{request.path}/answers", suggested(resource, _typed(form)) if asked else [], asked)


def suggested(resource: Resource, text: str) -> list[Suggestion]:
    """What the modules know. One that fails costs its own part."""
    found: list[Suggestion] = []
    for name in _modules() if text.strip() else ():
        try:
            asked = {"session": g.session, "resource": full_name(resource), "text": text[:_LONGEST]}
            found += installation().registry.call_one(_HOOK, name, **asked) or []
        except ModuleFailed:
            g.session.rollback()
    return found[:_MOST]


def _modules() -> list[str]:
    registry = installation().registry
    return [name for name in registry.modules if g.sight.reach(name).open and registry.implements(name, _HOOK)]


def _typed(form: RecordForm) -> str:
    return " ".join(str(form[name].data) for name in form.names if isinstance(form[name].data, str))
