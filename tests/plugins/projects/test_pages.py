"""Projects as clients and staff meet them: the timeline, what is internal, how staff write tasks, the box."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from core.db.flags import NO_FLAGS, FieldFlags, Flags
from core.files.models import File
from core.modules.flags import save_flags
from plugins.projects.models import ACTIVE, DONE, DRAFT, PLANNED, Milestone, Project, Task
from tests.conversations.talking import STAFF, talk
from tests.petitions.acting import post, send
from tests.petitions.reading import shown
from tests.plugins.projects.conftest import LIST, OFFICE, add, read
from tests.portal.counting import statements
from tests.staff.reading import words
from tests.worlds.world import World

HOSTILE = "</text></svg><script>alert(1)</script>{{ 7*7 }}\" onload='x' \u202egnp.exe 🚒"
SECRET = "Ask the other supplier"
MOST_STATEMENTS = 8
_DAY = date.today()


def dated(title: str, start: int = 0, end: int = 5, **more: Any) -> dict[str, Any]:
    """A task with dates, which count from today."""
    return {"title": title, "starts_on": _DAY + timedelta(start), "ends_on": _DAY + timedelta(end), **more}


def test_the_timeline_is_drawn_for_clients_and_staff_and_says_where_its_table_is(projects: World) -> None:
    record_id = add(
        projects,
        tasks=[dated("Lay the pipes", -5, 5, progress=40), {"title": "Train the staff"}],
        milestones=[{"title": "Pipes are laid", "due_on": _DAY - timedelta(2)}],
    )
    for browser, base in ((projects.contact("whole"), LIST), (projects.staff(), OFFICE)):
        page = browser.get(f"{base}{record_id}").text
        drawing = page[page.index('<svg class="chart-drawing"') :].partition("</svg>")[0]
        assert 'role="img" aria-labelledby="gantt-title gantt-desc"' in drawing
        assert ">Lay the pipes</text>" in drawing
        assert ">Pipes are laid · Delayed " in drawing
        assert ">Today</text>" in drawing
        assert "Train the staff" not in drawing
        assert "<li>Train the staff</li>" in page
        assert 'role="region" aria-label="Drawing of the timeline" tabindex="0"' in page
        assert page.index("</svg>") < page.index('id="part-milestones"') < page.index('id="part-tasks"')
        assert page.count("Train the staff") == 2  # and once in the table
    assert "chart-drawing" not in projects.contact("whole").get(f"{LIST}{add(projects, tasks=[{'title': 'a'}])}").text


def test_hostile_titles_are_text_in_the_drawing_and_nothing_else(projects: World) -> None:
    record_id = add(
        projects,
        title=HOSTILE,
        tasks=[dated(HOSTILE), {"title": HOSTILE}],
        milestones=[{"title": HOSTILE, "due_on": _DAY}],
    )
    for page in (
        projects.contact("whole").get(f"{LIST}{record_id}").text,
        projects.staff().get(f"{OFFICE}{record_id}").text,
        projects.contact("whole").get("/portal/").text,
    ):
        assert "<script>alert" not in page
        assert " onload='x'" not in page
        assert "49" not in re.findall(r"alert\(1\).{0,40}", page)[0]
        assert "alert(1)" in unescape(page)
        assert " style=" not in page


def test_what_is_internal_leaves_by_no_exit(projects: World) -> None:
    """Tasks, milestones and files that are the staff's: on no page, in no figure, download or answer of the API."""
    record_id = add(
        projects,
        "north",
        tasks=[dated("Shown", progress=20), dated(SECRET, progress=100, published=False)],
        milestones=[{"title": SECRET, "due_on": _DAY, "published": False}],
    )
    with projects.writing() as session:
        of = session.scalars(select(Task).where(Task.parent_id == record_id).order_by(Task.id)).all()
        of[0].within_id = of[1].id  # a step that clients see, of a task that they do not
    client = projects.contact("child")
    paths = (
        f"{LIST}{record_id}", LIST, f"{LIST}project/export.csv", f"/api/v1/projects/project/{record_id}",
        "/api/v1/projects/project/", "/portal/", f"/portal/search?q={SECRET.split()[0]}",
    )  # fmt: skip
    for path in paths:
        assert SECRET not in unescape(client.get(path).text), path
    told = client.get(f"/api/v1/projects/project/{record_id}").get_json()
    assert [row["within_id"] for row in told["children"]["tasks"]] == [None]
    assert (told["fields"]["progress"], told["children"]["milestones"]) == (20, [])
    for path in ("task", "milestone", f"task/{of[1].id}", f"task/do/add?of={record_id}"):
        assert client.get(f"{LIST}{path}").status_code in (404, 308), path
        assert client.get(f"{LIST}{path}/").status_code == 404, path
        assert client.get(f"/api/v1/projects/{path}").status_code == 404, path
    page = words(projects.staff().get(f"{OFFICE}{record_id}"))
    assert f"{SECRET} · For staff alone" in page


def test_files_are_shown_one_by_one(projects: World) -> None:
    """Staff send one with a note of their own, and show it; the client reads it then, and no other."""
    record_id, client, staff = add(projects), projects.contact("whole"), projects.staff()
    papers = (("one.txt", b"text"), ("two.txt", b"text"))
    assert talk(staff, f"{OFFICE}{record_id}", "Two papers.", *papers, visibility="internal").status_code == 303
    with projects.writing() as session:
        first, second = session.scalars(select(File.id).where(File.parent_id == record_id).order_by(File.name)).all()
    assert client.get(f"{LIST}{record_id}/files/{first}").status_code == 404
    assert post(staff, f"{OFFICE}{record_id}/files/{first}", {"published": "1"}).status_code == 303
    assert client.get(f"{LIST}{record_id}/files/{first}").status_code == 200
    assert client.get(f"{LIST}{record_id}/files/{second}").status_code == 404
    page = client.get(f"{LIST}{record_id}").text
    assert ("one.txt" in page, "two.txt" in page) == (True, False)


def test_staff_write_a_project_with_its_tasks_and_milestones(projects: World) -> None:
    """From the project's page and back to it; what does not fit is said at its field, and nothing typed is lost."""
    staff, client = projects.staff(), projects.contact("whole")
    new = f"{OFFICE}project/do/write?account={projects.one.accounts['alpha']}"
    made = staff.get(send(staff, new, {"f_title": "A new lift", "f_assignee_id": str(projects.one.staff)}).location)
    record_id = int(re.findall(r"/records/projects/(\d+)/do/edit", made.text)[0])
    row = read(projects, Project, record_id)
    assert (row.status, row.published, row.assignee_name) == (DRAFT, False, "Staff")
    assert re.fullmatch(r"PY-\d{5}", row.number)
    assert client.get(f"{LIST}{record_id}").status_code == 404
    assert f"/records/projects/task/do/add?of={record_id}" in made.text

    path, typed = f"{OFFICE}task/do/add?of={record_id}", {"f_title": "Dig", "f_starts_on": "2026-05-02"}
    wrong = send(staff, path, {**typed, "f_ends_on": "2026-05-01"})
    assert (wrong.status_code, shown(wrong.text)["f_title"]) == (422, "Dig")
    assert '<a href="#f_ends_on">The end cannot be before the start.</a>' in wrong.text
    added = send(staff, path, {**typed, "f_ends_on": "2026-05-09", "f_progress": "10"})
    assert added.location.endswith(f"{OFFICE}{record_id}")
    send(staff, f"{OFFICE}task/do/add_internal?of={record_id}", {"f_title": SECRET})
    send(staff, f"{OFFICE}milestone/do/add?of={record_id}", {"f_title": "Hole is dug", "f_due_on": "2026-05-09"})
    send(staff, f"{OFFICE}{record_id}/do/start", {})
    theirs = client.get(f"{LIST}{record_id}").text
    assert ("Dig" in theirs, SECRET in theirs, "Hole is dug" in theirs) == (True, False, True)
    assert read(projects, Project, record_id).status == ACTIVE

    page = staff.get(f"{OFFICE}{record_id}").text
    task_id = int(re.findall(r'class="row-link" href="/staff/records/projects/task/(\d+)"', page)[0])
    own = staff.get(f"{OFFICE}task/{task_id}")
    assert f'<p class="back"><a href="/staff/records/projects/{record_id}">' in own.text
    edited = send(staff, f"{OFFICE}task/{task_id}/do/edit", {"f_progress": "60"})
    assert edited.location.endswith(f"{OFFICE}{record_id}")
    assert read(projects, Task, task_id).progress == 60
    send(staff, f"{OFFICE}task/{task_id}/do/hide", {})
    assert "Dig" not in client.get(f"{LIST}{record_id}").text
    send(staff, f"{OFFICE}task/{task_id}/do/show", {})
    assert "Dig" in client.get(f"{LIST}{record_id}").text
    assert send(staff, f"{OFFICE}task/{task_id}/do/remove", {}).location.endswith(f"{OFFICE}{record_id}")
    assert read(projects, Task, task_id) is None


def test_a_new_task_belongs_to_a_project_that_is_there(projects: World) -> None:
    """Nonsense, a case of the tenant's, another tenant's project: the one 404, and nothing is written."""
    staff, theirs = projects.staff(), add(projects, slug="two")
    invoice = projects.one.invoices["alpha"]
    nothing = staff.get("/staff/nonsense").data
    for of in ("", "?of=", "?of=x", "?of=987654321", f"?of={theirs}", f"?of={invoice}", f"?of={'9' * 40}"):
        for answer in (
            staff.get(f"{OFFICE}task/do/add{of}"),
            post(staff, f"{OFFICE}task/do/add{of}", {"f_title": "x"}),
        ):
            assert (answer.status_code, answer.data) == (404, nothing), of
    with projects.writing("two") as session:
        assert session.scalars(select(Task).where(Task.parent_id == theirs)).all() == []


def test_a_step_is_chosen_among_the_tasks_of_its_project(projects: World) -> None:
    record_id = add(projects, tasks=[{"title": "Mine"}, {"title": "Mine too"}])
    other_id = add(projects, tasks=[{"title": "Of another"}])
    with projects.writing() as session:
        task_id = session.scalar(select(Task.id).where(Task.parent_id == record_id).order_by(Task.id))
        foreign = session.scalar(select(Task.id).where(Task.parent_id == other_id))
    staff, path = projects.staff(), f"{OFFICE}task/{task_id}/do/edit"
    page = staff.get(path).text
    assert ("Mine too" in page, "Of another" in page) == (True, False)
    assert send(staff, path, {"f_within_id": str(foreign)}).status_code == 422
    assert read(projects, Task, task_id).within_id is None


def test_milestones_are_reached_and_told_so(projects: World) -> None:
    record_id = add(projects, milestones=[{"title": "Roof", "due_on": _DAY - timedelta(1)}])
    with projects.writing() as session:
        milestone_id = session.scalar(select(Milestone.id).where(Milestone.parent_id == record_id))
    staff, client = projects.staff(), projects.contact("whole")
    assert "Delayed" in words(client.get(f"{LIST}{record_id}"))
    send(staff, f"{OFFICE}milestone/{milestone_id}/do/reach", {})
    assert read(projects, Milestone, milestone_id).reached_on == _DAY
    assert "Reached" in words(client.get(f"{LIST}{record_id}"))
    assert "Delayed" not in words(client.get(f"{LIST}{record_id}"))


def test_the_box_shows_what_runs_how_far_it_is_and_what_comes_next(projects: World) -> None:
    """Of an account that no other test writes for; nothing of drafts, of what is over, or of internal milestones."""
    client = projects.contact("two_sites")
    site: dict[str, Any] = {"site_id": projects.one.sites["b1"]}
    assert "Projects in progress" not in words(client.get("/portal/"))
    coming = [
        {"title": "Later", "due_on": _DAY + timedelta(9)},
        {"title": "Sooner", "due_on": _DAY + timedelta(3)},
        {"title": "Over", "due_on": _DAY - timedelta(3), "reached_on": _DAY},
        {"title": SECRET, "due_on": _DAY, "published": False},
    ]
    add(projects, "beta", title="Runs", tasks=[{"progress": 30}], milestones=coming, **site)
    add(projects, "beta", title="Lags", milestones=[{"title": "Slipped", "due_on": _DAY - timedelta(2)}], **site)
    for status in (DRAFT, PLANNED, DONE):
        add(projects, "beta", title=f"Is {status}", status=status, **site)
    page = client.get("/portal/")
    assert 'max="100" value="30"' in page.text
    assert "Runs 30% 30% Next: Sooner," in words(page)
    assert "Delayed: Slipped, due on" in words(page)
    assert not any(f"Is {status}" in words(page) for status in (DRAFT, PLANNED, DONE))
    assert SECRET not in page.text
    for flag, gone in (("progress", "30%"), ("milestones.title", "Sooner"), ("status", "Runs")):
        with projects.writing() as session:
            save_flags(session, "projects", "project", FieldFlags(((flag, Flags(seen=False)),)))
        try:
            assert gone not in words(client.get("/portal/")), flag
        finally:
            with projects.writing() as session:
                save_flags(session, "projects", "project", NO_FLAGS)


@pytest.mark.parametrize("who", ["whole", STAFF])
def test_a_page_costs_the_same_with_three_tasks_and_with_three_hundred(projects: World, who: str) -> None:
    record_id = add(projects, tasks=[dated(f"Task {n}", n, n + 3) for n in range(3)], milestones=[{"title": "m"}] * 3)
    browser, base = (projects.staff(), OFFICE) if who == STAFF else (projects.contact(who), LIST)

    def count() -> int:
        """Statements of the project's page, once what is kept in memory is there."""
        browser.get(f"{base}{record_id}")
        with statements(projects.engine) as sent:
            assert browser.get(f"{base}{record_id}").status_code == 200
        return len(sent)

    few = count()
    with projects.writing() as session:
        session.add_all(Task(parent_id=record_id, **dated(f"More {n}", n % 40, n % 40 + 5)) for n in range(300))
        session.add_all(Milestone(parent_id=record_id, title="m", due_on=_DAY) for _ in range(30))
    assert count() == few
    if who != STAFF:
        assert few <= MOST_STATEMENTS
