"""What was asked, what was seen, and whether that is enough: as tables for a terminal or a README, and as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_FIGURES = {
    "requests_per_second": "requests/s",
    "of_floor": "of the floor",
    "p50_ms": "p50 ms",
    "p95_ms": "p95 ms",
    "p95_of_floor": "p95 of the floor's",
    "cpu_ms": "CPU ms, database apart",
}


@dataclass(frozen=True)
class Finding:
    """One promise and what became of it; `met` is None where it could not be measured."""

    what: str
    database: str
    asked: str
    seen: str
    met: bool | None
    bound: float | None = None
    value: float | None = None


@dataclass
class Report:
    """All that one run has found out."""

    findings: list[Finding] = field(default_factory=list)
    #: database -> page -> medians of its rounds
    pages: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    #: what belongs to the figures: database -> sentences
    notes: dict[str, list[str]] = field(default_factory=dict)

    def at_least(self, what: str, database: str, bound: float, value: float, unit: str = "") -> None:
        """Keep a figure that must reach `bound`."""
        asked, seen = f"at least {_number(bound)}{unit}", f"{_number(value)}{unit}"
        self.findings.append(Finding(what, database, asked, seen, value >= bound, bound, value))

    def at_most(self, what: str, database: str, bound: float, value: float, unit: str = "") -> None:
        """Keep a figure that must not pass `bound`."""
        asked, seen = f"at most {_number(bound)}{unit}", f"{_number(value)}{unit}"
        self.findings.append(Finding(what, database, asked, seen, value <= bound, bound, value))

    def missing(self, what: str, database: str, reason: str) -> None:
        """Keep that something could not be measured, and why."""
        self.findings.append(Finding(what, database, "", f"could not be measured: {reason}", None))

    def note(self, database: str, sentence: str) -> None:
        """Keep a sentence that belongs to the figures."""
        self.notes.setdefault(database, []).append(sentence)

    @property
    def complete(self) -> bool:
        """Whether everything could be measured."""
        return all(each.met is not None for each in self.findings)

    def as_json(self, machine: Mapping[str, Any]) -> dict[str, Any]:
        """The whole report, with what it was made on."""
        return {"machine": dict(machine), **asdict(self), "complete": self.complete}

    def as_text(self) -> str:
        """The whole report as Markdown."""
        parts = [_table(["", "asked", *self._databases()], self._promises())]
        for database, pages in self.pages.items():
            rows = [[page, *(_cell(figures.get(name)) for name in _FIGURES)] for page, figures in pages.items()]
            parts.append(f"{TITLES[database]}:\n\n" + _table(["", *_FIGURES.values()], rows))
        parts += [f"{TITLES[database]}: {' '.join(said)}" for database, said in self.notes.items()]
        return "\n\n".join(parts) + "\n"

    def _databases(self) -> list[str]:
        return [title for name, title in TITLES.items() if any(each.database == name for each in self.findings)]

    def _promises(self) -> list[list[str]]:
        """One row for each promise, with a column for each database."""
        rows = []
        shown = [name for name, title in TITLES.items() if title in self._databases()]
        for what in dict.fromkeys(each.what for each in self.findings):
            found = {each.database: each for each in self.findings if each.what == what}
            asked = dict.fromkeys(each.asked for each in found.values() if each.asked)
            rows.append([what, " / ".join(asked), *(_outcome(found.get(name)) for name in shown)])
        return rows


def _outcome(finding: Finding | None) -> str:
    if finding is None:
        return ""
    return finding.seen if finding.met is None else f"{finding.seen}, {'met' if finding.met else '**not met**'}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown whose columns stand below each other in a terminal as well."""
    everything = [head, *rows]
    widths = [max(len(row[i]) for row in everything) for i in range(len(head))]
    everything.insert(1, ["-" * width for width in widths])
    aligned = [" | ".join(map(str.ljust, row, widths)) for row in everything]
    return "\n".join(f"| {line} |" for line in aligned)


def _cell(value: float | None) -> str:
    return "" if value is None else _number(value)


def _number(value: float) -> str:
    """A figure with as many digits as are worth reading."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"
