"""What the made-up firm does and bills: works with their prices, by the kind of visit."""

from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

VAT = Decimal(21)


@dataclass(frozen=True)
class Work:
    """One line of an invoice, before the sums."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal = Decimal(0)

    @property
    def net(self) -> int:
        """The line's net amount in cents."""
        return int((self.quantity * self.unit_price * (100 - self.discount)).quantize(Decimal(1)))

    @property
    def tax(self) -> int:
        """The line's VAT in cents."""
        return int((self.net * VAT / 100).quantize(Decimal(1)))


def work(description: str, quantity: int | str, unit_price: str, discount: int = 0) -> Work:
    """A line, of numbers as one writes them."""
    return Work(description, Decimal(quantity), Decimal(unit_price), Decimal(discount))


# description, unit price, fewest and most
_REGULAR = (
    ("Revisión trimestral de extintores portátiles", "4.60", 12, 48),
    ("Revisión de bocas de incendio equipadas (BIE) de 25 mm", "16.80", 3, 14),
    ("Revisión de la central de detección y alarma", "84.00", 1, 2),
    ("Revisión de detectores ópticos de humo", "3.75", 18, 90),
    ("Revisión de pulsadores y sirenas de alarma", "4.90", 4, 22),
    ("Revisión de luminarias de alumbrado de emergencia", "2.95", 15, 80),
    ("Revisión del grupo de presión contra incendios", "196.00", 1, 1),
    ("Revisión de puertas cortafuegos", "11.50", 2, 16),
)
_REPAIRS = (
    ("Retimbrado de extintor de polvo ABC de 6 kg", "23.90", 3, 16),
    ("Recarga de extintor de CO₂ de 5 kg", "31.40", 1, 6),
    ("Extintor nuevo de polvo ABC de 6 kg, con soporte y señal", "48.60", 1, 5),
    ("Prueba de presión quinquenal de manguera de BIE", "41.00", 2, 10),
    ("Sustitución de manguera semirrígida de BIE, 20 m", "138.00", 1, 3),
    ("Sustitución de baterías de la central, 12 V 7 Ah", "36.50", 2, 4),
    ("Sustitución de detector óptico de humo", "44.20", 1, 8),
    ("Luminaria de emergencia LED, 200 lm, instalada", "52.30", 1, 9),
    ("Señal fotoluminiscente de evacuación, clase A", "7.80", 4, 24),
    ("Sellado de paso de instalaciones, EI 120", "63.00", 1, 5),
)
_LABOUR = ("Mano de obra de oficial, hora", "38.50", 1, 6)
_TRAVEL = ("Desplazamiento", "24.00", 1, 1)

#: what those are told who are written to in English
_ENGLISH = {
    "Revisión trimestral de extintores portátiles": "Quarterly check of portable extinguishers",
    "Revisión de bocas de incendio equipadas (BIE) de 25 mm": "Check of fire hose reels, 25 mm",
    "Revisión de la central de detección y alarma": "Check of the detection and alarm panel",
    "Revisión de detectores ópticos de humo": "Check of optical smoke detectors",
    "Revisión de pulsadores y sirenas de alarma": "Check of call points and sounders",
    "Revisión de luminarias de alumbrado de emergencia": "Check of emergency lights",
    "Revisión del grupo de presión contra incendios": "Check of the fire pump set",
    "Revisión de puertas cortafuegos": "Check of fire doors",
    "Retimbrado de extintor de polvo ABC de 6 kg": "Pressure test of an ABC powder extinguisher, 6 kg",
    "Recarga de extintor de CO₂ de 5 kg": "Refill of a CO₂ extinguisher, 5 kg",
    "Extintor nuevo de polvo ABC de 6 kg, con soporte y señal": (
        "New ABC powder extinguisher, 6 kg, with bracket and sign"
    ),
    "Prueba de presión quinquenal de manguera de BIE": "Five-yearly pressure test of a hose reel",
    "Sustitución de manguera semirrígida de BIE, 20 m": "New semi-rigid hose for a hose reel, 20 m",
    "Sustitución de baterías de la central, 12 V 7 Ah": "New batteries for the alarm panel, 12 V 7 Ah",
    "Sustitución de detector óptico de humo": "New optical smoke detector",
    "Luminaria de emergencia LED, 200 lm, instalada": "LED emergency light, 200 lm, fitted",
    "Señal fotoluminiscente de evacuación, clase A": "Photoluminescent exit sign, class A",
    "Sellado de paso de instalaciones, EI 120": "Fire sealing of a service opening, EI 120",
    "Mano de obra de oficial, hora": "Skilled labour, hour",
    "Desplazamiento": "Travel",
    "Certificado anual de mantenimiento de instalaciones de protección contra incendios": (
        "Yearly certificate of maintenance of fire protection"
    ),
}

CERTIFICATE = work("Certificado anual de mantenimiento de instalaciones de protección contra incendios", 1, "65.00")
TRAINING = work("Formación en el uso de extintores y BIE, grupo de hasta 15 personas", 1, "320.00")


def regular_visit(rng: Random, discount: int = 0) -> list[Work]:
    """The lines of a visit by contract: some installations reviewed, and the way there."""
    chosen = sorted(rng.sample(range(len(_REGULAR)), rng.randint(2, 4)))
    lines = [_drawn(rng, _REGULAR[i], discount) for i in chosen]
    return [*lines, _drawn(rng, _TRAVEL)]


def repair(rng: Random) -> list[Work]:
    """The lines of what a visit found to be mended."""
    chosen = sorted(rng.sample(range(len(_REPAIRS)), rng.randint(1, 3)))
    return [*(_drawn(rng, _REPAIRS[i]) for i in chosen), _drawn(rng, _LABOUR), _drawn(rng, _TRAVEL)]


def _drawn(rng: Random, priced: tuple[str, str, int, int], discount: int = 0) -> Work:
    description, price, fewest, most = priced
    return work(description, rng.randint(fewest, most), price, discount)


def in_english(each: Work) -> Work:
    """A line as it stands on the invoice of somebody who is written to in English."""
    return replace(each, description=_ENGLISH.get(each.description, each.description))
