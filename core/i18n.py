"""Languages: catalogues read straight from .po files, sentences in the reader's language, and the day that it is
where they are."""

import io
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import flask_babel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import g, has_request_context
from flask_babel import Domain, LazyString, get_locale
from markupsafe import Markup, escape
from sqlalchemy import ColumnElement, Date, bindparam

from core.db.model import now

T = TypeVar("T")

#: the languages that every page is in, each by its own name
LANGUAGES = {"es": "Español", "en": "English"}


def language_names() -> dict[str, str]:
    """The languages of pages: by code, what each calls itself."""
    return dict(LANGUAGES)


def gettext(message: str, **variables: Any) -> str:
    """A sentence in the reader's language, with its variables put in."""
    text: str = _reader().catalogue.ugettext(message)
    return text % variables if variables else text


def ngettext(singular: str, plural: str, num: int, **variables: Any) -> str:
    """A sentence in the reader's language and in the form for `num`, which is a variable of it."""
    text: str = _reader().catalogue.ungettext(singular, plural, num)
    return text % {"num": num, **variables}


def lazy_gettext(message: str, **variables: Any) -> LazyString:
    """`gettext`, asked when the text is read: for what is declared once."""
    return LazyString(gettext, message, **variables)


def lazy_pgettext(context: str, message: str) -> LazyString:
    """`lazy_gettext` of a sentence that means something else elsewhere: "Open" of a door, and "Open" of a case. The
    context is for those who translate it."""
    return LazyString(_pgettext, context, message)


def _pgettext(context: str, message: str) -> str:
    text: str = _reader().catalogue.upgettext(context, message)
    return text


def page_text(message: str, **variables: Any) -> Markup:
    """`gettext` for templates: the sentence is ours and markup, its variables are escaped."""
    text = _markup(message, _reader().catalogue)
    return text % variables if variables else text


@lru_cache(maxsize=20_000)
def _markup(message: str, catalogue: Any) -> Markup:
    return Markup(catalogue.ugettext(message))  # noqa: S704 - our own sentences


_UNTRANSLATED = NullTranslations()


class Catalogues(Domain):
    """The translations of the core and of every module, merged per language: of a sentence that several have, the
    core's counts, so that no module changes what a page of the core's says. Made once at start from the
    `translations` folders, the core's first, so that no compiled file needs to be kept in step with its source."""

    def __init__(self, folders: list[Path]) -> None:
        super().__init__()
        self._merged = {language: _merge(folders, language) for language in LANGUAGES}

    def get_translations(self) -> NullTranslations:
        """The catalogue of the current request's language."""
        return self.of(language())

    def of(self, language: str) -> NullTranslations:
        """The catalogue of a language; what the sources say for one that there is none of."""
        return self._merged.get(language, _UNTRANSLATED)


def _merge(folders: list[Path], language: str) -> NullTranslations:
    files = (folder / language / "LC_MESSAGES" / "messages.po" for folder in folders)
    compiled = [_compile(path, language) for path in files if path.is_file()]
    if not compiled:
        return NullTranslations()
    merged = Translations(io.BytesIO(compiled[0]))
    for each in reversed(compiled):  # what is added later counts
        merged.add(Translations(io.BytesIO(each)))
    return merged


def _compile(path: Path, language: str) -> bytes:
    made = io.BytesIO()
    with path.open("rb") as file:
        write_mo(made, read_po(file, locale=language))
    return made.getvalue()


class _Typed(LazyString):
    """A lazy text that a person typed. Flask-Babel's own go onto pages as they are, for they come out of catalogues;
    this one is escaped as any text."""

    def __html__(self) -> str:
        return str(escape(str(self)))


def in_language(texts: Mapping[str, str], otherwise: Any) -> LazyString:
    """A text that is chosen when it is read: that of the reader's language, else `otherwise`."""
    return _Typed(lambda: texts.get(language()) or str(otherwise))


# Set where something is made that all readers share.
_FOR_ALL: ContextVar[bool] = ContextVar("made_for_all", default=False)


class NotForAll(RuntimeError):
    """What is made once, for all readers, asked for something of one of them."""


def built_once(make: Callable[..., T], *arguments: Any) -> T:
    """What `make` gives for these arguments, to be kept for all readers. Run it in a context of its own. Raises
    NotForAll where it asks for the reader's language, day or zone, which would be kept for others."""
    _FOR_ALL.set(True)
    return make(*arguments)


def _refuse_for_all() -> None:
    if _FOR_ALL.get():
        raise NotForAll("this is made once, for all readers and days; the day that it is comes as current_day()")


def current_day() -> ColumnElement[date]:
    """The calendar day that it is for the request's tenant, in SQL: asked each time that a statement runs."""
    return bindparam("current_day", type_=Date(), unique=True, callable_=today)


@dataclass(frozen=True)
class _Reader:
    """The language of whoever reads, and its sentences. Kept with the request: a page asks a hundred times."""

    locale: Any
    language: str
    catalogue: Any


_OUTSIDE = _Reader(None, "en", _UNTRANSLATED)


def _reader() -> _Reader:
    _refuse_for_all()
    try:
        here: dict[str, Any] = vars(g._get_current_object())  # a proxy's own attributes take three times as long
    except RuntimeError:  # outside of an application
        return _OUTSIDE
    reader: _Reader | None = here.get("postigo_reader")
    # Flask-Babel keeps its choice here too, and changes it where a part is in another language.
    chosen = here.get("_flask_babel")
    if reader is None or chosen is None or reader.locale is not vars(chosen).get("babel_locale"):
        locale = get_locale()
        reader = here["postigo_reader"] = _OUTSIDE if locale is None else _new_reader(locale)
    return reader


def _new_reader(locale: Any) -> _Reader:
    ours, code = flask_babel.get_domain(), str(locale.language)
    return _Reader(locale, code, ours.of(code) if isinstance(ours, Catalogues) else ours.get_translations())


def language() -> str:
    """The code of the reader's language, one of `LANGUAGES`."""
    return _reader().language


def time_zone() -> tzinfo:
    """The tenant's time zone in a request, UTC elsewhere."""
    _refuse_for_all()
    tenant = g.get("tenant") if has_request_context() else None
    return ZoneInfo(tenant.time_zone if tenant is not None else "UTC")


def today_in(zone: str) -> date:
    """The calendar day that it is now in a time zone, by its name."""
    return now().astimezone(ZoneInfo(zone)).date()


def today() -> date:
    """The calendar day that it is now for the request's tenant."""
    return now().astimezone(time_zone()).date()
