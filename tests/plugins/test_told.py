"""That each of our modules says in words of its own what one of its actions has done."""

from core.modules.registry import load_modules


def test_no_button_of_ours_is_answered_in_common_words() -> None:
    """What a form has saved is said in common words well enough; what a button has done, and an answer, is not."""
    mute = [
        f"{module}.{resource.name}.{action.name}"
        for module, resources in load_modules().resources.items()
        for resource in resources.values()
        for action in resource.actions
        if not action.done and (action.is_answer or not (action.creates or action.fields is None or action.fields))
    ]
    assert mute == []
