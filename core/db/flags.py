"""Portal flags as plain values: what is said about the fields of a resource beside its declaration."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

#: pairs (language, text)
Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Flags:
    """What is said about one field; None leaves it as declared. `labels` are pairs (language, text), `choices`
    pairs (value, labels) of those of its choices that are called otherwise."""

    seen: bool | None = None
    filled: bool | None = None
    required: bool | None = None
    labels: Labels = ()
    choices: tuple[tuple[str, Labels], ...] = ()

    def over(self, lower: "Flags") -> "Flags":
        """These flags where they say something, else `lower`."""
        return Flags(
            lower.seen if self.seen is None else self.seen,
            lower.filled if self.filled is None else self.filled,
            lower.required if self.required is None else self.required,
            self.labels or lower.labels,
            self.choices or lower.choices,
        )


@dataclass(frozen=True)
class FieldFlags:
    """The flags of one resource: pairs (name, flags), and the order of its fields where one was chosen.

    The columns of a child table are called "lines.quantity", the table itself "lines". Hashable, so that
    what is computed from it can be kept."""

    fields: tuple[tuple[str, Flags], ...] = ()
    order: tuple[str, ...] = ()

    def of(self, name: str) -> Flags:
        """What is said about one field; nothing is a `Flags()`."""
        return next((flags for field, flags in self.fields if field == name), _SILENT)

    def over(self, lower: "FieldFlags") -> "FieldFlags":
        """These where they say something, else `lower`."""
        merged = dict(lower.fields)
        for name, flags in self.fields:
            merged[name] = flags.over(merged.get(name, _SILENT))
        return replace(lower, fields=tuple(merged.items()), order=self.order or lower.order)


_SILENT = Flags()
NO_FLAGS = FieldFlags()


def merged(layers: Iterable[FieldFlags]) -> FieldFlags:
    """Several layers as one; a later one goes before an earlier."""
    found = NO_FLAGS
    for layer in layers:
        found = layer.over(found) if found is not NO_FLAGS else layer
    return found
