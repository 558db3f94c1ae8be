"""The declaration of a kind of record, as plain data. Pages, lists, search and explanations are
derived from it by functions; nothing here is to be inherited from."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement

from core.db.viewer import Kind
from core.records.faults import faults
from core.records.written import plain_markdown

if TYPE_CHECKING:
    from core.db.session import WalledSession
    from core.records.actions import Action
    from core.records.document import Shown


@dataclass(frozen=True)
class Choice:
    """One value of a field that has few: its label and how a page marks it. `tone` is one of ok, warn,
    danger, info, neutral, or "" for plain text; `icon` one of the shell's set. One that is not `seen`
    is not offered to clients (a draft, which no client meets)."""

    label: Any
    tone: str = "neutral"
    icon: str = ""
    seen: bool = True


@dataclass(frozen=True, eq=False)
class Field:
    """One attribute of a record.

    `name` is an attribute of the model, or the name of `expression`: a function that takes the model
    (or an alias of it) and gives an SQL expression over its columns. It is asked once and not for each
    reader: the day that it is comes as `core.api.current_day()`. The kind ("text", "date",
    "datetime", "money", "number", "quantity", "price", "flag", "choice", "account", "site", "contact", "staff",
    "audience") follows from the mapped column where it is not given. Three are always said: "markdown", a text that
    pages show with its headings and lists; "record", the id of another record of the module, shown by what
    that one is called; and "code", a text that is sorted as it is written, and so along its index. Amounts
    of kind "money" are minor units in the record's `currency`.

    `seen`, `filled` and `required` are the portal flags as declared; the tenant may set them otherwise.
    What clients do not see, on any exit, they cannot filter, sort or search by either. What is `filled`
    they type into the resource's forms; what is `required` they must. What is `internal` is never shown to clients,
    whatever the tenant sets: the next version of a text, or whom a record is for. `leads` goes with "markdown": it is
    given the reader's session and the links of a text that no browser knows, and says which records of the module,
    by id, they lead to, or None where its reader sees no such record: they are told the link's words alone. What is
    not in its answer stays plain text. `among` goes with a "number" or a "text" of what is part of a record: it is
    given the session and that record's id, and says which of them forms offer, each with what it is called; or None
    where these are too many to choose from, and forms let it be typed."""

    name: str
    label: Any
    kind: str = ""
    seen: bool = True
    listed: bool = False
    sortable: bool = False
    filterable: bool = False
    searchable: bool = False
    choices: Mapping[str, Choice] = field(default_factory=dict)
    expression: Callable[[Any], ColumnElement[Any]] | None = None
    hint: Any = ""
    filled: bool = False
    required: bool = False
    internal: bool = False
    leads: "Callable[[WalledSession, Collection[str]], Mapping[str, int | None]] | None" = None
    among: "Callable[[WalledSession, int], Sequence[tuple[int | str, str]] | None] | None" = None

    @property
    def plain(self) -> "Callable[[str], str] | None":
        """What gives the words that a reader has of a text, where these are not all that was written: of Markdown, not
        where its links lead."""
        return plain_markdown if self.kind == "markdown" else None


@dataclass(frozen=True, eq=False)
class Child:
    """A read-only table of a record's page: rows of `model`, which is `PartOf` the record's class,
    by `order` (an attribute's name)."""

    name: str
    title: Any
    model: Any
    fields: Sequence[Field]
    order: str = "id"
    seen: bool = True


@dataclass(frozen=True, eq=False)
class Document:
    """How a record's own paper is made where it came with none.

    `template` is a typst file of the module's package: its function `paper(data)` gives the content, and reads no
    file outside its own folder. `data` says what stands there, of the record as its reader sees it; the core
    adds `firm` (name, lines, accent) and `language`."""

    template: Path
    data: "Callable[[Shown], Mapping[str, Any]]"


@dataclass(frozen=True, eq=False)
class Resource:
    """A kind of record that a module shows. At most fifteen attributes, by rule.

    `model` is an `Owned` or a `Shared` class (or one that only staff see). `number` and `title_field` name the
    attributes that a record is called by; `order` the field that lists are sorted by, "-" before it
    for the newest first. `summary` are names of money fields that the record's page sets apart, with
    the last as the one that counts. `document` is how its paper is made where the CRM has none;
    `actions` what may be done to a record, the most usual first.

    With `conversation`, its records can be talked about: clients who see one, and staff, write messages with
    files on its page and through the API, staff also internal notes, and each change of `status` is a line among
    them. `core.api.MessageWritten` tells the module. The model is an `Owned` class."""

    name: str
    title: Any
    singular: Any
    model: Any
    fields: Sequence[Field]
    number: str = "number"
    title_field: str = ""
    status: str = ""
    order: str = "-id"
    children: Sequence[Child] = ()
    summary: Sequence[str] = ()
    empty: Any = ""
    document: Document | None = None
    actions: "Sequence[Action]" = ()
    conversation: bool = False

    def __post_init__(self) -> None:
        if said := next(faults(self), None):
            raise ValueError(f"the resource {self.name!r}: {said}")

    def field(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((f for f in self.fields if f.name == name), None)


@dataclass(frozen=True)
class Box:
    """What a widget shows: a template of the module's with its values, or nothing (an empty box is
    left out). `attention` are things that need the client's hand, for the strip on top."""

    template: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    attention: Sequence["Attention"] = ()

    def __post_init__(self) -> None:
        if isinstance(self.attention, Attention):
            raise TypeError("`attention` of a Box takes a sequence, even of one: (Attention(…),)")


@dataclass(frozen=True)
class Attention:
    """One thing that needs the client's hand: a sentence, where it leads, how urgent it is ("danger", "warn" or
    "info"), and the day that it is due `on`, if there is one. Of what is as urgent, the first day comes first."""

    text: str
    url: str
    tone: str = "warn"
    on: date | None = None


@dataclass(frozen=True)
class Widget:
    """A box on the dashboard. `render` is given the client's own session and says what to show."""

    name: str
    title: Any
    render: "Callable[[WalledSession], Box | None]"


@dataclass(frozen=True)
class Panel:
    """A box on the page of a record, of the module's own or of another's: `resource` is "invoices.invoice".
    `render` is given the session of whoever looks and the record's id, which they were found to see. `by` are the
    kinds of viewer who meet it: one whose links lead into the portal is for clients alone. One that is `wide` stands
    among the tables, where there is more room. One that is `of_shown` is given the record as it was read for its page
    (`Shown`, of a record of the module's own) in place of the id: drawing what is there asks the database nothing."""

    name: str
    title: Any
    resource: str
    render: "Callable[[WalledSession, Any], Box | None]"
    by: Collection[Kind] = (Kind.CONTACT,)
    wide: bool = False
    of_shown: bool = False
