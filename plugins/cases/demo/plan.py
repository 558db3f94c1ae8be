"""Which cases there are in the demonstration: what clients of a firm for fire protection ask, and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from plugins.cases.models import COMPLAINT, FAULT, HIGH, LOW, NORMAL, QUESTION, REQUEST, URGENT

CARMEN, OLIVER = "carmen", "oliver"
#: the files that a step may bring along
PHOTO, CERTIFICATE = "photo", "certificate"


@dataclass(frozen=True)
class Step:
    """Something said (or, without a text, the case closed) so many days ago, at an hour. One that is `internal` is for
    the staff's eyes."""

    days: int
    hour: float
    by: str
    text: str = ""
    internal: bool = False
    file: str = ""


@dataclass(frozen=True)
class Plan:
    """One case: whose it is, what it says, who looks after it, and what became of it."""

    account: str
    site: str
    contact: str
    opened: tuple[int, float]
    subject: str
    description: str
    kind: str = QUESTION
    urgency: str = NORMAL
    assignee: str = ""
    steps: Sequence[Step] = ()
    #: what it is about, by the name that its module gives it
    about: str = ""


def say(days: int, hour: float, by: str, text: str, file: str = "") -> Step:
    """Something that everybody on the case reads."""
    return Step(days, hour, by, text, file=file)


def note(days: int, hour: float, by: str, text: str) -> Step:
    """A note among the staff."""
    return Step(days, hour, by, text, internal=True)


def close(days: int, hour: float, by: str) -> Step:
    """The case is closed."""
    return Step(days, hour, by)


PLANS = (
    Plan(
        "hotel", "hotel/playa", "marta", (1, 8.2), "La central de incendios pita y no hay alarma",
        "Desde esta madrugada la central de recepción pita cada minuto. En la pantalla pone «AVERÍA ZONA 3».\n\n"
        "No hemos tocado nada. El hotel está lleno y se oye desde el vestíbulo.", FAULT, URGENT, OLIVER,
        (
            say(1, 8.3, "marta", "Adjunto una fotografía de la pantalla.", PHOTO),
            note(1, 8.6, OLIVER, "Zona 3 = sótano lavandería. Ya falló el detector 3.12 en abril. Llevar repuesto."),
            say(1, 8.8, OLIVER, "Buenos días, Marta. Puede silenciar el aviso con la tecla «Silenciar "
                "zumbador»: la detección "
                "sigue funcionando en el resto de zonas. Un técnico pasará hoy entre las 11 y las 13 h. ¿A quién "
                "debe preguntar al llegar?"),
            say(1, 9.1, "marta", "A Julio, en mantenimiento. Gracias por la rapidez."),
        ),
        about="assets/MB-P-101",
    ),
    Plan(
        "hotel", "hotel/centro", "nerea", (3, 10.0), "Falta el certificado de la última revisión",
        "Nos lo pide la aseguradora antes de fin de mes y en el cajón solo aparece el del año pasado.",
        REQUEST, HIGH, CARMEN,
        (
            say(3, 12.5, CARMEN, "Hola, Nerea. Aquí lo tiene. Lo encontrará también entre los documentos de la "
                "revisión.", CERTIFICATE),
            say(2, 9.4, "nerea", "Perfecto, ya se lo he enviado. Muchas gracias."),
            close(2, 9.5, "nerea"),
        ),
    ),
    Plan(
        "hotel", "hotel/playa", "julio", (6, 16.0), "Extintor sin precinto en la planta 2",
        "En el pasillo de la 214 hay un extintor de polvo sin precinto y con la aguja en rojo.", FAULT, HIGH, OLIVER,
        (say(5, 9.0, OLIVER, "Lo cambiamos el jueves con la visita trimestral. Hasta entonces, use el de la "
            "208, que está a doce metros. ¿Le va bien?"),),
    ),
    Plan(
        "hotel", "", "marta", (20, 11.0), "Calendario de visitas del próximo trimestre",
        "¿Podrían indicarnos las fechas de los tres centros? En Semana Santa no podemos tener pruebas de "
            "sirena.", QUESTION, LOW, CARMEN,
        (
            say(19, 10.0, CARMEN, "Claro: Playa el día 9, Centro el 10 y oficinas el 11. Sin sirena en los "
                "tres. ¿Lo confirmamos?"),
            say(18, 17.2, "marta", "Confirmado."),
            say(18, 17.6, CARMEN, "Anotado. Recibirán un recordatorio dos días antes."),
            close(18, 17.7, CARMEN),
        ),
    ),
    Plan(
        "hotel", "hotel/playa", "marta", (45, 9.0), "Simulacro con huéspedes: ¿qué hay que avisar?",
        "Queremos hacer el simulacro anual en temporada baja. ¿Hay que avisar al Ayuntamiento?",
        QUESTION, NORMAL, CARMEN,
        (
            say(44, 12.0, CARMEN, "Basta con comunicarlo a Protección Civil con siete días. Les adjuntamos el "
                "modelo en papel en la próxima visita."),
            close(40, 9.0, CARMEN),
        ),
    ),
    Plan(
        "lavanderia", "lavanderia/nave", "amparo", (2, 12.0), "La secadora 4 hace saltar el detector",
        "Al abrirla sale vapor y el detector de encima se dispara. Hoy ya van tres veces y paramos la línea.",
        FAULT, HIGH, OLIVER,
        (
            note(2, 12.6, OLIVER, "Detector óptico a 1,5 m de la boca: mal sitio. Proponer térmico y "
                "presupuestarlo."),
            say(2, 13.0, OLIVER, "Es el vapor, no humo. Lo adecuado allí es un detector térmico. Mañana pasamos "
                "a medir y le enviamos presupuesto."),
            say(1, 9.6, "amparo", "De acuerdo. Por la mañana mejor, que hay menos carga."),
        ),
    ),
    Plan(
        "lavanderia", "lavanderia/nave", "amparo", (31, 9.5), "Duplicado de las llaves del armario de BIE",
        "Se han perdido las llaves del armario del muelle.", REQUEST, LOW, CARMEN,
        (say(30, 10.0, CARMEN, "Salen hoy por mensajería, sin cargo."), close(28, 12.0, "amparo")),
    ),
    Plan(
        "logistica", "logistica/sagunt", "ivan", (1, 7.8), "Rociador golpeado por una carretilla en el muelle 7",
        "Gotea. Hemos cerrado la válvula del sector y puesto a una persona de vigilancia.", FAULT, URGENT, "", (),
    ),
    Plan(
        "logistica", "logistica/riba", "lucia", (4, 9.0), "Nueva estantería: ¿llegan los rociadores?",
        "Vamos a subir la estantería del pasillo C de 7 a 9 metros. ¿Hay que cambiar algo?", QUESTION, NORMAL, CARMEN,
        (
            say(4, 13.0, CARMEN, "Depende de la mercancía. ¿Qué se almacenará y en qué embalaje?"),
            say(3, 8.5, "lucia", "Pequeño electrodoméstico en cartón, paletizado."),
            note(3, 9.0, CARMEN, "Oliver: a 9 m pasa a ser de riesgo alto, la bomba no da caudal. Revisar "
                "cálculo hidráulico."),
            say(2, 16.0, CARMEN, "Con esa altura hay que recalcular la instalación. Necesitaríamos el plano "
                "acotado. ¿Nos lo puede enviar?"),
        ),
    ),
    Plan(
        "logistica", "logistica/quart", "ruben", (9, 10.0), "Factura con el número de pedido equivocado",
        "La última lleva el PED-7712, que es de Riba-roja. Nuestra contabilidad la devuelve.",
        COMPLAINT, NORMAL, CARMEN,
        (
            say(8, 9.0, CARMEN, "Tiene razón, disculpe. Emitimos la rectificativa y la correcta esta semana."),
            say(8, 9.4, "ruben", "Gracias. En cuanto la tenga la paso a pago."),
        ),
    ),
    Plan(
        "logistica", "logistica/alzira", "ivan", (14, 15.0), "Puerta cortafuegos que no cierra del todo",
        "La de la sala de baterías se queda a dos dedos. La hemos calzado para que no dé golpes.", FAULT, HIGH, OLIVER,
        (
            say(14, 15.5, OLIVER, "Por favor, retire la calza: esa puerta protege la sala de baterías. Mañana "
                "ajustamos el retenedor."),
            say(13, 14.0, OLIVER, "Ajustado el retenedor y cambiada una bisagra. ¿Cierra bien desde ayer?"),
            say(12, 8.0, "ivan", "Cierra perfecto."),
            close(12, 8.1, "ivan"),
        ),
    ),
    Plan(
        "logistica", "logistica/valencia", "ruben", (26, 12.0), "Plano de evacuación con la distribución antigua",
        "Tras la reforma, el plano de la cuarta planta sigue mostrando el despacho que ya no existe.",
        REQUEST, NORMAL, CARMEN,
        (say(25, 11.0, CARMEN, "Lo rehacemos. ¿Nos envía el plano de la reforma?"),),
    ),
    Plan(
        "logistica", "logistica/sagunt", "pilar", (60, 9.0), "Altas en el portal para el turno de noche",
        "Necesitamos que el encargado de noche pueda abrir casos.", REQUEST, LOW, CARMEN,
        (say(59, 9.0, CARMEN, "Indíquenos nombre y correo y le damos acceso."), close(50, 9.0, CARMEN)),
    ),
    Plan(
        "comunidad", "comunidad/edificio", "dolores", (5, 18.0), "Luces de emergencia apagadas en el garaje",
        "En el sótano 2 no se encienden cuatro al cortar la luz. Lo vio un vecino el domingo.", FAULT, HIGH, OLIVER,
        (
            say(4, 9.0, OLIVER, "Gracias por avisar. ¿Están juntas o repartidas? Si están juntas, suele ser la "
                "línea y no las lámparas."),
            say(4, 19.0, "dolores", "Las cuatro de la rampa, seguidas."),
            note(3, 8.0, OLIVER, "Línea de la rampa. Llevar magnetotérmico de 10 A."),
        ),
    ),
    Plan(
        "comunidad", "comunidad/edificio", "ramon", (33, 10.0), "Presupuesto para el detector de CO del garaje",
        "La junta quiere comparar antes de la reunión de vecinos.", REQUEST, NORMAL, CARMEN,
        (
            say(32, 9.0, CARMEN, "Se lo enviamos por correo con dos opciones: dos sondas o tres. ¿Le ha llegado?"),
            say(30, 9.0, "ramon", "Sí, lo llevo a la junta del mes que viene."),
            close(29, 9.0, CARMEN),
        ),
    ),
    Plan(
        "comunidad", "", "dolores", (11, 11.0), "Cambio de presidenta y de correo para los avisos",
        "A partir del día 1 la presidenta es otra vecina. ¿Cómo cambiamos los avisos?", QUESTION, LOW, "", (),
    ),
    Plan(
        "colegio", "colegio/primaria", "begona", (2, 9.0), "Un alumno ha pulsado el pulsador del comedor",
        "No ha pasado nada, pero la central sigue en alarma y no sabemos rearmarla.", FAULT, URGENT, OLIVER,
        (
            say(2, 9.1, OLIVER, "Cambie primero el cristal del pulsador, si no volverá a saltar. Después, en la "
                "central: «Silenciar» y «Rearme». ¿Se ha apagado?"),
            say(2, 9.4, "begona", "Sí. ¿Nos pueden traer cristales de repuesto?"),
            say(2, 9.6, OLIVER, "Le dejamos cuatro en la visita del viernes."),
            close(2, 9.7, OLIVER),
        ),
    ),
    Plan(
        "colegio", "colegio/deportes", "oscar", (7, 17.0), "Extintor del polideportivo caducado",
        "La etiqueta del extintor de la puerta de vestuarios dice que el retimbrado venció el mes pasado.",
        FAULT, NORMAL, OLIVER,
        (say(6, 9.0, OLIVER, "Lo sustituimos por uno de préstamo mientras lo retimbramos. ¿A qué hora abre el "
            "pabellón?"),),
    ),
    Plan(
        "colegio", "colegio/secundaria", "begona", (16, 8.5), "Curso de extintores para el claustro",
        "¿Tienen fechas en junio? Seríamos veintidós.", REQUEST, LOW, CARMEN,
        (
            say(15, 10.0, CARMEN, "Tenemos el 20 y el 27 por la tarde. Con práctica de fuego real en el patio. "
                "¿Cuál prefieren?"),
            say(14, 12.0, "begona", "El 27."),
        ),
    ),
    Plan(
        "colegio", "colegio/primaria", "ramon", (70, 9.0), "Copia del contrato de mantenimiento",
        "La inspección educativa la pide sellada.", REQUEST, NORMAL, CARMEN,
        (say(69, 9.0, CARMEN, "Enviada sellada por correo postal."), close(60, 9.0, CARMEN)),
    ),
    Plan(
        "academia", "academia/aulas", "emily", (3, 12.0), "Smoke detector with a steady red light",
        "The one in classroom 5 has a red light that does not go out. There is no sound.", FAULT, NORMAL, OLIVER,
        (
            say(3, 13.0, OLIVER, "A steady light means that it has detected something. Was a fog machine or a spray "
                "used in the classroom?"),
            say(2, 10.0, "emily", "Yes, in the school play. Sorry about that."),
        ),
    ),
    Plan(
        "academia", "academia/aulas", "emily", (22, 9.0), "Which extinguisher goes beside the fuse board?",
        "We have moved the board to the corridor. Is the powder extinguisher the right one?", QUESTION, LOW, CARMEN,
        (
            say(21, 9.0, CARMEN, "A CO₂ one of 2 kg is better. We can bring one on our next visit, if you like."),
            say(21, 11.0, "emily", "Yes, please."),
            close(21, 11.2, CARMEN),
        ),
    ),
    Plan(
        "academia", "", "emily", (8, 10.0), "Access to the portal for our new coordinator",
        "She begins on Monday and will look after the school's notices.", REQUEST, NORMAL, CARMEN,
        (say(7, 9.0, CARMEN, "With pleasure. What are her name and her e-mail address?"),),
    ),
    Plan(
        "", "", "laura", (4, 20.0), "El detector de casa pita cada cuarenta segundos",
        "Es el que me instalaron en el pasillo hace dos semanas.", FAULT, NORMAL, OLIVER,
        (
            say(3, 9.0, OLIVER, "Suele ser la lámina de la pila, que no se retiró del todo. Gire el detector, "
                "sáquelo y compruébelo. ¿Sigue pitando?"),
            say(3, 20.5, "laura", "¡Era eso! Ya no pita. Mil gracias."),
            close(3, 20.6, "laura"),
        ),
    ),
    Plan(
        "", "", "laura", (1, 19.5), "¿Cuánto dura la carga del extintor?",
        "Lo compré para la cocina y no sé si hay que revisarlo en una vivienda.", QUESTION, LOW, "", (),
    ),
)  # fmt: skip
