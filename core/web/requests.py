"""What each request comes as."""

from functools import lru_cache

from babel.support import NullTranslations, Translations
from flask import Request
from wtforms.i18n import messages_path

from core.i18n import language


class PortalRequest(Request):
    """A request that has the sentences of WTForms at hand. Flask-WTF looks for them here, and would else read their
    file anew for each request that shows a form: a twentieth of what a case's page takes."""

    @property
    def wtforms_translations(self) -> NullTranslations:
        """The sentences in the reader's language."""
        return _sentences(language())


@lru_cache
def _sentences(code: str) -> NullTranslations:
    return Translations.load(messages_path(), [code], domain="wtforms")
