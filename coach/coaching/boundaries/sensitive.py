"""What a pair says that no draft repeats: crisis, health, harm, private life, the unannounced."""

from coach.knowledge.wording.phrases import families_in


def is_crisis(text: str) -> bool:
    """Whether the text may state that someone thinks of ending or harming their own life."""
    return "crisis" in families_in("sensitive", text)


def is_sensitive(text: str) -> bool:
    """Whether the text touches health, crisis, harm, private life or what is not announced yet."""
    return bool(families_in("sensitive", text))
