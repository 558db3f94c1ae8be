"""What a viewer may do to a record: which actions there are, what each asks for, and whether it is offered."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, inspect, select

from core.db.session import WalledSession
from core.db.viewer import Kind, Sight
from core.db.wall import WHOSE
from core.i18n import gettext
from core.records.fields import NAMED, Untold, effective, has_default, kind_of, sql_of
from core.records.models import ACCEPTED, Agreement
from core.records.resource import Field, Resource

#: columns that no form asks for: the core stamps them, or keeps them in step
_OF_THE_CORE = frozenset({"id", "tenant_id", "owner", "published", "parent_id", "version", "updated_at"})
#: columns that hold an id, and that forms choose by name
_BY_ID = frozenset({*WHOSE, "assignee_id"})
#: kinds of fields that forms choose by name, whatever the column is called
_CHOSEN = ("record", "audience")


def write_values(session: WalledSession, row: Any, values: Mapping[str, Any]) -> None:
    """Write what was typed into the row; what an action does where it says nothing else."""
    for name, value in values.items():
        setattr(row, name, value)


@dataclass(frozen=True, eq=False)
class Action:
    """Something that a viewer may do to a record.

    `fields` are names of fields that its form asks for (of those, the ones that are filled in by who looks; all
    of them where it is the staff's alone); None asks for every such field, as an action that edits does. Without
    any, it is a button, and `confirm` the sentence that is asked first. `when` is a condition over the model,
    made once like a field's `expression` (the day comes as `current_day()`): the action is offered where it holds,
    and it is asked again in the transaction that does it. `by` are the kinds of viewer who may. `run` is given the
    session, the row and what was typed by column's name. One that `creates` begins a new record: `run` is then
    given a row that belongs where the form says and is not added yet; where that is part of a record or goes `under`
    one, `when` is over that record, and says on whose page it stands: what is sent all the same, `run` refuses.
    Such a one may be begun `about` records of these resources ("assets.asset", whether that module is there or not):
    their pages show its button, the form says what it is about and begins where that one belongs, and a link of the
    kind "about" is kept.
    One that names a field of kind "record" as `under` begins below that other record instead (a part of an asset): the
    form begins with it in that field, no link is kept, and the button stands on the other's page alone. One that
    `follows` names states of those records: of one in such a state it is begun, once, with its currency, its priced
    lines and what else it has of the fields that are asked for; and a link "led_to" is kept instead.

    Two answer to what was offered, and are the clients' alone. One that `accepts` names the fields and child tables
    that are agreed on: it asks for a signature, and keeps them with the paper as they were. One that `declines` asks
    for the reason.

    One that `edits` changes what stands in the record: its button says that this is saved, and of all actions it is the
    one that programs take by changing the record. Where none does, that is one that asks for every field.

    `done` is the sentence that whoever took it is told ("You accepted the quote."), `closed` the one that is told to
    whoever comes when its condition holds no longer; without them, that is said in common words."""

    name: str
    label: Any
    fields: Sequence[str] | None = ()
    when: Callable[[Any], ColumnElement[bool]] | None = None
    by: Collection[Kind] = (Kind.CONTACT, Kind.STAFF)
    confirm: Any = ""
    run: Callable[[WalledSession, Any, Mapping[str, Any]], None] = write_values
    creates: bool = False
    edits: bool = False
    about: Collection[str] = ()
    under: str = ""
    follows: Collection[str] = ()
    accepts: Sequence[str] = ()
    declines: bool = False
    done: Any = ""
    closed: Any = ""

    @property
    def is_answer(self) -> bool:
        """Whether it answers to what was offered."""
        return bool(self.accepts) or self.declines

    @property
    def saves(self) -> bool:
        """Whether its form's button says that what was typed is saved, and not once more what it is called."""
        return self.edits or self.run is write_values

    @property
    def said(self) -> str:
        """The sentence that whoever took it is told."""
        if self.done:
            return str(self.done)
        if self.creates:
            return gettext("It was added.")
        if self.fields is None or self.fields:
            return gettext("Your changes were saved.")
        return gettext("“%(action)s” was done.", action=self.label)


def can_be_filled(resource: Resource, field: Field) -> bool:
    """Whether there is a column that a form could ask for."""
    mapped = field.expression is None and field.name in inspect(resource.model).columns
    kind = kind_of(resource.model, field)
    named = kind in NAMED
    return mapped and field.name not in _OF_THE_CORE and (not named or kind in _CHOSEN or field.name in _BY_ID)


def may_be_asked(resource: Resource, field: Field) -> bool:
    """Whether some action asks clients for the field where they fill it in. Where none does, the tenant has nothing to
    say of that: what forms of the staff's alone ask for is the module's to say, also of what clients do not see."""
    if field.name == "contact_id":
        return False  # who signs in is not asked who they are
    theirs = (action for action in resource.actions if Kind.CONTACT in action.by)
    return can_be_filled(resource, field) and any(a.fields is None or field.name in a.fields for a in theirs)


def asked(resource: Resource, action: Action, sight: Sight) -> list[Field]:
    """The fields that the action's form asks whoever looks for, in their order. A record keeps its account,
    and who signs in as a contact is not asked who they are. What clients fill in is the tenant's to say; the
    fields that an action of the staff's alone names, it asks for."""
    left_out = {"account_id", "contact_id"} if sight.viewer.kind is Kind.CONTACT else {"account_id"}
    return [
        field
        for field in effective(resource, sight)
        if (field.filled or _asked_anyway(action, field, sight))
        and (action.fields is None or field.name in action.fields)
        and field.name not in left_out
        and not isinstance(field, Untold)
        and can_be_filled(resource, field)
    ]


def _asked_anyway(action: Action, field: Field, sight: Sight) -> bool:
    """Whether a field is none that clients fill in, in this action: one of the staff's alone, or the contact, whom
    nobody but the staff is asked for."""
    of_staff = field.name == "contact_id" and sight.viewer.kind is Kind.STAFF
    return action.fields is not None and (Kind.CONTACT not in action.by or of_staff)


def possible(resource: Resource, sight: Sight, *, creates: bool = False) -> Sequence[Action]:
    """The actions that this kind of viewer may take, on records or (`creates`) to begin one; whether a record's
    condition holds is asked with the record."""
    key = ("possible", resource, creates)
    found: tuple[Action, ...] | None = sight.made.get(key)
    if found is None:
        found = sight.made[key] = tuple(
            action
            for action in resource.actions
            if action.creates is creates and sight.viewer.kind in action.by and _has_its_fields(resource, action, sight)
        )
    return found


def _has_its_fields(resource: Resource, action: Action, sight: Sight) -> bool:
    """An action that edits needs something to edit; one that creates, each column that cannot do without."""
    if not action.creates:
        return action.fields is not None or bool(asked(resource, action, sight))
    names = {field.name for field in asked(resource, action, sight)}
    declared = {f.name for f in resource.fields if f.filled} if action.fields is None else set(action.fields)
    return not any(needs_value(resource, f) for f in resource.fields if f.name in declared - names)


def needs_value(resource: Resource, field: Field) -> bool:
    """Whether a new row must be given a value: the column is never empty, and has no default."""
    if not can_be_filled(resource, field) or kind_of(resource.model, field) == "flag":
        return False
    column = inspect(resource.model).columns[field.name]
    return not (column.nullable or has_default(column))


def conditions(resource: Resource, actions: Sequence[Action]) -> list[ColumnElement[Any]]:
    """What a record's own statement selects beside its fields, for `offered`; nothing without actions."""
    if not actions:
        return []
    holds = [
        case((holding, 1), else_=0).label(f"a_{action.name}")
        for action in actions
        if (holding := condition_of(resource, action)) is not None
    ]
    return [resource.model.version.label("row_version"), *holds]


def condition_of(resource: Resource, action: Action) -> ColumnElement[bool] | None:
    """When an action is offered; None where it always is. What was accepted is not answered again, whatever state
    an import or a module puts it into: its paper is the one that was signed."""
    when = None if action.when is None else sql_of(action.when, resource.model)
    if not action.is_answer:
        return when
    accepted = select(Agreement.id).where(Agreement.parent_id == resource.model.id, Agreement.outcome == ACCEPTED)
    is_open = ~accepted.correlate(resource.model).exists()
    return is_open if when is None else and_(when, is_open)


def offered(actions: Sequence[Action], found: Any) -> list[Action]:
    """Those actions whose condition holds, in a row of a statement made with `conditions`."""
    return [action for action in actions if found._mapping.get(f"a_{action.name}", True)]
