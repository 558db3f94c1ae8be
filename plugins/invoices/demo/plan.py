"""Which invoices there are in the demonstration: a year of visits, and the cases worth showing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from plugins.invoices.demo.works import CERTIFICATE, TRAINING, Work, in_english, regular_visit, repair, work
from plugins.invoices.models import CANCELLED, CREDIT_NOTE, DEPOSIT, DRAFT, PAID, PENDING, STANDARD

TERM = 30
#: the account that is written to in English
ENGLISH = "academia"

#: who at an account the firm deals with; keys of the demonstration's contacts
_BUYERS = {
    "hotel": ("marta", "julio"),
    "lavanderia": ("amparo",),
    "logistica": ("ruben", "pilar"),
    "comunidad": ("dolores", "ramon"),
    "colegio": ("begona",),
    "academia": ("emily",),
}


@dataclass
class Plan:
    """One invoice to be. `age` is how many days ago it was issued; `paid` are payments as (days ago,
    cents), where None is what is left of the total. `key` is what a credit note names it by, and
    the order that led to it."""

    account: str
    age: int
    works: list[Work]
    site: str = ""
    contact: str = ""
    status: str = PENDING
    kind: str = STANDARD
    term: int | None = TERM
    paid: list[tuple[int, int | None]] = field(default_factory=list)
    reference: str = ""
    note: str = ""
    reason: str = ""
    key: str = ""
    corrects: str = ""
    has_file: bool = True

    @property
    def total(self) -> int:
        """The total in cents, VAT included; negative for a credit note."""
        return self.sign * sum(each.net + each.tax for each in self.works)

    @property
    def sign(self) -> int:
        """What the amounts are multiplied with."""
        return -1 if self.kind == CREDIT_NOTE else 1


def year(rng: Random, sites: Iterable[str]) -> list[Plan]:
    """The year's invoices, the oldest first. `sites` are the keys of the sites, as "account/site"."""
    plans = [plan for site in sites for plan in _of_site(rng, site)]
    plans += [*_certificates(rng), *_cases()]
    for plan in plans:
        if plan.account == ENGLISH:  # the CRM prints none in English: their paper is made for its reader
            plan.works, plan.has_file = [in_english(each) for each in plan.works], False
    return sorted(plans, key=lambda plan: -plan.age)


def _of_site(rng: Random, site: str) -> list[Plan]:
    """A visit by contract each quarter, and now and then what it found."""
    account = site.partition("/")[0]
    first = rng.randint(4, 80)
    plans = [Plan(account, first + 91 * n, regular_visit(rng, 5 if account == "logistica" else 0)) for n in range(4)]
    plans += [Plan(account, rng.randint(3, 340), repair(rng)) for _ in range(rng.choice((0, 1, 1, 2)))]
    for plan in plans:
        plan.site = site
        plan.contact = rng.choice(("", "", *_BUYERS[account]))
        plan.reference = f"PED-{rng.randint(1000, 9999)}" if account in ("logistica", "hotel") else ""
        plan.has_file = rng.random() < 0.93
        _settle(rng, plan)
    return plans


def _certificates(rng: Random) -> list[Plan]:
    """What is billed to an account as a whole, once a year."""
    plans = [Plan(account, rng.randint(150, 330), [CERTIFICATE]) for account in _BUYERS]
    plans.append(Plan("colegio", 120, [TRAINING], reference="Claustro de profesores"))
    for plan in plans:
        _settle(rng, plan)
    return plans


def _settle(rng: Random, plan: Plan) -> None:
    """Most clients pay within their thirty days, a few are late, and what is recent is open."""
    chance = {"comunidad": 0.75, "logistica": 0.85}.get(plan.account, 0.95)
    paid_after = rng.randint(6, 29)
    pays = rng.random() < (chance if plan.age > TERM else 0.25)
    if plan.age > 110 or (pays and plan.age > paid_after):
        plan.status = PAID
        plan.paid = [(plan.age - min(paid_after, plan.age), None)]


def _cases() -> Sequence[Plan]:
    """Deposits, credit notes, part payments, drafts and what was cancelled, one of each kind at least."""
    detection = work("Anticipo del 40 % de la instalación de detección en cocinas", 1, "1840.00")
    installed = work("Instalación de detección en cocinas y cámaras, según presupuesto", 1, "2760.00")
    sprinklers = work("Sustitución de rociadores en muelles de carga, K80", 64, "27.40")
    doors = work("Puerta cortafuegos EI2 60-C5, instalada", 2, "612.00")
    twice = work("Abono: revisión de luminarias facturada dos veces", 34, "2.95")
    returned = work("Credit: two extinguishers returned", 2, "48.60")
    cylinders = work("Sistema de extinción automática en secadoras, anticipo del 30 %", 1, "1290.00")
    return (
        Plan(
            "hotel", 64, [detection], "hotel/playa", "marta", PAID, DEPOSIT, paid=[(60, None)],
            reference="OBRA-COCINAS", key="cocinas-anticipo",
        ),
        Plan(
            "hotel", 21, [installed], "hotel/playa", "marta", reference="OBRA-COCINAS", note="Descontado el anticipo.",
            key="cocinas",
        ),
        Plan("hotel", 43, [work("Sellado de paso de instalaciones, EI 120", 3, "63.00")], "hotel/centro", "julio"),
        Plan(
            "lavanderia", 38, [cylinders], "lavanderia/nave", "amparo", PENDING, DEPOSIT, paid=[(12, 158090)],
            key="secadoras-anticipo",
        ),
        Plan(
            "logistica", 75, [sprinklers], "logistica/riba", "lucia", paid=[(40, 100000)], reference="PED-7712",
            key="rociadores",
        ),
        Plan("logistica", 52, [doors], "logistica/sagunt", "ivan", paid=[(20, 60000), (6, 45000)]),
        Plan("logistica", 8, [work("Recarga de extintor de CO₂ de 5 kg", 3, "31.40")], "logistica/riba", "ruben"),
        Plan("colegio", 96, regular_luminaires(), "colegio/primaria", status=PAID, paid=[(70, None)], key="twice"),
        Plan("colegio", 18, [twice], "colegio/primaria", "begona", kind=CREDIT_NOTE, term=None, corrects="twice"),
        Plan("academia", 90, [returned], "academia/aulas", status=PAID, kind=CREDIT_NOTE, term=None),
        Plan(
            "comunidad", 130, [doors], "comunidad/edificio", status=CANCELLED, reason="Obra anulada por la junta",
            key="puertas",
        ),
        Plan("comunidad", 47, [work("Retimbrado de extintor de polvo ABC de 6 kg", 11, "23.90")], "comunidad/edificio"),
        Plan("academia", 44, [work("Emergency plan, brought up to date", 1, "430.00")], "academia/aulas", "emily"),
        Plan("academia", 9, [work("Fire drill, with a report", 1, "260.00")], "academia/aulas", "emily"),
        # A private client: no account, the contact alone.
        Plan(
            "",
            200,
            [work("Extintor de polvo ABC de 2 kg, para vivienda", 2, "29.90")],
            "",
            "laura",
            PAID,
            paid=[(198, None)],
        ),
        Plan("", 15, [work("Detector de humo autónomo, 10 años", 4, "32.50")], "", "laura", key="detectores"),
        Plan(
            "logistica",
            1,
            [work("Prueba de presión quinquenal de manguera de BIE", 12, "41.00")],
            "logistica/quart",
            status=DRAFT,
        ),
        Plan("hotel", 2, [TRAINING], "hotel/centro", "julio", DRAFT),
        Plan("academia", 0, [CERTIFICATE], "", "emily", DRAFT),
    )  # fmt: skip


def regular_luminaires() -> list[Work]:
    """The invoice that a credit note corrects: the same luminaires stand in it twice."""
    line = work("Revisión de luminarias de alumbrado de emergencia", 34, "2.95")
    return [line, line, work("Desplazamiento", 1, "24.00")]
