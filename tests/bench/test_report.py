"""The arithmetic behind the tables."""

import pytest

from bench.load import Answered
from bench.report import Report
from bench.rounds import Measured, run


def answered(rate: float, p95: float) -> Answered:
    return Answered(requests=int(rate * 10), seconds=10, p50=1, p95=p95, bytes=0)


class Slowing:
    """Servers on a machine that is slower with each load: the floor answers 1,000 at first, a page 400."""

    def __init__(self) -> None:
        self.loads: list[str] = []

    def measure(self, page: str, seconds: int) -> tuple[Answered, float]:
        self.loads.append(page)
        speed = 1 - 0.05 * (len(self.loads) - 1)
        return answered({"floor": 1000, "list": 400}[page] * speed, 5), 1.0


def test_a_page_stands_between_two_loads_of_the_floor_whatever_the_machine_does_meanwhile() -> None:
    machine = Slowing()
    found = run(machine, ["list", "list"], 1, 2)  # type: ignore[arg-type]
    assert machine.loads == ["floor", "list", "floor", "list", "floor"]
    assert found["list"].ratios == pytest.approx([0.4, 0.4])


def test_each_round_is_held_against_the_floor_of_that_round() -> None:
    page = Measured()
    # A machine that was half as fast for one round changes no ratio.
    for floor, own in ((1000, 500), (500, 250), (1000, 400)):
        page.add(answered(own, 6000 / own), 1.0, answered(floor, 6000 / floor))
    assert page.ratios == [0.5, 0.5, 0.4]
    middle = page.middle()
    assert middle["of_floor"] == 0.5
    assert middle["p95_of_floor"] == 2.0
    assert middle["requests_per_second"] == 400
    assert middle["cpu_ms"] == 0.25


def test_the_floor_itself_is_held_against_nothing() -> None:
    floor = Measured()
    floor.add(answered(1000, 5), 1.0)
    assert "of_floor" not in floor.middle()


def test_a_promise_is_met_at_its_bound_and_not_beyond() -> None:
    report = Report()
    report.at_least("list", "sqlite", 0.4, 0.4)
    report.at_least("list", "postgresql", 0.5, 0.4999)
    report.at_most("p95", "sqlite", 3, 3)
    report.at_most("p95", "postgresql", 3, 3.0001)
    assert [each.met for each in report.findings] == [True, False, True, False]
    assert report.complete


def test_what_could_not_be_measured_is_said_and_leaves_the_report_incomplete() -> None:
    report = Report()
    report.at_least("list", "sqlite", 0.4, 0.41)
    report.missing("pages", "postgresql", "3 of 5 answers were not 200")
    assert not report.complete
    assert "could not be measured: 3 of 5" in report.as_text()
    assert report.as_json({"cores": 2})["complete"] is False


def test_one_row_holds_a_promise_for_both_databases() -> None:
    report = Report()
    report.at_least("list", "sqlite", 0.4, 0.41)
    report.at_least("list", "postgresql", 0.5, 0.3)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in report.as_text().splitlines() if line]
    assert rows[0] == ["", "asked", "SQLite", "PostgreSQL"]
    assert rows[2] == ["list", "at least 0.4 / at least 0.5", "0.41, met", "0.3, **not met**"]
