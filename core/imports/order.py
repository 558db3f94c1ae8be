"""The order of rows that refer to rows of their own table: each after what it refers to."""

from collections.abc import Iterator

from core.imports.draft import Draft


def rounds(drafts: list[Draft]) -> Iterator[tuple[list[Draft], bool]]:
    """Rounds of drafts, each to be written before the next, and whether they are circular: then what
    they refer to leads back to them, and can be nobody's parent."""
    waiting = {draft.external: draft for draft in drafts}
    while waiting:
        free = [d for d in waiting.values() if not any(ref in waiting for ref in d.back.values())]
        circular = not free
        if circular:
            free = [d for d in waiting.values() if _reaches_itself(d, waiting)]
        for draft in free:
            del waiting[draft.external]
        yield free, circular


def _reaches_itself(draft: Draft, waiting: dict[str, Draft]) -> bool:
    met: set[str] = set()
    to_visit = [ref for ref in draft.back.values() if ref in waiting]
    while to_visit:
        external = to_visit.pop()
        if external == draft.external:
            return True
        if external not in met:
            met.add(external)
            to_visit += [ref for ref in waiting[external].back.values() if ref in waiting]
    return False
