"""The one import surface for modules and their tests. What is here is promised; nothing else is."""

from core.db.folding import fold, folded
from core.db.model import Id, Model, UtcDateTime, money, now
from core.db.session import WalledSession
from core.db.viewer import Kind, Viewer
from core.db.wall import OfTenant, Owned, PartOf, Shared
from core.demo.world import World
from core.files.pdf import make_pdf
from core.i18n import format_date, format_money, gettext, lazy_gettext, ngettext, today
from core.modules.events import (
    AccessChanged,
    Event,
    EventError,
    ImportFinished,
    ModuleSwitched,
    RecordChanged,
    RecordCreated,
    RecordRemoved,
    send,
)
from core.modules.flags import PortalField
from core.modules.hookspecs import hookimpl
from core.modules.registry import Module
from core.records.actions import Action
from core.records.document import Shown
from core.records.fields import sees
from core.records.resource import Attention, Box, Child, Choice, Document, Field, Panel, Resource, Widget

__all__ = [
    "AccessChanged",
    "Action",
    "Attention",
    "Box",
    "Child",
    "Choice",
    "Document",
    "Event",
    "EventError",
    "Field",
    "Id",
    "ImportFinished",
    "Kind",
    "Model",
    "Module",
    "ModuleSwitched",
    "OfTenant",
    "Owned",
    "Panel",
    "PartOf",
    "PortalField",
    "RecordChanged",
    "RecordCreated",
    "RecordRemoved",
    "Resource",
    "Shared",
    "Shown",
    "UtcDateTime",
    "Viewer",
    "WalledSession",
    "Widget",
    "World",
    "fold",
    "folded",
    "format_date",
    "format_money",
    "gettext",
    "hookimpl",
    "lazy_gettext",
    "make_pdf",
    "money",
    "ngettext",
    "now",
    "sees",
    "send",
    "today",
]
