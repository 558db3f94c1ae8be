"""Which assets there are in the demonstration: the installations of a firm for fire protection, and a licence."""

from collections.abc import Sequence
from dataclasses import dataclass

from plugins.assets.models import EQUIPMENT, IN_REPAIR, IN_SERVICE, LICENCE, OUT_OF_ORDER, PLACE, RETIRED

#: the photographs that an asset may have
PANEL, EXTINGUISHER = "panel", "extinguisher"

#: so many days ago, what was done, by whom, and whether clients read of it
Done = tuple[int, str, str, bool]


@dataclass(frozen=True)
class Plan:
    """One asset. `age` is how many days ago it was installed, `warranty` in how many its warranty ends (below nothing,
    how many ago it ended); `unit` the number of what it is part of."""

    number: str
    name: str
    account: str
    site: str = ""
    unit: str = ""
    kind: str = EQUIPMENT
    state: str = IN_SERVICE
    category: str = ""
    maker: str = ""
    model: str = ""
    serial: str = ""
    age: int = 0
    warranty: int | None = None
    note: str = ""
    picture: str = ""
    works: Sequence[Done] = ()


_DETECTION, _EXTINGUISHERS, _HOSES = "Detección", "Extintores", "Bocas de incendio"

PLANS = (
    Plan(
        "MB-P-100", "Instalación de detección", "hotel", "hotel/playa", kind=PLACE, category=_DETECTION, age=1490,
        note="Planos en recepción, en la carpeta roja. La llave de la central la tiene el jefe de turno.",
    ),
    Plan(
        "MB-P-101", "Central de incendios de recepción", "hotel", "hotel/playa", "MB-P-100", category=_DETECTION,
        state=IN_REPAIR, maker="Avizor", model="CX-8", serial="AVZ-20418-077", age=1490, warranty=-395, picture=PANEL,
        works=(
            (412, "Revisión anual: baterías, lazos 1 a 4 y maniobra de puertas.", "Oliver Grant", True),
            (96, "Sustitución de las dos baterías de 12 V, 7 Ah.", "Oliver Grant", True),
            (1, "Avería en zona 3. Se aísla el sótano y se pide repuesto.", "Oliver Grant", True),
            (1, "Presupuestar el cambio de la central: ya no se fabrican placas.", "Oliver Grant", False),
        ),
    ),
    Plan(
        "MB-P-112", "Detector óptico, sótano de lavandería", "hotel", "hotel/playa", "MB-P-101", category=_DETECTION,
        state=OUT_OF_ORDER, maker="Avizor", model="OD-2", serial="OD2-88120", age=700, warranty=30,
        works=((220, "Limpieza de la cámara. Falso aviso por vapor.", "Oliver Grant", True),),
    ),
    Plan(
        "MB-P-113", "Sirena exterior, fachada norte", "hotel", "hotel/playa", "MB-P-101", category=_DETECTION,
        maker="Tronido", model="S-110", serial="TR-5512", age=700, warranty=30,
    ),
    Plan(
        "MB-C-021", "Extintor de polvo ABC, 6 kg", "hotel", "hotel/centro", category=_EXTINGUISHERS,
        maker="Rocamar", model="P6", serial="RM-60-11873", age=420, warranty=310, picture=EXTINGUISHER,
        works=((55, "Revisión trimestral y cambio del precinto.", "Carmen Doménech", True),),
    ),
    Plan(
        "MB-L-001", "Rociadores de la nave", "lavanderia", "lavanderia/nave", kind=PLACE, category="Rociadores",
        age=2900,
    ),
    Plan(
        "MB-L-002", "Puesto de control y válvula de alarma", "lavanderia", "lavanderia/nave", "MB-L-001",
        category="Rociadores", maker="Aguazul", model="VA-4", serial="AZ-4-3390", age=2900, warranty=-2170,
        works=((130, "Prueba de la válvula y del gong hidráulico. Correcta.", "Oliver Grant", True),),
    ),
    Plan(
        "TV-R-007", "Boca de incendio equipada, muelle 3", "logistica", "logistica/riba", category=_HOSES,
        maker="Rocamar", model="BIE-25", serial="B25-7718", age=980, warranty=45,
        works=((12, "Prueba de presión quinquenal de la manguera.", "Oliver Grant", True),),
    ),
    Plan(
        "TV-S-003", "Grupo de presión contra incendios", "logistica", "logistica/sagunt", category="Bombeo",
        maker="Aguazul", model="GP-2E", serial="GP-0231", age=1900, warranty=-1170,
        works=((63, "Arranque semanal automático comprobado; engrase.", "Oliver Grant", True),),
    ),
    Plan(
        "TV-V-001", "Licencia de supervisión remota, 5 centros", "logistica", kind=LICENCE, category="Programas",
        maker="Avizor", model="Mirador", serial="AVM-5-2291-K", age=320, warranty=45,
        note="Se renueva cada año. Incluye avisos por correo a dos personas de cada centro.",
    ),
    Plan(
        "AL-D-004", "Alumbrado de emergencia del pabellón", "colegio", "colegio/deportes", category="Alumbrado",
        state=RETIRED, maker="Lucerna", model="E-70", age=3300,
        works=((18, "Retirado al cambiar el techo del pabellón.", "Carmen Doménech", True),),
    ),
    Plan(
        "SB-001", "CO₂ extinguisher, 5 kg, computer room", "academia", "academia/aulas", category="Extinguishers",
        maker="Rocamar", model="C5", serial="RM-C5-2044", age=250, warranty=75, picture=EXTINGUISHER,
        works=((20, "Quarterly check: weight, seal and sign are in order.", "Oliver Grant", True),),
    ),
)  # fmt: skip
