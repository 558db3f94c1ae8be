"""Where a record that a program writes belongs: the account and site that were named, or the only ones."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from core.crm.models import Account
from core.db.session import WalledSession
from core.db.viewer import Kind
from core.i18n import gettext
from core.records.places import Place, possible_places
from core.records.resource import Field, Resource
from core.records.typed import none_of_these


class Misplaced(ValueError):
    """What was named is no place for the record; `name` is the field, the text a sentence for people."""

    def __init__(self, resource: Resource, name: str) -> None:
        super().__init__(none_of_these(label_of(resource, name)))
        self.name = name


def label_of(resource: Resource, name: str) -> Any:
    """What "account_id" or "site_id" is called, whether or not the resource shows it."""
    found = resource.field(name)
    if found is not None:
        return found.label
    return gettext("Client") if name == "account_id" else gettext("Site")


def place_of_row(
    session: WalledSession, resource: Resource, site: Field | None, sent: Mapping[str, Any], row: Any
) -> Place:
    """Where a record belongs that is there: in its account, and at the site that was sent, where its action asks
    for one. Raises Misplaced."""
    there = Place(row.account_id, row.site_id)
    if site is None or "site_id" not in sent:
        return there
    wanted = Place(row.account_id, sent["site_id"])
    if wanted.key not in {place.key for place in (*possible_places(session, resource, site, row), there)}:
        raise Misplaced(resource, "site_id")
    return wanted


def new_place(session: WalledSession, resource: Resource, site: Field | None, sent: Mapping[str, Any]) -> Place:
    """Where a new record belongs. Staff name the account; clients do where they have several. Raises Misplaced."""
    chosen = None
    if session.sight.viewer.kind is not Kind.CONTACT:
        known = session.scalar(select(Account.id).where(Account.id == sent.get("account_id")))
        if known is None:
            raise Misplaced(resource, "account_id")
        chosen = Place(known)
    places = possible_places(session, resource, site, None, chosen)
    if "account_id" in sent:
        places = [place for place in places if place.account_id == sent["account_id"]]
    if not places:
        raise Misplaced(resource, "account_id")
    return _one_of(resource, places, sent)


def _one_of(resource: Resource, places: Sequence[Place], sent: Mapping[str, Any]) -> Place:
    """The place that was named; the only one; where there is but one account, the whole of it."""
    if len(places) == 1 and "site_id" not in sent:
        return places[0]
    several = len({place.account_id for place in places}) > 1
    fitting = [place for place in places if place.site_id == sent.get("site_id")]
    if len(fitting) == 1 and not (several and sent.get("site_id") is None):
        return fitting[0]
    raise Misplaced(resource, "account_id" if several and "site_id" not in sent else "site_id")
