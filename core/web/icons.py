"""Icons of our own: strokes on a 24 px grid, drawn in the colour of the text."""

from functools import lru_cache

from markupsafe import Markup, escape

_SHAPES = {
    "home": '<path d="M4 11.2 12 4.5l8 6.7"/><path d="M6 9.8V19.5h4.5v-5h3v5H18V9.8"/>',
    "invoice": (
        '<path d="M6 3.5h12v17l-2.4-1.6-2.4 1.6-2.4-1.6-2.4 1.6L6 20.5z"/><path d="M9 8.5h6M9 12h6M9 15.5h3"/>'
    ),
    "case": '<path d="M4 5.5h16v10.5h-9L7 19.5V16H4z"/><path d="M8 9.2h8M8 12.4h5"/>',
    "quote": '<path d="M6 3.5h8.5L18 7v13.5H6z"/><path d="M14 3.8V7.5h3.7"/><path d="m9 14.2 2 2 4-4.4"/>',
    "order": '<path d="M4 8.2 12 4l8 4.2v7.6L12 20l-8-4.2z"/><path d="m4.3 8.4 7.7 4 7.7-4M12 12.4V20"/>',
    "contract": (
        '<path d="M6 3.5h12v17H6z"/>'
        '<path d="M9 8h6M9 11.5h6"/>'
        '<path d="M9 17c1.2-2.4 2-2.4 2.2-.6.2 1 1.2.8 1.8-.4.5 1 1.2 1 2 1"/>'
    ),
    "asset": '<path d="M8.5 9.5h5v11h-5z"/><path d="M11 9.5V6.2M11 6.2h4l2.5 2M11 6.2 8 4.5"/><path d="M8.5 13h5"/>',
    "project": '<path d="M4.5 4.5v15h15"/><path d="M8 8.5h6M10.5 12h6M13 15.5h5"/>',
    "book": (
        '<path d="M12 6.5c-2-1.4-4.5-1.8-8-1.8v13.6c3.5 0 6 .4 8 1.8 2-1.4 4.5-1.8 8-1.8V4.7c-3.5 0-6 .4-8 '
        '1.8z"/>'
        '<path d="M12 6.5v13.6"/>'
    ),
    "module": '<path d="M4.5 4.5h6v6h-6zM13.5 4.5h6v6h-6zM4.5 13.5h6v6h-6z"/><path d="M16.5 13.5v6M13.5 16.5h6"/>',
    "user": '<circle cx="12" cy="8.3" r="3.8"/><path d="M4.8 20c.6-4 3.5-6 7.2-6s6.6 2 7.2 6"/>',
    "users": (
        '<circle cx="9.3" cy="8.5" r="3.3"/>'
        '<path d="M3.2 19.5c.5-3.5 2.9-5.3 6.1-5.3s5.6 1.8 6.1 5.3"/>'
        '<path d="M15.3 5.4a3.3 3.3 0 0 1 0 6.2M17.3 14.6c2 .7 3.2 2.4 3.5 4.9"/>'
    ),
    "building": '<path d="M5.5 20.5v-17h9v17M14.5 9.5h4v11M3.5 20.5h17"/><path d="M8.5 7.5h3M8.5 11h3M8.5 14.5h3"/>',
    "site": (
        '<path d="M12 21c4.3-4.6 6.5-8 6.5-11a6.5 6.5 0 0 0-13 0c0 3 2.2 6.4 6.5 11z"/>'
        '<circle cx="12" cy="10" r="2.3"/>'
    ),
    "switch": '<path d="M8 7h8a5 5 0 0 1 0 10H8A5 5 0 0 1 8 7z"/><circle cx="16" cy="12" r="2.3"/>',
    "pulse": '<path d="M3 12.5h4l2.5-7 4.5 13 2.5-6H21"/>',
    "heart": (
        '<path d="M12 20c-5-3.7-8-6.7-8-10.2A4.3 4.3 0 0 1 12 7.6a4.3 4.3 0 0 1 8 2.2C20 13.3 17 16.3 12 '
        '20z"/>'
        '<path d="M7.5 12.3h2.5l1.5-2.5 2 4 1-1.5h2"/>'
    ),
    "key": '<circle cx="8" cy="15.5" r="4"/><path d="m11 12.7 7.5-7.5M15.5 8.2l2.5 2.5M18 5.7l1.8 1.8"/>',
    "link": (
        '<path d="M10.2 13.8a3.6 3.6 0 0 0 5.1 0l3.6-3.6a3.6 3.6 0 0 0-5.1-5.1l-1.3 1.3"/>'
        '<path d="M13.8 10.2a3.6 3.6 0 0 0-5.1 0l-3.6 3.6a3.6 3.6 0 0 0 5.1 5.1l1.3-1.3"/>'
    ),
    "search": '<circle cx="10.8" cy="10.8" r="6.3"/><path d="m15.5 15.5 5 5"/>',
    "filter": '<path d="M4 7h16M7 12h10M10 17h4"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "chevron-right": '<path d="m9 5.5 6.5 6.5L9 18.5"/>',
    "chevron-left": '<path d="M15 5.5 8.5 12l6.5 6.5"/>',
    "chevron-down": '<path d="m5.5 9 6.5 6.5L18.5 9"/>',
    "chevron-up": '<path d="M5.5 15 12 8.5l6.5 6.5"/>',
    "arrow-right": '<path d="M4 12h15.5M13.5 6l6 6-6 6"/>',
    "download": '<path d="M12 4v11.5M7 11l5 5 5-5M4.5 20h15"/>',
    "file": '<path d="M6 3.5h8.5L18 7v13.5H6z"/><path d="M14 3.8V7.5h3.7"/>',
    "eye": (
        '<path d="M2.8 12c2.3-4 5.4-6 9.2-6s6.9 2 9.2 6c-2.3 4-5.4 6-9.2 6s-6.9-2-9.2-6z"/>'
        '<circle cx="12" cy="12" r="2.8"/>'
    ),
    "warning": '<path d="M12 4 2.8 20h18.4z"/><path d="M12 10v4.5M12 17v.3"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.7v.3"/>',
    "check": '<circle cx="12" cy="12" r="8.5"/><path d="m8.2 12.3 2.6 2.6 5-5.5"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.3l3.3 2"/>',
    "ban": '<circle cx="12" cy="12" r="8.5"/><path d="m6.2 6.2 11.6 11.6"/>',
    "dot": '<circle cx="12" cy="12" r="4.5"/>',
    "money": '<path d="M3.5 6.5h17v11h-17z"/><circle cx="12" cy="12" r="2.6"/><path d="M6.5 9.5v.2M17.5 14.3v.2"/>',
    "phone": (
        '<path d="M5 4h4l1.8 4.5-2.3 1.8c1 2.2 2.9 4.1 5.2 5.2l1.8-2.3L20 15v4c0 .8-.6 1.3-1.4 1.2C11 19.6 '
        '4.4 13 3.8 5.4 3.7 4.6 4.2 4 5 4z"/>'
    ),
    "mail": '<path d="M3.5 5.5h17v13h-17z"/><path d="m4 6.5 8 6.5 8-6.5"/>',
    "logout": '<path d="M13.5 4H5.5v16h8"/><path d="M10 12h10.5M16.5 8l4 4-4 4"/>',
    "globe": (
        '<circle cx="12" cy="12" r="8.5"/>'
        '<path d="M3.5 12h17M12 3.5c2.6 2.4 3.8 5.2 3.8 8.5s-1.2 6.1-3.8 '
        '8.5c-2.6-2.4-3.8-5.2-3.8-8.5s1.2-6.1 3.8-8.5z"/>'
    ),
    "sun": (
        '<circle cx="12" cy="12" r="4"/>'
        '<path d="M12 2.8v2.4M12 18.8v2.4M2.8 12h2.4M18.8 12h2.4M5.5 5.5l1.7 1.7M16.8 16.8l1.7 1.7M5.5 '
        '18.5l1.7-1.7M16.8 7.2l1.7-1.7"/>'
    ),
    "device": '<path d="M3.5 5h17v11h-17z"/><path d="M8.5 20h7M12 16v4"/>',
    "more": '<circle cx="5.5" cy="12" r="1.3"/><circle cx="12" cy="12" r="1.3"/><circle cx="18.5" cy="12" r="1.3"/>',
    "lock": '<path d="M6 10.5h12v9.5H6z"/><path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5M12 14v2.5"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
}


@lru_cache(maxsize=500)
def icon(name: str, extra: str = "") -> Markup:
    """The icon of that name (a module's own where there is none), with a class `extra`. It stands beside a word
    always, so that it is hidden from screen readers. Kept: a page shows dozens."""
    shape = _SHAPES.get(name, _SHAPES["module"])
    classes = f"icon {escape(extra)}" if extra else "icon"
    svg = f'<svg class="{classes}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{shape}</svg>'
    return Markup(svg)  # noqa: S704 - drawn above
