"""What a field chooses among whose values are other rows: records of the module, or the tenant's segments."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, literal, select

from core.crm.segments import Segment
from core.db.session import WalledSession
from core.db.viewer import Kind
from core.db.wall import Owned, Part
from core.i18n import language, language_names
from core.records.fields import kind_of, referred
from core.records.resource import Field, Resource

#: more records than this make no list to choose from
_MOST = 500


def others_of(
    session: WalledSession,
    resource: Resource,
    field: Field,
    whole: int | None = None,
    account_id: int | None = None,
    named: Any = None,
) -> Sequence[tuple[int | str, str]] | None:
    """The rows that a field of kind "record" or "audience" may name, by name, as the session's viewer sees them, and
    the values `among` which a field chooses (None where it says that they are too many); none for any other. Parts of a
    record name other parts of the same one, whose id is `whole`; what belongs to an account names others of that
    account, where it is known. The record of the id `named` is among them, however many there are."""
    if field.among is not None:
        return field.among(session, whole) if whole is not None else []
    kind = kind_of(resource.model, field)
    if kind == "audience":
        of_staff = session.sight.viewer.kind is not Kind.CONTACT
        return _named(session, Segment.id, Segment.name) if of_staff else []
    if kind == "record":
        other = referred(resource.model, field)
        key, name, code = other.id, _called(session, other), _language_of(session, other)
        terms = [other.parent_id == whole] if issubclass(other, Part) else []
        if issubclass(other, Owned) and account_id is not None:
            terms.append(other.account_id == account_id)
        found = _named(session, key, name, *terms, code=code)
        there = isinstance(named, int) and all(named != each for each, _ in found)
        return found + (_named(session, key, name, key == named, *terms, code=code) if there else [])
    return []


def _called(session: WalledSession, other: Any) -> Any:
    """What a record is called in a list to choose from: its number, and for staff its title, which no tenant hides from
    them."""
    number, title = getattr(other, other.portal_number), getattr(other, other.portal_title or other.portal_number)
    if title is number or session.sight.viewer.kind is not Kind.STAFF:
        return number
    return case((title != "", number + " · " + title), else_=number)


def _language_of(session: WalledSession, other: Any) -> Any:
    """The column with the language of records that are of one, for staff; None for any other."""
    return other.language if session.sight.viewer.kind is Kind.STAFF and hasattr(other, "language") else None


def _named(session: WalledSession, key: Any, name: Any, *terms: Any, code: Any = None) -> list[tuple[int | str, str]]:
    """The rows by name. Of those whose language is in `code`, what is not in the reader's comes behind, and says so."""
    names = {each: called for each, called in language_names().items() if each != language()}
    spoken = literal("") if code is None else code
    asked = select(key, name, spoken).where(*terms).order_by(spoken.in_([*names]), name, key).limit(_MOST)
    rows = session.execute(asked)
    return [(row_id, f"{text} ({names[of]})" if of in names else text) for row_id, text, of in rows]
