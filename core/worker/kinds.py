"""All kinds of mail that there are: the core's own, and those of the modules."""

from core.access.mails import MAILS
from core.agreements.mails import KINDS as ANSWERS
from core.conversations.mails import KINDS as TALK
from core.modules.registry import Registry
from core.outbox.kinds import MailKind
from core.outbox.trial import TRIAL

#: the core's own, from the rooms below
CORE: tuple[MailKind, ...] = (*MAILS, *TALK, *ANSWERS, TRIAL)


def kinds(registry: Registry) -> dict[str, MailKind]:
    """Every kind by its name: the core's first, then each module's, on or off."""
    of_modules = [kind for name in registry.modules for kind in registry.mails.get(name, ())]
    return {kind.name: kind for kind in (*CORE, *of_modules)}


def module_of(kind: MailKind) -> str:
    """The name of the module that a kind belongs to; "core" for the core's own."""
    return kind.name.partition(".")[0]
