"""What must hold of every page, whatever it shows."""

import re
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

#: words that no Spanish page has a use for, but in what people wrote
_WORDS = "the|your|you|with|from|this|that|and|are|for|not|of|was|has|have|been|to|or"
ENGLISH = re.compile(rf"\b({_WORDS})\b", re.IGNORECASE)
_OPTIONS = {"resultTypes": ["violations"]}
# Rows are made by one template: the first ones stand for all, and axe takes most of its time with rows.
_LOOKED_AT = {"exclude": [[".rows tbody tr:nth-child(n+9)"]]}
_FACTS = """() => ({
    lang: document.documentElement.lang,
    title: document.title,
    headings: document.querySelectorAll("h1").length,
    wide: document.documentElement.scrollWidth - window.innerWidth,
    widest: [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > window.innerWidth
        && getComputedStyle(e).position !== "absolute").slice(0, 3).map((e) => e.outerHTML.slice(0, 120)),
})"""
#: what is said on the page, seen or only heard, but for texts in a language of their own
_SAID = """() => {
    const said = [document.title];
    const walk = (node) => {
        if (node.nodeType === Node.TEXT_NODE) said.push(node.data);
        if (node.nodeType !== Node.ELEMENT_NODE || ["SCRIPT", "CODE"].includes(node.tagName)) return;
        if (node.lang && node.lang !== document.documentElement.lang) return;
        for (const name of ["aria-label", "placeholder", "alt", "title"]) said.push(node.getAttribute(name) ?? "");
        node.childNodes.forEach(walk);
    };
    walk(document.body);
    return said.join(" | ");
}"""


def axe(page: Page) -> list[str]:
    """What axe finds on the page as it is: rule, and the elements that break it."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    result: dict[str, Any] = page.evaluate("([where, how]) => axe.run(where, how)", [_LOOKED_AT, _OPTIONS])
    return [f"{v['id']}: {[n['html'][:160] for n in v['nodes']]}" for v in result["violations"]]


def faults(page: Page, language: str) -> list[str]:
    """What is wrong with the page at the width that it has."""
    return [*axe(page), *untidy(page, language)]


def untidy(page: Page, language: str) -> list[str]:
    """The same without what axe finds: language, title, headings, and what does not fit."""
    found = []
    facts = page.evaluate(_FACTS)
    if facts["lang"] != language:
        found.append(f"its language is said to be {facts['lang']!r}")
    if not facts["title"].strip(" ·"):
        found.append("it has no title")
    if facts["headings"] != 1:
        found.append(f"it has {facts['headings']} main headings")
    if facts["wide"] > 0:
        found.append(f"it is {facts['wide']} px too wide: {facts['widest']}")
    return found


def english(page: Page) -> list[str]:
    """The pieces of a Spanish page that are in English."""
    said: str = page.evaluate(_SAID)
    return [piece.strip() for piece in said.split("|") if ENGLISH.search(piece)]
