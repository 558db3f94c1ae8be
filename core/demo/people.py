"""Who is in the demonstration: a made-up firm that maintains fire protection around Valencia, its
clients, their places and people.

Nothing here is anybody's: domains end in `.example`, Spanish numbers begin with 555, which is given to
nobody, and the British one is of those kept for stories."""

from dataclasses import dataclass

from core.crm.rules import ADMINISTRATOR, AGENT

TENANT = {
    "slug": "demo",
    "name": "Brasaquieta Contra Incendios",
    "language": "es",
    "country": "ES",
    "time_zone": "Europe/Madrid",
    "currency": "EUR",
    "phone": "555 010 900",
    "email": "clientes@brasaquieta.example",
    "accent": "#a8321f",
}
HOSTS = ("127.0.0.1", "localhost")
#: key -> what a segment is called, and the accounts in it
SEGMENTS = {"mantenimiento": ("Con contrato de mantenimiento", ("hotel", "lavanderia", "logistica"))}


@dataclass(frozen=True)
class Place:
    """A site, with the key that the others name it by."""

    key: str
    name: str
    address: str
    postcode: str
    town: str


@dataclass(frozen=True)
class Company:
    """An account with its sites; `parent` is the key of another."""

    key: str
    name: str
    tax_number: str
    phone: str
    email: str
    places: tuple[Place, ...]
    parent: str = ""


@dataclass(frozen=True)
class Person:
    """A contact. `of` are keys of accounts ("hotel") and of single sites ("hotel/centro"); `below` adds
    the subsidiaries. `starts` and `ends` are days from today, both missing where access was never given."""

    key: str
    first_name: str
    last_name: str
    email: str
    of: tuple[str, ...] = ()
    phone: str = ""
    mobile: str = ""
    language: str = "es"
    below: bool = False
    starts: int | None = -365
    ends: int | None = 365
    #: what the sign-in is printed with; nothing for those who get none
    shows: str = ""


COMPANIES = (
    Company(
        "hotel",
        "Hoteles Miralbahía, S.A.",
        "A00000018",
        "555 010 110",
        "administracion@miralbahia.example",
        (
            Place("playa", "Hotel Miralbahía Playa", "Paseo de las Dunas, 4", "46730", "Gandia"),
            Place("centro", "Hotel Miralbahía Centro", "Calle de la Noria, 21", "46002", "València"),
            Place("oficinas", "Oficinas centrales", "Calle de la Noria, 23, 1.º", "46002", "València"),
        ),
    ),
    Company(
        "lavanderia",
        "Lavandería Industrial Miralbahía, S.L.",
        "B00000026",
        "555 010 150",
        "lavanderia@miralbahia.example",
        (Place("nave", "Nave de lavandería", "Polígono El Sequiol, parcela 8", "46713", "Bellreguard"),),
        parent="hotel",
    ),
    Company(
        "logistica",
        "Trasvía Logística del Turia, S.L.",
        "B00000034",
        "555 010 330",
        "administracion@trasvia.example",
        (
            Place("sagunt", "Plataforma de Sagunt", "Camino del Muelle Seco, s/n", "46520", "Sagunt"),
            Place("riba", "Almacén de Riba-roja", "Calle de los Forjadores, 17", "46190", "Riba-roja de Túria"),
            Place("quart", "Almacén de Quart", "Avenida del Telar, 60", "46930", "Quart de Poblet"),
            Place("alzira", "Nave de Alzira", "Carretera de la Acequia, km 3", "46600", "Alzira"),
            Place("valencia", "Oficinas de València", "Calle del Farol, 9, 4.ª", "46011", "València"),
        ),
    ),
    Company(
        "comunidad",
        "C. P. Edificio Girasolar",
        "H00000042",
        "555 010 420",
        "presidencia@girasolar.example",
        (Place("edificio", "Edificio y garaje", "Calle del Girasol Alto, 14", "46022", "València"),),
    ),
    Company(
        "colegio",
        "Colegio Siete Almendrales",
        "R00000059",
        "555 010 510",
        "secretaria@sietealmendrales.example",
        (
            Place("primaria", "Infantil y Primaria", "Camino de los Almendros, 7", "46117", "Bétera"),
            Place("secundaria", "Secundaria y Bachillerato", "Camino de los Almendros, 9", "46117", "Bétera"),
            Place("deportes", "Polideportivo", "Camino de los Almendros, 15", "46117", "Bétera"),
        ),
    ),
    Company(
        "academia",
        "Seabramble Language Centre, S.L.",
        "B00000067",
        "555 010 610",
        "office@seabramble.example",
        (Place("aulas", "Centro de Dénia", "Calle de la Vela Latina, 3", "03700", "Dénia"),),
    ),
)

PEOPLE = (
    Person(
        "marta",
        "Marta",
        "Ferrandis Oltra",
        "marta.ferrandis@miralbahia.example",
        ("hotel",),
        mobile="555 020 101",
        below=True,
        shows="a hotel group: three sites, and its laundry as a subsidiary",
    ),
    Person("julio", "Julio", "Peris Camarasa", "mantenimiento@miralbahia.example", ("hotel",), mobile="555 020 102"),
    Person("nerea", "Nerea", "Blasco Pons", "nerea.blasco@miralbahia.example", ("hotel/centro",)),
    Person("tomas", "Tomás", "Gil Arnau", "tomas.gil@miralbahia.example", ("hotel/playa",), starts=None, ends=None),
    Person("amparo", "Amparo", "Soriano Mas", "amparo.soriano@miralbahia.example", ("lavanderia",)),
    Person("vicente", "Vicente", "Lluch Roca", "", ("lavanderia",), mobile="555 020 152", starts=None, ends=None),
    Person(
        "ruben",
        "Rubén",
        "Estellés Ochando",
        "ruben.estelles@trasvia.example",
        ("logistica",),
        mobile="555 020 301",
        shows="a logistics company with five sites",
    ),
    Person(
        "lucia",
        "Lucía",
        "Marco Segarra",
        "lucia.marco@trasvia.example",
        ("logistica/riba",),
        mobile="555 020 302",
        shows="one warehouse of that company, and nothing of the others",
    ),
    Person("ivan", "Iván", "Torres Climent", "ivan.torres@trasvia.example", ("logistica/sagunt", "logistica/alzira")),
    # The next two answer the same telephone: it signs neither of them in.
    Person("pilar", "Pilar", "Cebrián Lozano", "pilar.cebrian@trasvia.example", ("logistica",), phone="555 010 330"),
    Person("andres", "Andrés", "Roig Pastor", "andres.roig@trasvia.example", ("logistica",), phone="555 010 330"),
    Person("dolores", "Dolores", "Ibáñez Tortosa", "presidencia@girasolar.example", ("comunidad",)),
    Person("ramon", "Ramón", "Vidal Sanchis", "ramon@fincasvidal.example", ("comunidad", "colegio")),
    Person("begona", "Begoña", "Alcaraz Ruiz", "direccion@sietealmendrales.example", ("colegio",)),
    Person("oscar", "Óscar", "Navarro Giner", "deportes@sietealmendrales.example", ("colegio/deportes",)),
    Person("teresa", "Teresa", "Montero Vila", "teresa@sietealmendrales.example", ("colegio",), ends=-30),
    Person(
        "emily",
        "Emily",
        "Hartwell",
        "emily@seabramble.example",
        ("academia",),
        mobile="555 020 601",
        language="en",
        shows="a language school; the portal in English",
    ),
    Person(
        "george",
        "George",
        "Whitcombe",
        "george@seabramble.example",
        ("academia",),
        mobile="+44 7700 900123",
        language="en",
        starts=None,
        ends=None,
    ),
    Person(
        "laura",
        "Laura",
        "Quiles Bernabeu",
        "laura.quiles@correo.example",
        mobile="555 020 701",
        shows="a private client, a contact without an account",
    ),
    Person("sergio", "Sergio", "Belda Mira", "sergio.belda@correo.example", starts=None, ends=None),
)

#: name, e-mail, language, role, and what it shows to sign in as them
STAFF = (
    (
        "Carmen Doménech Sala",
        "carmen@brasaquieta.example",
        "es",
        ADMINISTRATOR,
        "staff: every client, the switches, and what is still a draft",
    ),
    ("Oliver Grant", "oliver@brasaquieta.example", "en", AGENT, "staff: an agent, who answers and changes no switch"),
)
