"""What pages, lists and search know of articles. What staff write next, and whom it is for, no client sees."""

from dataclasses import replace

from core.api import Action, Child, Choice, Field, Kind, Resource, discard_draft, lazy_gettext, lazy_pgettext
from plugins.knowledge_base import audiences, domain
from plugins.knowledge_base.models import ARCHIVED, DRAFT, PUBLISHED, Article, Category, Revision

STATES = {
    DRAFT: Choice(lazy_pgettext("article", "Draft"), "neutral", "dot"),
    PUBLISHED: Choice(lazy_pgettext("article", "Published"), "ok", "check"),
    ARCHIVED: Choice(lazy_pgettext("article", "Archived"), "neutral", "lock"),
}
_LANGUAGES = {"es": Choice(lazy_gettext("Spanish"), ""), "en": Choice(lazy_gettext("English"), "")}
_STAFF = (Kind.STAFF,)
_AUDIENCE = Field(
    "audience",
    lazy_gettext("For whom"),
    seen=False,
    internal=True,
    hint=lazy_gettext("Where nothing is ticked, your staff alone read it."),
)

CATEGORY = Resource(
    name="category",
    title=lazy_gettext("Categories"),
    singular=lazy_gettext("Category"),
    model=Category,
    number="title",
    order="position",
    empty=lazy_gettext("What our articles are about will appear here."),
    fields=(
        Field("title", lazy_gettext("Title"), listed=True, filled=True, required=True),
        Field(
            "language",
            lazy_gettext("Language"),
            listed=True,
            filled=True,
            choices=_LANGUAGES,
            hint=lazy_gettext("Where none is chosen, it is there in all languages."),
        ),
        Field("position", lazy_gettext("Place in the list"), seen=False, listed=True, filled=True),
        replace(
            _AUDIENCE,
            hint=lazy_gettext("Where nothing is ticked, your staff alone see it. Its articles are for nobody else."),
        ),
    ),
    actions=(
        Action(
            "add",
            lazy_gettext("New category"),
            ("title", "language", "position", "audience"),
            by=_STAFF,
            creates=True,
            done=lazy_gettext("The category was added."),
        ),
        Action(
            "edit",
            lazy_gettext("Edit"),
            ("title", "language", "position", "audience"),
            by=_STAFF,
            run=audiences.restrict,
            edits=True,
        ),
    ),
)

_WRITTEN = ("next_title", "next_body", "category_id", "language", "key", "audience")

ARTICLE = Resource(
    name="article",
    title=lazy_gettext("Articles"),
    singular=lazy_gettext("Article"),
    model=Article,
    number="title",
    status="state",
    order="-published_at",
    empty=lazy_gettext("Answers to what we are often asked will appear here."),
    fields=(
        Field("title", lazy_gettext("Title"), listed=True, sortable=True, searchable=True),
        Field("category_id", lazy_gettext("Category"), kind="record", listed=True),
        Field("language", lazy_gettext("Language"), listed=True, filterable=True, choices=_LANGUAGES),
        Field("state", lazy_gettext("Status"), seen=False, listed=True, filterable=True, choices=STATES),
        Field("body", lazy_gettext("Text"), kind="markdown", searchable=True, leads=domain.leads),
        Field("published_at", lazy_gettext("Last changed"), listed=True, sortable=True),
        Field("helped", lazy_gettext("Has helped"), seen=False, listed=True, sortable=True),
        Field("not_helped", lazy_gettext("Has not helped"), seen=False, listed=True, sortable=True),
        Field("next_title", lazy_gettext("Title of the next edition"), seen=False, internal=True, required=True),
        Field(
            "next_body",
            lazy_gettext("Text of the next edition"),
            kind="markdown",
            seen=False,
            internal=True,
            leads=domain.leads,
            hint=lazy_gettext(
                "Markdown: # begins a heading, - a line of a list; [words](article:key) leads to another article."
            ),
        ),
        Field(
            "key",
            lazy_gettext("Key"),
            seen=False,
            internal=True,
            hint=lazy_gettext("What other articles lead to it by. Its translations have the same key."),
        ),
        _AUDIENCE,
    ),
    children=(
        Child(
            "revisions",
            lazy_gettext("Revisions"),
            Revision,
            (
                Field("number", lazy_gettext("Number")),
                Field("title", lazy_gettext("Title")),
                Field("saved_at", lazy_gettext("Saved")),
                Field("assignee_id", lazy_gettext("Written by")),
            ),
            seen=False,
        ),
    ),
    actions=(
        Action(
            "write",
            lazy_gettext("Write an article"),
            _WRITTEN,
            by=_STAFF,
            run=domain.write,
            creates=True,
            done=lazy_gettext("The article was written, as a draft: clients read it once you publish it."),
        ),
        Action(
            "publish",
            lazy_gettext("Publish"),
            when=domain.can_be_published,
            by=_STAFF,
            run=domain.publish,
            done=lazy_gettext("The article was published."),
        ),
        Action(
            "edit",
            lazy_gettext("Edit"),
            _WRITTEN,
            by=_STAFF,
            run=domain.edit,
            edits=True,
            done=lazy_gettext("Your changes were saved. Clients read a new text once you publish it."),
        ),
        Action(
            "archive",
            lazy_gettext("Archive"),
            when=domain.is_published,
            by=_STAFF,
            confirm=lazy_gettext("Clients find it no longer. You can publish it again."),
            run=domain.archive,
            done=lazy_gettext("The article was archived: clients find it no longer."),
        ),
        discard_draft("state"),
    ),
)

REVISION = Resource(
    name="revision",
    title=lazy_gettext("Revisions"),
    singular=lazy_gettext("Revision"),
    model=Revision,
    fields=(
        Field("number", lazy_gettext("Number"), listed=True),
        Field("title", lazy_gettext("Title"), listed=True),
        Field("saved_at", lazy_gettext("Saved"), listed=True),
        Field("assignee_id", lazy_gettext("Written by"), listed=True),
        Field("body", lazy_gettext("Text"), kind="markdown", leads=domain.leads),
    ),
    actions=(
        Action(
            "restore",
            lazy_gettext("Bring back this text"),
            by=_STAFF,
            confirm=lazy_gettext("It becomes the text of the next edition. Clients have it once you publish it."),
            run=domain.restore,
            done=lazy_gettext("The text was brought back: clients read it once you publish it."),
        ),
    ),
)
