"""What the portal's mails say: for each kind of mail and language the company's own words, or the shipped ones."""

from typing import Any

from flask import abort, flash, g, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from core.i18n import LANGUAGES, gettext
from core.installation import installation
from core.outbox.kinds import MailKind
from core.outbox.models import MailText
from core.outbox.own_texts import find_own, remove_own, save_own, undo_own, version_of
from core.outbox.texts import Text, replace, replace_subject, shipped
from core.outbox.trial import TRIAL, try_out
from core.staff.blueprint import again, blueprint, done
from core.staff.texts_form import TextForm, samples
from core.web.led import Answer
from core.worker.kinds import kinds, module_of

_TEMPLATE = "staff/text.html"


@blueprint.get("/texts/")
def texts() -> Answer:
    """Each kind of mail, with the way to its text in each language."""
    own = {tuple(row) for row in g.session.execute(select(MailText.kind, MailText.language))}
    groups: dict[str, list[dict[str, Any]]] = {}
    for kind in _kinds().values():
        languages = [
            {"name": name, "url": _url(kind, code), "own": (kind.name, code) in own} for code, name in LANGUAGES.items()
        ]
        groups.setdefault(_module(kind), []).append({"title": kind.title, "languages": languages})
    return render_template("staff/texts.html", page_title=gettext("Texts of mails"), groups=groups)


@blueprint.route("/texts/<kind>/<language>", methods=["GET", "POST"])
def text(kind: str, language: str) -> Answer:
    """Show what one kind of mail says in one language; change it, look at it with made-up values, and send it to
    oneself."""
    found = _kinds().get(kind)
    if found is None or language not in LANGUAGES:
        abort(404)
    row = find_own(g.session, found.name, language)
    if request.method != "POST":
        return render_template(_TEMPLATE, **_page(found, language, row, _form(found, language, row)))
    act = {"save": _save, "preview": _preview, "trial": _trial, "reset": _reset, "undo": _undo}
    chosen = act.get(request.form.get("do", ""))
    if chosen is None:
        abort(400)
    return chosen(found, language, row)


def _save(kind: MailKind, language: str, row: MailText | None) -> Answer:
    form = TextForm(kind)
    if not form.validate():
        return again(_TEMPLATE, _page(kind, language, row, form))
    if form.version.data != version_of(row):
        return _meanwhile(kind, language, row, form)
    if form.text() == _said(kind, language, row):
        return done(_url(kind, language), gettext("Nothing was changed."), kind="info")
    text = gettext("Saved. The next mail of this kind says it so.")
    return _write(kind, language, form, text, lambda: save_own(g.session, kind.name, language, *form.text()))


def _reset(kind: MailKind, language: str, row: MailText | None) -> Answer:
    form = _form(kind, language, row)
    if request.form.get("version") != version_of(row):
        return _meanwhile(kind, language, row, form)
    text = gettext("The shipped text holds again.")
    return _write(kind, language, form, text, lambda: remove_own(g.session, kind.name, language))


def _undo(kind: MailKind, language: str, row: MailText | None) -> Answer:
    form = _form(kind, language, row)
    if request.form.get("version") != version_of(row):
        flash(gettext("Nothing was undone: somebody else has changed the text since."), "error")
        return again(_TEMPLATE, _page(kind, language, row, form))
    text = gettext("The change was undone.")
    return _write(kind, language, form, text, lambda: undo_own(g.session, kind.name, language))


def _write(kind: MailKind, language: str, form: TextForm, text: str, write: Any) -> Answer:
    """Write, unless another was faster."""
    try:
        write()
    except (StaleDataError, IntegrityError):
        g.session.rollback()
        return _meanwhile(kind, language, find_own(g.session, kind.name, language), form)
    undo = {"do": "undo", "version": version_of(find_own(g.session, kind.name, language))}
    return done(_url(kind, language), text, undo)


def _meanwhile(kind: MailKind, language: str, row: MailText | None, form: TextForm) -> Answer:
    """Another has saved since the form was shown: what stands there now, beside what was typed."""
    subject, body = _said(kind, language, row)
    theirs = [{"label": gettext("Subject"), "text": subject}, {"label": gettext("Text"), "text": body}]
    form.version.data = version_of(row)
    return again(_TEMPLATE, _page(kind, language, row, form) | {"theirs": theirs})


def _preview(kind: MailKind, language: str, row: MailText | None) -> Answer:
    form = TextForm(kind)
    if not form.validate():
        return again(_TEMPLATE, _page(kind, language, row, form))
    return render_template(_TEMPLATE, **_page(kind, language, row, form, typed=True))


def _trial(kind: MailKind, language: str, row: MailText | None) -> Answer:
    form = TextForm(kind)
    if not form.validate():
        return again(_TEMPLATE, _page(kind, language, row, form))
    try_out(g.session, g.person.id, *form.text(), samples(kind, language))
    flash(gettext("A test is on its way to %(email)s. Nothing was saved.", email=g.person.email), "success")
    return render_template(_TEMPLATE, **_page(kind, language, row, form, typed=True))


def _kinds() -> dict[str, MailKind]:
    """The kinds whose text is the company's to write, by name."""
    return {name: kind for name, kind in kinds(installation().registry).items() if kind is not TRIAL}


def _module(kind: MailKind) -> str:
    """What the module is called that a kind belongs to."""
    module = installation().registry.modules.get(module_of(kind))
    return gettext("The portal") if module is None else str(module.title)


def _said(kind: MailKind, language: str, row: MailText | None) -> tuple[str, str]:
    """Subject and body as they hold now."""
    text = shipped(kind, language) if row is None else row
    return text.subject, text.body


def _form(kind: MailKind, language: str, row: MailText | None) -> TextForm:
    subject, body = _said(kind, language, row)
    return TextForm(kind, formdata=None, data={"subject": subject, "body": body, "version": version_of(row)})


def _url(kind: MailKind, language: str) -> str:
    return url_for("staff.text", kind=kind.name, language=language)


def _page(
    kind: MailKind, language: str, row: MailText | None, form: TextForm, *, typed: bool = False
) -> dict[str, Any]:
    """What staff/text.html takes. The preview shows what was typed where that is sound, else what holds."""
    subject, body = form.text() if typed else _said(kind, language, row)
    values = samples(kind, language)
    others = [{"label": name, "url": _url(kind, code), "active": code == language} for code, name in LANGUAGES.items()]
    return {
        "page_title": kind.title,
        "back": {"url": url_for("staff.texts"), "label": gettext("Texts of mails")},
        "in_languages": others,
        "language": language,
        "form": form,
        "theirs": None,
        "typed": typed,
        "own": row is not None,
        "codes": [(code, told) for code, told in kind.codes.items()],
        "shipped": shipped(kind, language),
        "preview": Text(replace_subject(subject, values), replace(body, values)),
        "email": g.person.email,
    }
