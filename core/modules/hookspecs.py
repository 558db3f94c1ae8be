"""The hooks that a module may implement. Each is called for one module at a time, in a fixed order,
and an exception in one costs one box of a page, never the page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pluggy
from flask import Blueprint

if TYPE_CHECKING:
    from core.db.session import WalledSession
    from core.modules.events import Event
    from core.modules.flags import PortalField
    from core.modules.periodic import Periodic
    from core.outbox.kinds import MailKind
    from core.records.resource import Panel, Resource, Widget
    from core.records.suggestion import Suggestion

PROJECT = "postigo"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Hooks:
    """The specifications, as a namespace for pluggy."""

    @hookspec
    def postigo_resources(self) -> "Sequence[Resource]":  # type: ignore[empty-body]
        """The kinds of record that the module shows, called once at start. List, detail, staff pages
        and search are derived from each; the first is the module's own page."""

    @hookspec
    def postigo_routes(self) -> Sequence[Blueprint]:  # type: ignore[empty-body]
        """Blueprints for what cannot be derived, called once at start. They are mounted below
        `/portal/<module>/`, behind the module's gate; their names begin with the module's name. What changes the
        pages of others (`app_errorhandler`, `before_app_request`) sets the module aside."""

    @hookspec
    def postigo_widgets(self) -> "Sequence[Widget]":  # type: ignore[empty-body]
        """The boxes that the module puts on a client's dashboard, called once at start. What a box
        shows is asked of its `render` on each visit, in the client's own session."""

    @hookspec
    def postigo_panels(self) -> "Sequence[Panel]":  # type: ignore[empty-body]
        """The boxes that the module puts on the page of a record, its own or another module's, called once at
        start: the client's, and the staff's for those that say so. What a box shows is asked of its `render` on each
        visit, in the session of whoever looks, after the record was found to be theirs to see."""

    @hookspec
    def postigo_suggestions(  # type: ignore[empty-body]
        self, session: "WalledSession", resource: str, text: str
    ) -> "Sequence[Suggestion]":
        """What may answer what a client is about to write, the best first: called while they fill in a form that begins
        a record of `resource` ("cases.case"), with `text` as far as it is typed, of modules that are on for them.
        `session` is the client's own: what it does not show them is not suggested."""

    @hookspec
    def postigo_portal_fields(self) -> "Sequence[PortalField]":  # type: ignore[empty-body]
        """Flags on fields of other modules' resources, called once at start. They hold for tenants that
        have this module on, and what the tenant sets goes before them."""

    @hookspec
    def postigo_mails(self) -> "Sequence[MailKind]":  # type: ignore[empty-body]
        """The kinds of mail that the module sends, called once at start. Their names begin with the module's
        ("cases.reply"). One is queued with `enqueue`, in the transaction of its cause; what it says is asked of
        its `fill` when it is sent, in the recipient's own session, and only while the module is on for them."""

    @hookspec
    def postigo_periodic(self) -> "Sequence[Periodic]":  # type: ignore[empty-body]
        """What the module does again and again, called once at start. Each is done by a worker, once in each slot
        of its time for each tenant that has the module on, in a session of the system's for that tenant. A
        failure is tried again, and staff see it."""

    @hookspec
    def postigo_enabled(self, session: "WalledSession") -> None:
        """Called when staff switch the module on for a tenant, within the transaction that does; may
        be called again for a module that was on before. `session` is the system's, for that tenant."""

    @hookspec
    def postigo_disabled(self, session: "WalledSession") -> None:
        """Called when staff switch the module off for a tenant, within the transaction that does.
        Nothing needs deleting: off hides, and what is there is seen again when it is on."""

    @hookspec
    def postigo_event(self, session: "WalledSession", event: "Event") -> None:
        """Called for each event (see the catalogue) while the module is on for the tenant or for any of its
        clients, within the transaction of what happened, just before it is kept. `session` is the system's,
        for that tenant: what is written in it is kept with the cause. A failure undoes what was written
        here alone, and staff see it."""
