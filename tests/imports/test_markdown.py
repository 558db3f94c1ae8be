"""Folders of Markdown: two real ones to the last figure, and what is broken or hostile in one."""

import itertools
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from core.files.storage import Store
from core.imports import ImportFailed
from core.imports.markdown import COLUMNS, open_markdown
from core.imports.rows import Rows
from core.modules.registry import Registry
from core.records.markdown import markdown
from plugins.knowledge_base.models import Article, Category
from tests.imports.exports import Export
from tests.records.test_markdown import wrong
from tests.strict import shared_data


def loaded(name: str, folder: Path, engine: Engine, registry: Registry, store: Store) -> Export:
    """A real folder, imported."""
    export = Export(shared_data(name), folder / "real", engine, registry, store)
    report = export.load(name)
    assert sum(t.refused for t in report.tables) == 0, list(report.lines())
    return export


def test_the_power_pages_documentation(tmp_path: Path, engine: Engine, registry: Registry, store: Store) -> None:
    export = loaded("kb-power-pages", tmp_path, engine, registry, store)
    folders = {p.relative_to(export.folder).parts[0] for p in export.folder.rglob("*/*.md")} - {"includes"}
    with export.session() as session:
        articles = session.scalars(select(Article)).all()
        assert len(articles) == 381
        assert {c.title.lower() for c in session.scalars(select(Category))} == {f.replace("-", " ") for f in folders}
        assert all(each.published and each.state == "published" and each.audience == "all" for each in articles)
        by_key = {each.key: each for each in articles}
        roles = by_key["admin/add-custom-domain.md"]
        assert roles.title == "Add a custom domain name"
        assert not roles.body.startswith("#")
        preview = (export.folder / "includes/cc-preview-features-definition.md").read_text().strip()
        with_it = [a for a in articles if preview in a.body]
        marks = [p for p in export.folder.rglob("*.md") if "cc-preview-features-definition.md)" in p.read_text()]
        assert len(with_it) == len([p for p in marks if "includes" not in p.parts]) > 0
        assert not any("[!include" in a.body.lower() for a in articles)
        led = {lead for a in articles for lead in a.body.split("](article:")[1:]}
        assert len(led) > 500
        assert all(lead.split(")")[0].split("#")[0].split(" ")[0] in by_key for lead in led)
        for article in articles:
            made = markdown(article.body)
            assert wrong(made.html) == [], article.key
            depths = [1, *(heading.level for heading in made.headings)]
            assert all(next_ <= level + 1 for level, next_ in itertools.pairwise(depths)), article.key
    again = export.load("kb-power-pages")
    assert {(t.taken, t.refused) for t in again.tables} == {(0, 0)}


def test_articles_in_two_languages_are_pairs(tmp_path: Path, engine: Engine, registry: Registry, store: Store) -> None:
    export = loaded("kb-consul-en-es", tmp_path, engine, registry, store)
    with export.session() as session:
        found = session.execute(select(Article.key, func.count(Article.id)).group_by(Article.key)).all()
        languages = dict(
            session.execute(select(Article.language, func.count(Article.id)).group_by(Article.language)).all()
        )
    assert languages == {"en": 48, "es": 47}
    assert sorted(key for key, number in found if number != 2) == ["installation/using-aws-s3-as-storage.md"]


def rows(folder: Path, base: str = ".") -> dict[str, dict[str, str]]:
    """The rows of a folder, by path."""
    opened = open_markdown(folder, base, ["includes"])
    assert opened is not None
    with opened:
        read = Rows(opened.file, opened.name)
        assert read.header == list(COLUMNS)
        found = [row for row in read if not row.problem]
    return {row.cells[0]: dict(zip(COLUMNS, row.cells, strict=True)) for row in found}


def test_front_matter_fragments_links_and_code(tmp_path: Path) -> None:
    (tmp_path / "includes").mkdir()
    (tmp_path / "a").mkdir()
    (tmp_path / "includes/loop.md").write_text("again [!INCLUDE [x](loop.md)] end")
    (tmp_path / "includes/outer.md").write_text("---\ntitle: no\n---\nouter [!INCLUDE[x](loop.md)]")
    (tmp_path / "a/one.md").write_text(
        "---\ntitle: 'One: the first'\nms.date: 03/31/2026\n---\n# Heading\n\n[!INCLUDE [x](../includes/outer.md)]\n"
        "[!INCLUDE [x](~/../elsewhere.md)]\n[two](../two.md#there) [self](one.md) [out](../../x.md) [web](https://a.b/c.md)\n"
        '```\n[two](../two.md)\n```\n:::image type="content" source="x.png" alt-text="A door.":::\n'
    )
    (tmp_path / "two.md").write_text("---\n: [broken\n---\n\n# Two #\ntext")
    (tmp_path / "latin.md").write_bytes(b"caf\xe9")
    found = rows(tmp_path)
    assert set(found) == {"a/one.md", "two.md"}
    one, two = found["a/one.md"], found["two.md"]
    assert (one["title"], one["date"], one["folder"], one["folder_title"]) == (
        "One: the first",
        "2026-03-31 00:00:00",
        "a",
        "A",
    )
    assert one["text"].splitlines()[0] == "outer again  end"
    assert (
        "[two](article:two.md#there) [self](article:a/one.md) [out](../../x.md) [web](https://a.b/c.md)" in one["text"]
    )
    assert "```\n[two](../two.md)\n```\n![A door.](picture)" in one["text"]
    assert (two["title"], two["text"], two["folder"]) == ("Two", "text", "")


def test_nothing_outside_of_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    inside = tmp_path / "export"
    (inside / "a").mkdir(parents=True)
    (inside / "a/plain.md").write_text("[!INCLUDE [x](../../secret.md)] [!INCLUDE [x](/etc/hostname)] end")
    assert rows(inside)["a/plain.md"]["text"] == "  end".strip("\n")
    (inside / "a/link.md").symlink_to(tmp_path / "secret.md")
    with pytest.raises(ImportFailed, match="leads out of the folder"):
        rows(inside)


def test_a_link_to_nothing_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere.md")
    with pytest.raises(ImportFailed, match=r"gone\.md is a link to a file that is not there"):
        open_markdown(tmp_path, ".", ())
