"""Which projects there are in the demonstration: what a firm for fire protection builds for its clients. Days count
from the demonstration's own: those that are past are below nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from plugins.projects.models import ACTIVE, DONE, DRAFT, PLANNED

CARMEN, OLIVER = "carmen", "oliver"


@dataclass(frozen=True)
class Job:
    """A task: its title, its first and last day, how far it is, its hours, whether it is the staff's alone; and the
    title of that which it is a step of."""

    title: str
    start: int | None
    end: int | None
    progress: int = 0
    hours: int | None = None
    internal: bool = False
    within: str = ""


@dataclass(frozen=True)
class Goal:
    """A milestone: the day on which it is due, and that on which it was reached."""

    title: str
    due: int
    reached: int | None = None
    internal: bool = False


@dataclass(frozen=True)
class Word:
    """Something that was said so many days ago; by the staff among themselves where it is `internal`."""

    days: int
    by: str
    text: str
    internal: bool = False
    file: str = ""


@dataclass(frozen=True)
class Plan:
    """One project: whose it is, what it says, and what it consists of. `paper` is a document that clients see."""

    account: str
    site: str
    contact: str
    title: str
    description: str
    status: str
    start: int
    end: int
    manager: str
    jobs: Sequence[Job] = ()
    goals: Sequence[Goal] = ()
    words: Sequence[Word] = ()
    paper: str = ""


_DETECTION = "Montaje de la detección"
_ROOMS = "Installation"

PLANS = (
    Plan(
        "hotel", "hotel/playa", "marta", "Renovación de la detección de incendios",
        "Sustitución de la central, de 84 detectores y del cableado de las plantas 1 a 4, con el hotel abierto.",
        ACTIVE, -46, 38, OLIVER,
        (
            Job("Proyecto y replanteo", -46, -34, 100, 40),
            Job("Pedido al fabricante: negociar descuento", -40, -33, 100, 6, internal=True),
            Job(_DETECTION, -20, 18, 45, None),
            Job("Plantas 1 y 2", -20, -6, 100, 96, within=_DETECTION),
            Job("Plantas 3 y 4", -5, 8, 35, 96, within=_DETECTION),
            Job("Sótano y lavandería", 9, 18, 0, 64, within=_DETECTION),
            Job("Subcontrata de albañilería: confirmar precio", -3, 4, 50, 8, internal=True),
            Job("Central nueva y puesta en marcha", 19, 28, 0, 48),
            Job("Formación del personal del hotel", None, None, 0, 8),
        ),
        (
            Goal("Proyecto aprobado", -34, -33),
            Goal("Habitaciones terminadas", 8),
            Goal("Puesta en marcha", 28),
            Goal("Recepción", 38),
            Goal("Facturar el segundo plazo", 9, internal=True),
        ),
        (
            Word(33, OLIVER, "Buenos días, Marta. Adjunto el acta de replanteo con el orden de plantas.", file="acta"),
            Word(32, "marta", "De acuerdo. Por favor, en la planta 2 empiecen después de las 10 h: hay un congreso."),
            Word(6, OLIVER, "Plantas 1 y 2 terminadas y probadas. El lunes seguimos por la 3."),
            Word(5, OLIVER, "Ojo: faltan 6 zócalos del pedido. Los trae el proveedor el jueves.", True, "albarán"),
        ),
        "Planificación de las obras",
    ),
    Plan(
        "logistica", "logistica/riba", "ruben", "Rociadores en la ampliación del almacén",
        "Red de rociadores para las 1.200 m² nuevos, conectada al grupo de presión que ya existe.",
        PLANNED, 12, 96, CARMEN,
        (
            Job("Cálculo hidráulico", 12, 24, 0, 32),
            Job("Montaje de tuberías", 28, 70, 0, 240),
            Job("Prueba de presión", 72, 76, 0, 16),
            Job("Buscar segundo equipo de montaje", 14, 20, 0, None, internal=True),
        ),
        (Goal("Licencia concedida", 10), Goal("Prueba de presión superada", 76), Goal("Recepción", 96)),
    ),
    Plan(
        "academia", "academia/aulas", "emily", "Emergency lighting for the new classrooms",
        "Twenty-two emergency lights and new exit signs for the first floor, with the certificate that the council "
        "asks for.",
        ACTIVE, -15, 21, OLIVER,
        (
            Job("Survey and drawings", -15, -11, 100, 10),
            Job(_ROOMS, -4, 9, 40, None),
            Job("Corridor and stairs", -4, 1, 80, 24, within=_ROOMS),
            Job("Classrooms 1 to 6", 2, 9, 0, 36, within=_ROOMS),
            Job("Check stock of LED packs", -8, -6, 100, 1, internal=True),
            Job("Test and certificate", 12, 14, 0, 8),
        ),
        (Goal("Drawings agreed", -10, -11), Goal("Stairs in service", -1), Goal("Certificate handed over", 21)),
        (
            Word(11, OLIVER, "Hello Emily, here are the drawings as agreed on Monday.", file="drawings"),
            Word(10, "emily", "Perfect, thank you. Classroom 4 is free on Thursday afternoons."),
        ),
        "Programme of works",
    ),
    Plan(
        "colegio", "colegio/deportes", "begona", "Adecuación del polideportivo a la normativa",
        "Puertas cortafuegos, señalización y pulsadores de alarma.",
        DONE, -190, -122, CARMEN,
        (
            Job("Puertas cortafuegos", -190, -160, 100, 80),
            Job("Señalización y pulsadores", -158, -135, 100, 40),
            Job("Repasar garantía de las puertas", -130, -128, 100, 2, internal=True),
        ),
        (Goal("Inspección favorable", -124, -126), Goal("Recepción", -122, -122)),
        (Word(122, CARMEN, "Queda entregada la obra. El acta firmada está entre los documentos."),),
        "Acta de recepción",
    ),
    Plan(
        "comunidad", "comunidad/edificio", "dolores", "Columna seca del edificio", "Pendiente de medir.", DRAFT, 30, 60,
        CARMEN, (Job("Medición", 30, 32),), (Goal("Oferta", 40),),
    ),
)  # fmt: skip
