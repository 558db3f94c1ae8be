"""Which quotes there are in the demonstration: some to answer, some answered, and the cases worth showing."""

from dataclasses import dataclass
from decimal import Decimal

from plugins.quotes.models import ACCEPTED, DECLINED, DRAFT, INVOICED, SENT


@dataclass(frozen=True)
class Item:
    """One line of a quote, before the sums."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    optional: bool = False


def item(description: str, quantity: int, unit_price: str, *, optional: bool = False) -> Item:
    """A line, of numbers as one writes them."""
    return Item(description, Decimal(quantity), Decimal(unit_price), optional)


@dataclass(frozen=True)
class Plan:
    """One quote to be. `issued`, `until` and `answered` are days from today, less than none in the past; `signed` says
    that the answer was given in the portal, with all that proves it. `key` is what orders of the demonstration know it
    by, and `language` that of its paper. `said` are (days ago, hour, who, text), who being the key of a contact, or
    nothing for the firm."""

    account: str
    site: str
    contact: str
    status: str
    subject: str
    issued: int
    until: int
    items: tuple[Item, ...]
    answered: int | None = None
    signed: bool = False
    order_number: str = ""
    reference: str = ""
    note: str = ""
    key: str = ""
    language: str = "es"
    said: tuple[tuple[int, int, str, str], ...] = ()


_WITHIN = "Trabajos en horario laboral. Garantía de dos años en material e instalación."
PLANS = (
    Plan(
        "logistica", "logistica/riba", "lucia", INVOICED, "Rociadores de los muelles de carga", -104, -74,
        (item("Sustitución de rociadores en muelles de carga, K80", 64, "27.40"),), -92, key="rociadores",
        reference="Muelles 1 a 8", note=_WITHIN,
    ),
    Plan(
        "hotel", "hotel/playa", "marta", ACCEPTED, "Detección en cocinas y cámaras", -85, -55,
        (
            item("Detección en cocinas y cámaras: central, 14 detectores y cableado", 1, "3980.00"),
            item("Puesta en marcha y formación del personal", 1, "620.00"),
            item("Contrato de mantenimiento, primer año", 1, "310.00", optional=True),
        ),
        -72, signed=True, order_number="OBRA-COCINAS", note="Con un anticipo del 40 %. " + _WITHIN, key="cocinas",
    ),
    Plan(
        "lavanderia", "lavanderia/nave", "amparo", ACCEPTED, "Extinción automática en secadoras", -58, -28,
        (
            item("Sistema de extinción automática en secadoras", 1, "3900.00"),
            item("Obra auxiliar y legalización", 1, "400.00"),
        ),
        -42, signed=True, note="Se monta con las máquinas paradas.", key="secadoras",
    ),
    Plan(
        "comunidad", "comunidad/edificio", "dolores", DECLINED, "Puertas cortafuegos del garaje", -150, -120,
        (item("Puerta cortafuegos EI2 60-C5, instalada", 2, "612.00"),), -131,
        said=((131, 18, "dolores", "La junta ha decidido dejarlo para el año que viene. Gracias de todos modos."),),
    ),
    Plan(
        "colegio", "colegio/deportes", "begona", SENT, "Alumbrado de emergencia del polideportivo", -64, -34,
        (item("Luminaria de emergencia LED, 500 lm, antivandálica, instalada", 18, "84.50"),),
    ),
    Plan(
        "hotel", "hotel/centro", "marta", SENT, "Renovación de extintores de planta", -6, 24,
        (
            item("Extintor de polvo ABC de 6 kg, con soporte y señal", 38, "46.20"),
            item("Extintor de CO₂ de 5 kg para cuadros eléctricos", 6, "96.40"),
            item("Retirada y gestión de los extintores viejos", 1, "180.00"),
            item("Armario de acero inoxidable para zonas nobles", 12, "74.00", optional=True),
        ),
        reference="Plan de inversiones", note="Montaje en dos días, planta por planta. " + _WITHIN,
        said=(
            (4, 9, "julio", "¿El precio de los armarios incluye la colocación?"),
            (4, 12, "", "Sí, colocados y con su señal. Si solo quieren algunas plantas, lo ajustamos."),
        ),
    ),
    Plan(
        "logistica", "logistica/quart", "ruben", DRAFT, "Detección por aspiración en cámara fría", -1, 29,
        (item("Equipo de detección por aspiración, dos zonas", 1, "2890.00"),),
    ),
    Plan(
        "academia", "academia/aulas", "emily", ACCEPTED, "Emergency lighting, new wing", -12, 18,
        (
            item("Emergency luminaire, LED, 200 lm, fitted", 12, "52.30"),
            item("Photoluminescent exit sign", 8, "7.80"),
        ),
        -7, signed=True, order_number="SB-118", reference="Autumn works", key="luminaires", language="en",
    ),
    Plan(
        "academia", "academia/aulas", "emily", SENT, "Fire safety course", -3, 27,
        (
            item("Half-day course at your school, up to 15 people", 1, "390.00"),
            item("Practice with real extinguishers, outdoors", 1, "140.00"),
            item("Certificate for each person", 15, "4.00", optional=True),
        ),
        note="In English. The day is agreed with you.", language="en",
    ),
)  # fmt: skip
