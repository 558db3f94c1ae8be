"""What is wrong with a resource as its module declares it, in a sentence that says what to write."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.db.viewer import Kind
from core.db.wall import Owned, Part

if TYPE_CHECKING:
    from core.records.actions import Action
    from core.records.resource import Resource

_NAMING = ("title_field", "status", "order", "number")
_UNSAID = ("", "number", "id")  # what these are where nothing is said


def faults(resource: "Resource") -> Iterator[str]:
    """What is wrong with it, the first thing first."""
    model, named = resource.model, {field.name for field in resource.fields}
    if resource.conversation and not issubclass(model, Owned):
        yield f"{model.__name__} is no record of a client's, which a conversation needs"
    if any(field.name == "audience" and not field.internal for field in resource.fields):
        yield f"whom a {model.__name__} is for is not the clients' to know; make it `internal`"
    if any(field.among for field in resource.fields) and not issubclass(model, Part):
        # What there is to choose is not looked through for what its reader may see: parts are the staff's to write.
        yield f"a field of {model.__name__} chooses `among`, which only parts of a record do"
    for naming in _NAMING:
        name = getattr(resource, naming).removeprefix("-")
        if name not in _UNSAID and name not in named and not hasattr(model, name):
            yield f"its `{naming}` is {name!r}, which is neither a field nor an attribute of {model.__name__}"
    for action in resource.actions:
        yield from (f"the action {action.name!r} {said}" for said in _of_action(resource, action, named))
        if not (action.creates or hasattr(model, "version")):
            yield f"{model.__name__} needs a column `version`, for actions to have one winner"


def _of_action(resource: "Resource", action: "Action", named: set[str]) -> Iterator[str]:
    if action.is_answer and (said := _of_answer(resource, action)):
        yield said
    if unknown := {*(action.fields or ()), *filter(None, [action.under])} - named:
        yield f"asks for {sorted(unknown)}, which is no field"
    if action.follows and not (action.creates and action.about and issubclass(resource.model, Owned)):
        yield "follows from nothing: it begins no record about others"
    asked = [field for field in resource.fields if field.name in (action.fields or ())]
    if Kind.CONTACT in action.by and asked and not any(field.filled for field in asked):
        names = ", ".join(repr(field.name) for field in asked)
        yield f"would show clients a form without a field: of {names}, none is `filled`"


def _of_answer(resource: "Resource", action: "Action") -> str:
    """What is wrong with an action that accepts or declines; "" where nothing is."""
    if set(action.by) != {Kind.CONTACT} or action.creates or not issubclass(resource.model, Owned):
        return "is the answer to a record of a client's, and theirs alone"
    if action.fields != ():
        return "asks for what answers ask for, and no fields"
    if unknown := set(action.accepts) - {f.name for f in resource.fields} - {c.name for c in resource.children}:
        return f"agrees to {sorted(unknown)}, which is neither a field nor a child table"
    return "needs the `document` that is accepted" if action.accepts and resource.document is None else ""
