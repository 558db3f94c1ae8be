"""Which orders there are in the demonstration: one in every state, in the client's own language."""

from dataclasses import dataclass
from decimal import Decimal

from plugins.orders.models import CANCELLED, CONFIRMED, DELIVERED, DRAFT, IN_DELIVERY, INVOICED


@dataclass(frozen=True)
class Item:
    """One line: what, how many, and what one costs."""

    description: str
    quantity: Decimal
    unit_price: Decimal


def item(description: str, quantity: int, unit_price: str) -> Item:
    """A line out of plain values."""
    return Item(description, Decimal(quantity), Decimal(unit_price))


@dataclass(frozen=True)
class Plan:
    """One order to be. `ordered`, `deliver` and `delivered` are days from today, less than none in the past. `key` is
    what quotes and invoices of the demonstration know it by; `quoted` says that a quote of that key led to it, and
    `invoiced` are the keys of the invoices that came from it. `said` are (days ago, hour, who, text), who being the
    key of a contact, or nothing for the firm."""

    account: str
    site: str
    contact: str
    status: str
    ordered: int
    items: tuple[Item, ...]
    deliver: int | None = None
    delivered: int | None = None
    shipping: str = ""
    reference: str = ""
    note: str = ""
    reason: str = ""
    key: str = ""
    quoted: bool = False
    invoiced: tuple[str, ...] = ()
    said: tuple[tuple[int, int, str, str], ...] = ()


_VAN, _PARCEL = "Nuestro propio taller", "Paquetería, envío 7741 0093 22"
PLANS = (
    Plan(
        "logistica", "logistica/riba", "lucia", INVOICED, -90,
        (item("Sustitución de rociadores en muelles de carga, K80", 64, "27.40"),),
        -78, -77, _VAN, "PED-7712", key="rociadores", quoted=True, invoiced=("rociadores",),
    ),
    Plan(
        "hotel", "hotel/playa", "marta", INVOICED, -70,
        (
            item("Detección en cocinas y cámaras: central, 14 detectores y cableado", 1, "3980.00"),
            item("Puesta en marcha y formación del personal", 1, "620.00"),
        ),
        -24, -23, _VAN, "OBRA-COCINAS", "Con un anticipo del 40 %.", key="cocinas", quoted=True,
        invoiced=("cocinas-anticipo", "cocinas"),
    ),
    Plan(
        "comunidad", "comunidad/edificio", "dolores", CANCELLED, -140,
        (item("Puerta cortafuegos EI2 60-C5, instalada", 2, "612.00"),),
        reason="Obra anulada por la junta", invoiced=("puertas",),
    ),
    Plan(
        "lavanderia", "lavanderia/nave", "amparo", CONFIRMED, -40,
        (
            item("Sistema de extinción automática en secadoras", 1, "3900.00"),
            item("Obra auxiliar y legalización", 1, "400.00"),
        ),
        12, None, _VAN, "", "Se monta con las máquinas paradas.", key="secadoras", quoted=True,
        invoiced=("secadoras-anticipo",),
        said=(
            (20, 9, "amparo", "¿Pueden montarlo en sábado? Entre semana no paramos las secadoras."),
            (19, 11, "", "Sí, vamos un sábado, sin recargo. Le confirmamos la fecha en cuanto llegue el depósito."),
        ),
    ),
    Plan(
        "colegio", "colegio/primaria", "begona", DELIVERED, -21,
        (
            item("Señal fotoluminiscente de evacuación, clase A", 24, "7.80"),
            item("Luminaria de emergencia LED, 200 lm, instalada", 6, "52.30"),
        ),
        -7, -6, _VAN, "Obra de verano",
    ),
    Plan(
        "hotel", "hotel/centro", "julio", IN_DELIVERY, -9,
        (item("Extintor de CO₂ de 5 kg", 6, "96.40"), item("Armario para extintor, intemperie", 2, "58.00")),
        2, None, _PARCEL, "PED-2206",
        said=((3, 10, "julio", "Que lo dejen en recepción, por favor; el almacén cierra a las dos."),),
    ),
    Plan(
        "hotel", "hotel/playa", "marta", CONFIRMED, -4,
        (item("Manguera semirrígida de BIE, 20 m", 8, "121.00"),), 16, None, _VAN, "PED-2219",
    ),
    Plan(
        "academia", "academia/aulas", "emily", DELIVERED, -33,
        (item("Fire blanket, 1.2 × 1.8 m, with its sign", 5, "28.50"),),
        -26, -27, "By parcel, 5530 1187", "Kitchen and labs",
    ),
    Plan(
        "academia", "academia/aulas", "emily", CONFIRMED, -6,
        (
            item("Emergency luminaire, LED, 200 lm, fitted", 12, "52.30"),
            item("Photoluminescent exit sign", 8, "7.80"),
        ),
        20, None, "Our own van", "Autumn works", key="luminaires", quoted=True,
        said=((5, 12, "emily", "Please come after four: there are lessons until then."),),
    ),
    Plan(
        "", "", "laura", INVOICED, -18, (item("Detector de humo autónomo, 10 años", 4, "32.50"),),
        -16, -16, _PARCEL, invoiced=("detectores",),
    ),
    Plan(
        "hotel", "hotel/oficinas", "marta", DRAFT, -1,
        (item("Retimbrado de extintor de polvo ABC de 6 kg", 9, "23.90"),),
    ),
)  # fmt: skip
