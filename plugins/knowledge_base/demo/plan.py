"""The articles of the demonstration; their texts lie in `articles`, one folder for each language."""

from dataclasses import dataclass

from plugins.knowledge_base.models import ARCHIVED, DRAFT, PUBLISHED

CATEGORIES = {
    "equipos": {"es": "Equipos y averías", "en": "Equipment"},
    "portal": {"es": "Uso del portal", "en": "Portal help"},
    "normas": {"es": "Normas y simulacros", "en": "Rules, drills"},
}


@dataclass(frozen=True)
class Plan:
    """One article: the name of its text, its category, how many days ago it was published, for whom it is."""

    name: str
    category: str
    days: int
    helped: int = 0
    segment: str = ""
    state: str = PUBLISHED


ARTICLES = (
    Plan("extintor-que-pierde-presion", "equipos", 40, helped=12),
    Plan("la-central-pita", "equipos", 25, helped=31),
    Plan("falsas-alarmas", "equipos", 90, helped=7),
    Plan("guardia-de-24-horas", "equipos", 12, helped=4, segment="mantenimiento"),
    Plan("como-abrir-un-caso", "portal", 120, helped=9),
    Plan("leer-la-factura", "portal", 60, helped=15),
    Plan("simulacro", "normas", 18, helped=5),
    Plan("normas-de-la-comunidad", "normas", 75),
    Plan("detectores-nuevos", "equipos", 3, state=DRAFT),
    Plan("halon", "equipos", 700, state=ARCHIVED),
)
