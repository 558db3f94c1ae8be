"""One contact's view of the world, exit by exit, against the oracle."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from core.db.session import open_session
from core.db.viewer import system
from core.i18n import today_in
from core.modules.reach import sight_of
from tests.visibility.exits import (
    box_of_cases,
    choices,
    figures,
    found_by_program,
    found_on_page,
    led_to,
    listed,
    listed_as_csv,
    listed_as_json,
    parts,
    related,
    said,
)
from tests.visibility.oracle import MODULE_OF, PARTS, RECORDS, Oracle, Row
from tests.visibility.sweep import CLASSES, SEARCHED, WORDS, Exits, Look
from tests.worlds.tenancy import Tenancy

#: how many records of one module the search shows
MOST_SHOWN = 50


class ContactLook:
    """Compares each exit of one contact."""

    def __init__(self, look: Look, tenancy: Tenancy, kind: str) -> None:
        self.look_, self.said, self.name = look, look.said, f"{tenancy.slug}/{kind}"
        self.oracle = Oracle(look.tables, tenancy.people[kind], today_in("Europe/Madrid"))
        self.browser = look.world.contact(kind, tenancy.slug)
        self.tenancy, self.kind = tenancy, kind

    def look(self) -> None:
        """Compare each exit of this contact."""
        home = self.browser.get("/portal/")
        self.said.compare(self.name, "home", 200 if self.oracle.enters() else 303, home.status_code)
        if not self.oracle.enters():
            self.look_.world.sign_out(self.kind, self.tenancy.slug)
            return
        self._figures(home.text)
        self._cases(home.text)
        for exits in self.look_.modules():
            ModuleLook(self, exits).look()
        self._everywhere(home.text)
        self._statements()

    def _everywhere(self, home: str) -> None:
        """What many modules come out of: the dashboard's boxes, and the search over all."""
        seen, word = self.oracle.all_records(), self.look_.random.choice(WORDS)
        self.said.compare(self.name, "home leads to others", set(), led_to(home) - seen)
        found = self.oracle.found(word, SEARCHED)
        answer = self.browser.get("/api/v1/search", query_string={"q": word}).json
        counts = {each["module"]: each["number"] for each in answer["counts"]}
        self.said.compare(self.name, f"search {word} counts", {m: len(ids) for m, ids in found.items()}, counts)
        every = {row["id"] for row in self.look_.tables["record"]}
        shown = {each["id"] for each in answer["records"]}
        theirs = set().union(*found.values())
        self.said.compare_ids(self.name, f"search {word}", every - theirs, set(), tuple(shown - theirs))
        page = self.browser.get("/portal/search", query_string={"q": word}).text
        self.said.compare(self.name, f"search {word} page", shown, led_to(page))

    def _statements(self) -> None:
        """What a module's own statements give in this contact's session, class by class."""
        viewer = self.oracle.contact_id
        with open_session(self.look_.world.engine, system(self.tenancy.id)) as session:
            sight, _ = sight_of(session, self.look_.world.registry, viewer)
        with open_session(self.look_.world.engine, sight) as session:
            for cls in CLASSES:
                got = tuple(session.scalars(select(cls.id)))
                expected = self.oracle.rows_of(cls.__tablename__)
                every = {row["id"] for row in self.look_.tables[cls.__tablename__]}
                self.said.compare_ids(self.name, f"select {cls.__name__}", every, expected, got)

    def _cases(self, page: str) -> None:
        """The dashboard's box of cases: how many are open, how many wait, and the latest of them."""
        cases = list(self.oracle.of("cases").records().values())
        latest = sorted(cases, key=lambda row: (row["active_at"], row["id"]), reverse=True)[:3]
        counts = {
            "Not closed": sum(row["state"] != "closed" for row in cases),
            "Waiting for your reply": sum(row["state"] == "waiting" for row in cases),
        }
        expected = {label: number for label, number in counts.items() if number or (cases and label == "Not closed")}
        self.said.compare(self.name, "box of cases", (tuple(row["id"] for row in latest), expected), box_of_cases(page))

    def _figures(self, page: str) -> None:
        """What is due and overdue, in the dashboard's box. A credit may stand beside; only what is due counts."""
        shown = list(figures(page))
        for currency, (due, overdue) in self.oracle.due().items():
            self.said.compare(self.name, f"due {currency}", True, (currency, due) in shown)
            self.said.compare(self.name, f"overdue {currency}", True, not overdue or (currency, overdue) in shown)
        allowed = {(currency, amount) for currency, amounts in self.oracle.due().items() for amount in amounts}
        self.said.compare(self.name, "figures of others", set(), set(shown) - allowed)


class ModuleLook:
    """Compares each exit of one module, for one contact."""

    def __init__(self, of: ContactLook, exits: Exits) -> None:
        self.look_, self.said, self.exits, self.browser = of.look_, of.said, exits, of.browser
        self.name, self.oracle = f"{of.name} {exits.module}", of.oracle.of(exits.module)
        self.seen, self.every = self.oracle.records(), self.look_.records[exits.module]

    def look(self) -> None:
        """Lists with all that narrows them, or the closed gate; and records with what hangs on them."""
        exits = self.exits
        if not self.oracle.opens():
            for path in (exits.portal, exits.listing, f"{exits.portal}{exits.csv}", exits.api):
                self.said.compare(self.name, f"gate {path}", 404, self.browser.get(path).status_code)
        else:
            self._places(self._list({}, set(self.seen)))
            for params, expected in self.look_.random.sample(list(self._narrowed()), 2):
                self._list(params, expected)
        self._search()
        self._details()
        self._files()

    def _narrowed(self) -> Iterator[tuple[dict[str, Any], set[int] | None]]:
        """Questions to the list, and the ids that each must give; None where it must not be there."""
        seen, random_, exits = self.seen, self.look_.random, self.exits
        state = random_.choice(exits.states)
        yield {exits.filtered: state}, {i for i, row in seen.items() if self._state(row) == state}
        word = random_.choice((*WORDS, "a1", "F-01", "C-"))
        texts = {i: " ".join(row[name] for name in exits.searched).lower() for i, row in seen.items()}
        yield {"q": word}, {i for i, text in texts.items() if word.lower() in text}
        if not exits.owned:
            return
        yield {"mine": 1}, {i for i, row in seen.items() if row["contact_id"] == self.oracle.contact_id}
        for name, reached in (("account", self.oracle.account_choices()), ("site", self.oracle.site_choices())):
            every = {row["id"] for row in self.look_.tables[name]}
            for id_ in self.look_.sample(reached, 1) + self.look_.sample(every - reached, 1):
                within = {i for i, row in seen.items() if row[f"{name}_id"] == id_}
                yield {name: id_}, within if id_ in reached else None

    def _search(self) -> None:
        """The search over all modules, of this one, by what words begin with: for people and for programs."""
        word, module = self.look_.random.choice(WORDS), self.exits.module
        searched = {table: names for table, names in SEARCHED.items() if MODULE_OF[table] == module}
        found = self.oracle.found(word, searched).get(module, set())
        for path, read in (("/portal/search", found_on_page), ("/api/v1/search", found_by_program)):
            got = self.browser.get(path, query_string={"q": word, "module": module})
            what = f"{path} {word}"
            self.said.compare(self.name, what, 200 if self.oracle.opens() else 404, got.status_code)
            if self.oracle.opens():
                count, ids = read(got)
                self.said.compare(self.name, f"{what} count", len(found), count)
                others = set(self.every) - found
                self.said.compare_ids(self.name, f"{what} others", others, set(), tuple(set(ids) - found))
                self.said.compare(self.name, f"{what} shown", min(len(found), MOST_SHOWN), len(ids))

    def _state(self, row: Row) -> str:
        return str(row["language"]) if self.exits.filtered == "language" else self.oracle.state(row)

    def _list(self, params: dict[str, Any], expected: set[int] | None) -> str:
        got = listed(self.browser, self.exits.listing, **params)
        self.said.compare(self.name, f"list {params}", 404 if expected is None else 200, got.status)
        if expected is not None:
            self.said.compare_ids(self.name, f"list {params}", set(self.every), expected, got.ids)
            self.said.compare(self.name, f"count {params}", str(len(expected)), got.count)
        self._other_lists(params, expected)
        return got.page

    def _other_lists(self, params: dict[str, Any], expected: set[int] | None) -> None:
        """The same list for programs and for spreadsheets."""
        status, every = 404 if expected is None else 200, set(self.every)
        got = listed_as_json(self.browser, self.exits.api, **params)
        self.said.compare(self.name, f"JSON {params}", status, got.status)
        self.said.compare_ids(self.name, f"JSON {params}", every, expected or set(), got.ids)
        self.said.compare(self.name, f"JSON count {params}", str(len(expected or ())), got.count)
        numbers = sorted(self.every[id_][self.exits.number] for id_ in expected or ())
        got_csv = listed_as_csv(self.browser, f"{self.exits.portal}{self.exits.csv}", **params)
        self.said.compare(self.name, f"CSV {params}", (status, numbers), got_csv)

    def _details(self) -> None:
        """Records' own pages, and what is said on them: all of it that is public, and no word more."""
        look, seen, exits = self.look_, set(self.seen), self.exits
        for id_ in look.sample(seen, 2) + look.sample(set(self.every) - seen, 2):
            status, words = (200, self._said(id_)) if id_ in seen else (404, set())
            paths = [f"{exits.portal}{id_}", f"{exits.api}{id_}"]
            paths += [f"{exits.api}{id_}/messages", f"{exits.api}{id_}/files"] if exits.talks else []
            for path in paths:
                got = self.browser.get(path)
                self.said.compare(self.name, path, status, got.status_code)
                if exits.talks and path not in (f"{exits.api}{id_}", f"{exits.api}{id_}/files"):
                    self.said.compare(self.name, f"{path} words", words, said(got.text))
                if path in paths[:2] and got.status_code == 200:
                    self._hanging(id_, path, got)

    def _hanging(self, id_: int, path: str, got: Any) -> None:
        """The parts of a record, and what it is linked to, on its page or for programs."""
        rows = [
            row for table, of in PARTS.items() if of == RECORDS[self.exits.module] for row in self.oracle.parts(table)
        ]
        expected = set().union(*(parts(str(row.values())) for row in rows if row["parent_id"] == id_))
        self.said.compare(self.name, f"{path} parts", expected, parts(got.text))
        ends = related(got.text) if got.json is None else {each["id"] for each in got.json["links"]}
        self.said.compare(self.name, f"{path} links", self.oracle.links_of(id_), ends)

    def _said(self, record_id: int) -> set[int]:
        rows = self.look_.tables["message"]
        return {r["id"] for r in rows if r["parent_id"] == record_id and r["published"] and r["kind"] == "said"}

    def _files(self) -> None:
        look, every = self.look_, self.every
        files = {row["id"]: row["parent_id"] for row in look.tables["file"] if row["parent_id"] in every}
        theirs = {id_ for id_ in self.oracle.rows_of("file") if id_ in files}
        for id_ in look.sample(theirs, 1) + look.sample(set(files) - theirs, 2):
            query = look.random.choice(("", "?download=1"))
            answer = self.browser.get(f"{self.exits.portal}{files[id_]}/files/{id_}{query}")
            self.said.compare(self.name, f"file {id_}{query}", 200 if id_ in theirs else 404, answer.status_code)

    def _places(self, page: str) -> None:
        """The selectors on top of a list: offered where there is a choice, and exactly what is reached."""
        if not self.exits.owned:
            return
        for name, reached in (("account", self.oracle.account_choices()), ("site", self.oracle.site_choices())):
            expected = reached if len(reached) > 1 else set()
            self.said.compare(self.name, f"selector {name}", expected, choices(page, name))
