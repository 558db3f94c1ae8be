"""What a mail can say: its kinds, as plain data. The core has its own; a module gives its by a hook."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.db.session import WalledSession
    from core.outbox.models import Mail


_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_CODE = re.compile(r"[a-z][a-z0-9_]*")
#: as long as the columns that keep the names of kinds
LONGEST_NAME = 60


class Withheld(Exception):
    """Nothing is to be sent; the text says why, for staff. A lazy translation is told in the tenant's language."""


@dataclass(frozen=True, eq=False)
class MailKind:
    """One kind of mail.

    `name` begins with its module's ("cases.reply"). `title` is what staff call it. `subject` and `body` are the
    shipped texts (lazy translations), in which `{code}` stands for a value; `codes` names every code with a
    sentence on what it stands for. `fill` gives the codes' values for a mail: its session is the
    recipient's own, so that what they may not see cannot be told; it raises Withheld where nothing is to be
    sent. `secret` are codes whose values are made at sending and kept nowhere. One that is `of_the_door` helps
    its recipient to come in: they may have no access yet, and its session is the system's."""

    name: str
    title: Any
    subject: Any
    body: Any
    codes: Mapping[str, Any]
    fill: "Callable[[WalledSession, Mail], Mapping[str, str]]"
    secret: frozenset[str] = field(default_factory=frozenset)
    of_the_door: bool = False


def is_name_of(module: str, name: str) -> bool:
    """Whether something of a module's may be called so ("cases.reply"): by the module's name, a point, and its own.
    Kinds of mail, what is done periodically and events are."""
    return _NAME.fullmatch(name) is not None and name.partition(".")[0] == module


def fault(kind: Any, module: str) -> str | None:
    """What is wrong with something that a module gives as a kind of mail; None where nothing is."""
    if not isinstance(kind, MailKind):
        return f"{kind!r} is no kind of mail"
    if not is_name_of(module, kind.name) or len(kind.name) > LONGEST_NAME:
        return f"the kind of mail {kind.name!r} must be called {module!r}, a point, and a name"
    if wrong := [code for code in kind.codes if not _CODE.fullmatch(code)]:
        return f"the mail {kind.name!r} has a code {wrong[0]!r}, which is no name of small letters"
    if not kind.secret <= set(kind.codes):
        return f"the mail {kind.name!r} has a secret that is none of its codes"
    return "only the core helps people to come in" if kind.of_the_door else None
