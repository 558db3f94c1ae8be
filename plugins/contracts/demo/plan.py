"""Which contracts the made-up firm has with its clients. Days count from the demonstration's day."""

from dataclasses import dataclass, field
from decimal import Decimal

from plugins.contracts.models import ACTIVE, AUTOMATIC, DRAFT, NONE, OFFERED, ON_REQUEST, SUSPENDED


@dataclass(frozen=True)
class Bought:
    """A service of a contract, and what was used of it: (days ago, units, what for)."""

    what: str
    quantity: Decimal
    price: Decimal
    unit: str = ""
    used: tuple[tuple[int, str, str], ...] = ()


def fee(what: str, price: str) -> Bought:
    """What is paid once, and not counted."""
    return Bought(what, Decimal(1), Decimal(price))


def units(what: str, quantity: int, unit: str, price: str, *used: tuple[int, str, str]) -> Bought:
    """What is counted."""
    return Bought(what, Decimal(quantity), Decimal(price), unit, used)


@dataclass(frozen=True)
class Plan:
    """A contract: whose, how far it is, when it runs (days), and what was bought with it."""

    account: str
    title: str
    starts: int
    ends: int | None
    coverage: str
    bought: tuple[Bought, ...]
    status: str = ACTIVE
    renewal: str = NONE
    notice: int | None = None
    site: str = ""
    contact: str = ""
    reference: str = ""
    #: sites of the account's, and numbers of assets
    covers: tuple[str, ...] = field(default=())
    assets: tuple[str, ...] = field(default=())
    #: what was said: (days ago, who, text)
    said: tuple[tuple[int, str, str], ...] = field(default=())


PLANS = (
    Plan(
        "hotel", "Mantenimiento anual contra incendios", -342, 22,
        "Revisión trimestral de detección, extinción, BIE y alumbrado de emergencia de los tres centros, con las actas "
        "que pide la aseguradora.\n\nNo incluye los repuestos ni la recarga de extintores.",
        (
            units("Revisión trimestral", 12, "visitas", "285", (330, "3", "Primer trimestre, tres centros"),
                  (240, "3", "Segundo trimestre"), (150, "3", "Tercer trimestre"), (58, "2", "Playa y Centro")),
            units("Horas de técnico", 20, "horas", "46.50", (201, "6", "Sirena del Centro"),
                  (96, "7.5", "Detectores de la lavandería"), (6, "4.5", "Avería de la zona 3, Playa")),
            fee("Guardia de 24 horas", "640"),
        ),
        renewal=ON_REQUEST, notice=45, contact="marta", reference="SEG-2207", covers=("playa", "centro", "oficinas"),
        assets=("MB-P-100", "MB-P-101", "MB-C-021"),
        said=(
            (3, "marta", "Queremos renovarlo con una visita más en temporada alta. ¿Nos hacen una propuesta?"),
            (2, "CARMEN", "Claro, Marta. Se la enviamos esta semana con las cinco visitas de Playa desglosadas."),
        ),
    ),
    Plan(
        "hotel", "Retimbrado y recarga de extintores", -120, 610,
        "Retimbrado de los extintores de los tres centros según su fecha, con préstamo mientras dura.",
        (units("Retimbrado o recarga", 64, "extintores", "17.80", (110, "18", "Centro, plantas 1 a 4"),
               (31, "9", "Playa, cocinas")),),
        renewal=AUTOMATIC, covers=("playa", "centro", "oficinas"),
    ),
    Plan(
        "lavanderia", "Mantenimiento de rociadores de la nave", -75, 290,
        "Prueba semestral de la bomba, las válvulas y los rociadores.",
        (units("Prueba semestral", 2, "visitas", "410", (40, "1", "Prueba de otoño")),),
        site="lavanderia/nave", assets=("MB-L-001", "MB-L-002"),
    ),
    Plan(
        "logistica", "Rociadores, BIE y puertas cortafuegos: cinco centros", -716, 14,
        "Mantenimiento preventivo de las cinco plataformas y desplazamiento urgente en menos de cuatro horas.",
        (
            units("Visita de mantenimiento", 40, "visitas", "236", (640, "5", "Primera ronda"),
                  (455, "10", "Segunda ronda"), (270, "10", "Tercera ronda"), (88, "9", "Cuarta ronda, sin Quart")),
            units("Desplazamiento urgente", 10, "salidas", "118", (300, "2", "Riba-roja"), (120, "1", "Alzira"),
                  (1, "1", "Sagunt, rociador del muelle 7")),
            fee("Libro de mantenimiento digital", "390"),
        ),
        renewal=AUTOMATIC, reference="TRV-C-118", covers=("sagunt", "riba", "quart", "alzira", "valencia"),
        assets=("TV-R-007", "TV-S-003"),
    ),
    Plan(
        "logistica", "Guardia nocturna de la plataforma de Sagunt", 12, 377,
        "Un técnico localizable de 22 a 6 h, con presencia en menos de una hora.\n\n"
        "La primera llamada de cada mes no se factura.",
        (fee("Guardia nocturna, doce meses", "5280"), units("Llamada atendida", 12, "llamadas", "95")),
        OFFERED, ON_REQUEST, site="logistica/sagunt", contact="ruben",
    ),
    Plan(
        "logistica", "Sala de baterías de Alzira", 30, 395,
        "Detección por aspiración y extinción por gas. Pendiente de medir la sala.",
        (fee("Mantenimiento anual", "1940"),), DRAFT, site="logistica/alzira",
    ),
    Plan(
        "comunidad", "Mantenimiento del garaje y las zonas comunes", -400, 330,
        "Extintores, detectores de monóxido y alumbrado de emergencia del garaje.",
        (units("Revisión", 8, "visitas", "96", (360, "1", ""), (270, "1", ""), (180, "1", ""), (60, "1", "")),),
        renewal=AUTOMATIC, site="comunidad/edificio", contact="dolores",
    ),
    Plan(
        "colegio", "Formación y simulacros del curso", -250, 115,
        "Dos simulacros por edificio y un curso de extintores para el claustro.",
        (units("Simulacro", 6, "simulacros", "210", (190, "3", "Primer trimestre"), (25, "2", "Primaria y Secundaria")),
         units("Plaza en el curso", 24, "plazas", "38", (200, "22", "Claustro"))),
        covers=("primaria", "secundaria", "deportes"),
    ),
    Plan(
        "colegio", "Mantenimiento del polideportivo", -500, -135,
        "Extintores y alumbrado de emergencia.", (fee("Mantenimiento anual", "410"),), site="colegio/deportes",
    ),
    Plan(
        "academia", "Yearly fire safety care, Dénia", -210, 155,
        "Four visits a year: detectors, extinguishers, emergency lights, and the fire drill with the summer school.\n\n"
        "Parts are invoiced apart.",
        (
            units("Maintenance visit", 4, "visits", "148", (200, "1", "Autumn"), (112, "1", "Winter"),
                  (22, "1", "Spring")),
            units("Fire drill", 1, "drills", "190"),
        ),
        renewal=ON_REQUEST, site="academia/aulas", contact="emily", assets=("SB-001",),
        said=((20, "emily", "Could the drill be on the first day of the summer school, 3 July?"),
              (19, "CARMEN", "Of course. Oliver will be there at ten.")),
    ),
    Plan(
        "academia", "Alarm line, monitoring centre", -90, 275,
        "Transmission of alarms around the clock. It rests while the building is being painted.",
        (fee("Monitoring, twelve months", "312"),), SUSPENDED, AUTOMATIC, site="academia/aulas",
    ),
)  # fmt: skip
