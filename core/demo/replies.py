"""The replies that the made-up firm's staff keep ready: title and text."""

REPLIES = (
    (
        "Aviso recibido",
        "Buenos días:\n\nHemos recibido su aviso y ya lo estamos mirando. Le diremos hoy mismo cuándo pasamos.\n\n"
        "Si ve humo o llamas, llame antes al 112.",
    ),
    (
        "Pedir una fotografía",
        "¿Podría enviarnos una fotografía de la etiqueta y otra del conjunto? Así llevaremos el repuesto que toca.",
    ),
    (
        "Visita hecha",
        "Ya hemos pasado por su centro y está resuelto. Encontrará el parte entre los documentos.\n\n"
        "Si vuelve a ocurrir, responda aquí mismo y el caso se abrirá de nuevo.",
    ),
)
