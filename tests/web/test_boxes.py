"""What a page with many boxes asks: the menu, each box and what they all know of the page are asked once with each
request, and what one box says is no other's."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import ChoiceLoader, DictLoader

from core.api import Box, Panel
from core.modules.registry import load_modules
from core.portal import shell
from tests.modules.strangers import make
from tests.modules.strangers import widgets as widget
from tests.visibility.changes import switch
from tests.worlds.snapshot import Snapshot
from tests.worlds.world import World, bare

BOXES = ("first", "second", "third")
#: what a box shows: what it was given, who looks, and whose portal it is
TEMPLATE = "[{{ own|default('nothing') }} for {{ viewer.name }} of {{ tenant.slug }}]"
Asked = Counter[str]


@pytest.fixture
def asked() -> Asked:
    """How often each was asked."""
    return Counter()


@pytest.fixture
def hosts(world: World, asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The world with three modules that have a box on the dashboard and one on an invoice; the first gives its box a
    value, and the others give theirs none."""
    base, registry = Snapshot(world), load_modules()
    for name in BOXES:

        def render(*given: Any, name: str = name) -> Box:
            asked[name] += 1
            return Box("boxes/box.html", {"own": "what is the first's"} if name == "first" else {})

        panels = [Panel("side", f"Side {name}", "invoices.invoice", render)]
        registry.take(make(name, widgets=widget(render), panels=lambda self, panels=panels: panels))
    with bare(world.database, tmp_path, registry) as made:
        made.tenancies = world.tenancies
        made.app.jinja_env.loader = ChoiceLoader([made.app.jinja_env.loader, DictLoader({"boxes/box.html": TEMPLATE})])  # type: ignore[list-item]
        made.app.context_processor(lambda: asked.update(["context"]) or {})
        menu = shell.menu
        monkeypatch.setattr(shell, "menu", lambda: asked.update(["menu"]) or menu())
        for name in BOXES:
            switch(made, made.one, name, "tenant", made.one.id, True)
        yield made
    base.restore()


@pytest.mark.parametrize("on", ["dashboard", "record"])
def test_a_page_asks_each_once_for_all_its_boxes_and_every_page_anew(hosts: World, asked: Asked, on: str) -> None:
    address = "/portal/" if on == "dashboard" else f"/portal/invoices/{hosts.one.invoices['alpha']}"
    for kind in ("whole", "two_accounts", "whole"):
        asked.clear()
        text = hosts.contact(kind).get(address).text
        shown = [f"[{own} for {kind} one of one]" for own in ("what is the first&#39;s", "nothing")]
        assert [text.count(each) for each in (*shown, " of one]")] == [1, 2, 3]
        # The context is asked by the page itself, and once more by whichever of its boxes comes first.
        assert asked == {"menu": 1, "context": 2, **dict.fromkeys(BOXES, 1)}
