"""What clients see of each kind of record, field by field: shown, filled in, required, called and ordered as the
company wishes."""

from typing import Any

from flask import abort, flash, g, render_template, request, url_for
from flask_babel import get_locale
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from core.db.flags import NO_FLAGS, FieldFlags, merged
from core.i18n import LANGUAGES, gettext
from core.installation import installation
from core.modules.flags import find_settings, parse, save_flags, undo_flags
from core.modules.models import FieldSettings
from core.modules.switches import read_switches
from core.records.fields import full_name, staff_only
from core.records.resource import Resource
from core.staff.blueprint import again, blueprint, done
from core.staff.fields_form import FieldsForm, make_form, version_of
from core.staff.fields_lines import lines_of
from core.staff.fields_preview import preview
from core.web.led import Answer

_TEMPLATE = "staff/fields_edit.html"


@blueprint.get("/fields/")
def fields() -> Answer:
    """Each kind of record that clients have, with the way to its fields."""
    registry, switches = installation().registry, read_switches(g.session)
    rows = [
        {
            "title": resource.title,
            "module": registry.modules[module].title,
            "icon": registry.modules[module].icon,
            "url": url_for("staff.edit_fields", module=module, resource=name),
            "on": switches.on_for_tenant(module),
            "changed": (text := switches.fields.get(full_name(resource))) is not None and parse(text) != NO_FLAGS,
        }
        for module, resources in registry.resources.items()
        for name, resource in resources.items()
        if not staff_only(resource)
    ]
    return render_template("staff/fields.html", page_title=gettext("Fields"), rows=rows)


@blueprint.route("/fields/<module>/<resource>/", methods=["GET", "POST"])
def edit_fields(module: str, resource: str) -> Answer:
    """Show the fields of one kind of record as they are for clients, with a preview; change them."""
    found = installation().registry.resource(module, resource)
    if found is None or staff_only(found):
        abort(404)
    row = find_settings(g.session, module, found.name)
    form = _form(found, row)
    if request.method != "POST":
        return render_template(_TEMPLATE, **_page(found, form, row))
    act = {"preview": _preview, "save": _save, "reset": _reset, "undo": _undo}.get(request.form.get("do", ""))
    if act is None:
        abort(400)
    return act(found, form, row)


def _form(resource: Resource, row: FieldSettings | None, **options: Any) -> FieldsForm:
    return make_form(lines_of(resource, _said(resource)), _saved(row), row, **options)


def _saved(row: FieldSettings | None) -> FieldFlags:
    return NO_FLAGS if row is None else parse(row.settings)


def _said(resource: Resource) -> dict[str, FieldFlags]:
    """What other modules that are on say of the resource's fields, by their titles."""
    registry, switches = installation().registry, read_switches(g.session)
    return {
        str(registry.modules[name].title): said[full_name(resource)]
        for name, said in registry.portal_fields.items()
        if full_name(resource) in said and switches.on_for_tenant(name)
    }


def _preview(resource: Resource, form: FieldsForm, row: FieldSettings | None) -> Answer:
    """What was typed, shown and not saved."""
    if not form.validate():
        return again(_TEMPLATE, _page(resource, form, row))
    return render_template(_TEMPLATE, **_page(resource, form, row, typed=True))


def _save(resource: Resource, form: FieldsForm, row: FieldSettings | None) -> Answer:
    if not form.validate():
        return again(_TEMPLATE, _page(resource, form, row))
    if form.stale(row):
        return _meanwhile(resource, form, row)
    flags = form.flags()
    if flags == _saved(row):
        return done(_url(resource), gettext("Nothing was changed."), kind="info")
    text = gettext("Saved. Your clients see it so from the next page that they open.")
    return _write(resource, form, flags, text)


def _reset(resource: Resource, form: FieldsForm, row: FieldSettings | None) -> Answer:
    if form.stale(row):
        return _meanwhile(resource, _form(resource, row, formdata=None), row)
    text = gettext("The fields are as the module declares them again.")
    return _write(resource, form, NO_FLAGS, text)


def _undo(resource: Resource, form: FieldsForm, row: FieldSettings | None) -> Answer:
    if row is None or form.stale(row):
        flash(gettext("Nothing was undone: somebody else has changed the fields since."), "error")
        return again(_TEMPLATE, _page(resource, _form(resource, row, formdata=None), row))
    undo_flags(g.session, row)
    return done(_url(resource), gettext("The change was undone."), {"do": "undo", "version": version_of(row)})


def _write(resource: Resource, form: FieldsForm, flags: FieldFlags, text: str) -> Answer:
    """Save, unless another was faster."""
    module = resource.model.portal_module
    try:
        save_flags(g.session, module, resource.name, flags)
    except (StaleDataError, IntegrityError):
        g.session.rollback()
        return _meanwhile(resource, form, find_settings(g.session, module, resource.name))
    undo = {"do": "undo", "version": version_of(find_settings(g.session, module, resource.name))}
    return done(_url(resource), text, undo)


def _meanwhile(resource: Resource, form: FieldsForm, row: FieldSettings | None) -> Answer:
    """Another has saved since the form was shown: what stands there now, beside what was typed."""
    theirs = form.theirs(_form(resource, row, formdata=None))
    form.version.data = version_of(row)
    return again(_TEMPLATE, _page(resource, form, row) | {"theirs": theirs})


def _url(resource: Resource) -> str:
    return url_for("staff.edit_fields", module=resource.model.portal_module, resource=resource.name)


def _language() -> str:
    """The language of the preview: one that is chosen, else the reader's."""
    asked = request.values.get("language", "")
    return asked if asked in LANGUAGES else get_locale().language


def _page(resource: Resource, form: FieldsForm, row: FieldSettings | None, *, typed: bool = False) -> dict[str, Any]:
    """What staff/fields_edit.html takes. The preview shows what was typed where that is sound, else what is saved."""
    said = merged(_said(resource).values())
    own = form.flags() if typed else _saved(row)
    language = _language()
    return {
        "page_title": gettext("Fields of %(title)s", title=resource.title),
        "back": {"url": url_for("staff.fields"), "label": gettext("Fields")},
        "form": form,
        "lines": form.ordered(),
        "theirs": None,
        "typed": typed,
        "changed": _saved(row) != NO_FLAGS,
        "preview_languages": [{"value": k, "label": name, "selected": k == language} for k, name in LANGUAGES.items()],
        "preview": preview(resource, own.over(said), language),
    }
