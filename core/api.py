"""The one import surface for modules and their tests. What is here is promised; nothing else is."""

from typing import TYPE_CHECKING, Any

from core.conversations.discard import discard_draft
from core.conversations.history import note
from core.conversations.say import say
from core.conversations.text import MessageRefused
from core.db.folding import fold, folded
from core.db.model import Id, Model, UtcDateTime, money, now
from core.db.session import WalledSession, keep
from core.db.viewer import Kind, Viewer
from core.db.wall import Granted, OfTenant, Owned, PartOf, Personal, Shared
from core.demo.world import World
from core.files.pdf import make_pdf
from core.files.uploads import Upload, UploadRefused, take_upload
from core.formats import format_date, format_datetime, format_money, format_month
from core.i18n import current_day, gettext, language, language_names, lazy_gettext, lazy_pgettext, ngettext, today
from core.modules.events import (
    AccessChanged,
    Event,
    EventError,
    ImportFinished,
    MessageWritten,
    ModuleSwitched,
    RecordChanged,
    RecordCreated,
    RecordRemoved,
    send,
)
from core.modules.flags import PortalField
from core.modules.grants import grant, withdraw
from core.modules.hookspecs import hookimpl
from core.modules.module import Module
from core.modules.periodic import Periodic
from core.outbox.enqueue import enqueue
from core.outbox.kinds import MailKind, Withheld
from core.outbox.models import Mail
from core.records.actions import Action, write_values
from core.records.assigned import Assigned
from core.records.charts import Bars, Chart
from core.records.concerned import who_sees
from core.records.document import Shown
from core.records.drafts import Drafted
from core.records.errors import Misfit
from core.records.fields import choice_of, sees
from core.records.lines import PricedLine, Totals, give_lines
from core.records.links import link, unlink
from core.records.numbers import next_number
from core.records.paper import lined_paper
from core.records.part_actions import part_actions
from core.records.places import site_named, site_names
from core.records.priced import line_fields, line_resource, priced_lines, remove_line, write_line
from core.records.resource import Attention, Box, Child, Choice, Document, Field, Panel, Resource, Widget
from core.records.states import in_status, move_to
from core.records.suggestion import Suggestion
from core.records.written import plain_markdown
from core.search.hits import search

if TYPE_CHECKING:
    from core.kit.contract import ModuleContract

__all__ = [
    "AccessChanged",
    "Action",
    "Assigned",
    "Attention",
    "Bars",
    "Box",
    "Chart",
    "Child",
    "Choice",
    "Document",
    "Drafted",
    "Event",
    "EventError",
    "Field",
    "Granted",
    "Id",
    "ImportFinished",
    "Kind",
    "Mail",
    "MailKind",
    "MessageRefused",
    "MessageWritten",
    "Misfit",
    "Model",
    "Module",
    "ModuleContract",
    "ModuleSwitched",
    "OfTenant",
    "Owned",
    "Panel",
    "PartOf",
    "Periodic",
    "Personal",
    "PortalField",
    "PricedLine",
    "RecordChanged",
    "RecordCreated",
    "RecordRemoved",
    "Resource",
    "Shared",
    "Shown",
    "Suggestion",
    "Totals",
    "Upload",
    "UploadRefused",
    "UtcDateTime",
    "Viewer",
    "WalledSession",
    "Widget",
    "Withheld",
    "World",
    "choice_of",
    "current_day",
    "discard_draft",
    "enqueue",
    "fold",
    "folded",
    "format_date",
    "format_datetime",
    "format_money",
    "format_month",
    "gettext",
    "give_lines",
    "grant",
    "hookimpl",
    "in_status",
    "keep",
    "language",
    "language_names",
    "lazy_gettext",
    "lazy_pgettext",
    "line_fields",
    "line_resource",
    "lined_paper",
    "link",
    "make_pdf",
    "money",
    "move_to",
    "next_number",
    "ngettext",
    "note",
    "now",
    "part_actions",
    "plain_markdown",
    "priced_lines",
    "remove_line",
    "say",
    "search",
    "sees",
    "send",
    "site_named",
    "site_names",
    "take_upload",
    "today",
    "unlink",
    "who_sees",
    "withdraw",
    "write_line",
    "write_values",
]


def __getattr__(name: str) -> Any:
    """What only tests use comes when it is asked for: a portal that serves imports no pytest."""
    if name == "ModuleContract":
        from core.kit.contract import ModuleContract

        return ModuleContract
    raise AttributeError(f"core.api has no {name!r}")
