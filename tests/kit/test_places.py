"""The kit's naive rule of who sees which row, in plain words."""

import pytest

from core.kit.places import Place, Row, Viewer, sees

ALPHA, NORTH, BETA = Place("Alpha"), Place("North"), Place("Beta")


def row(place: Place, slug: str = "one", rule: str = "owned", *, published: bool = True) -> Row:
    return Row(0, slug, object, 1, place, published, rule)


@pytest.mark.parametrize(
    ("viewer", "place", "seen"),
    [
        ("whole", ALPHA, True), ("whole", NORTH, False), ("whole", BETA, False), ("whole", Place(), False),
        ("whole", Place("Alpha", "A2"), True), ("whole", Place(contact="whole"), True),
        ("whole", Place(contact="other"), False), ("whole", Place("Beta", None, "whole"), False),
        ("family", ALPHA, True), ("family", NORTH, True), ("family", BETA, False),
        ("site", ALPHA, False), ("site", Place("Alpha", "A1"), True), ("site", Place("Alpha", "A2"), False),
        ("site", Place("Alpha", None, "site"), False), ("site", Place(contact="site"), True),
        ("nobody", ALPHA, False), ("nobody", Place(contact="nobody"), True),
        ("staff", Place(), True), ("visitor", ALPHA, False),
    ],
)  # fmt: skip
def test_who_sees_what(viewer: str, place: Place, seen: bool) -> None:
    assert sees(Viewer(viewer), row(place)) is seen
    assert not sees(Viewer(viewer), row(place, "two"))


def test_what_is_not_published_is_the_staffs() -> None:
    assert not sees(Viewer("whole"), row(ALPHA, published=False))
    assert sees(Viewer("staff"), row(ALPHA, published=False))


def test_where_only_what_names_one_is_shown() -> None:
    assert not sees(Viewer("whole"), row(ALPHA), only_named=True)
    assert sees(Viewer("whole"), row(Place("Alpha", None, "whole")), only_named=True)
    assert not sees(Viewer("whole"), row(Place("Beta", None, "whole")), only_named=True)


def test_other_rules_than_the_owners() -> None:
    assert sees(Viewer("nobody"), row(Place(), rule="shared"))
    assert not sees(Viewer("whole"), row(ALPHA, rule="staff"))
    assert sees(Viewer("staff"), row(ALPHA, rule="staff"))
