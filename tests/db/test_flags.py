"""What is said about fields, laid over each other: a later word goes before an earlier, and silence says nothing."""

from core.db.flags import NO_FLAGS, FieldFlags, Flags, merged

SEEN, HIDDEN = Flags(seen=True), Flags(seen=False)


def test_each_word_goes_before_the_same_word_below_it_and_no_other() -> None:
    upper = Flags(seen=False, labels=(("es", "Importe"),))
    lower = Flags(seen=True, filled=True, required=False, labels=(("en", "Sum"),))
    assert upper.over(lower) == Flags(False, True, False, (("es", "Importe"),))
    assert Flags().over(lower) == lower
    assert lower.over(Flags()) == lower


def test_what_values_are_called_goes_before_what_a_lower_layer_calls_them() -> None:
    upper, lower = Flags(choices=(("open", (("en", "Yours"),)),)), Flags(seen=True, choices=(("open", ()),))
    assert upper.over(lower) == Flags(seen=True, choices=upper.choices)
    assert Flags().over(upper) == upper


def test_no_is_a_word_and_none_is_silence() -> None:
    assert HIDDEN.over(SEEN).seen is False
    assert Flags(seen=None).over(HIDDEN).seen is False


def test_layers_are_laid_field_by_field() -> None:
    lower = FieldFlags((("total", SEEN), ("note", HIDDEN)), ("note", "total"))
    upper = FieldFlags((("total", HIDDEN), ("number", SEEN)))
    found = merged([lower, upper])
    assert {name: found.of(name).seen for name in ("total", "note", "number", "nothing")} == {
        "total": False,
        "note": False,
        "number": True,
        "nothing": None,
    }
    assert found.order == ("note", "total")
    assert merged([lower, FieldFlags(order=("total",))]).order == ("total",)


def test_nothing_said_is_no_flags() -> None:
    assert merged([]) is NO_FLAGS
    assert merged([NO_FLAGS, NO_FLAGS]) == NO_FLAGS


def test_equal_flags_are_one_key() -> None:
    one, other = FieldFlags((("a", Flags(seen=False)),)), FieldFlags((("a", Flags(seen=False)),))
    assert len({one, other}) == 1
