"""What Spanish and French sentences need beyond English ones: marks, elisions, no he or she."""

import re

import pytest

from coach.knowledge.wording.tongues import is_elsewhere, is_in
from coach.knowledge.words import words
from coach.shipped import read_yaml, shipped

FILES = ("agenda", "follow_ups", "prep", "recap")
_PLACE = re.compile(r"\{\{.*?\}\}")
_FEWEST_WORDS = 9


def said_in(language: str) -> list[str]:
    """Every frame, title, outcome and reason of a language."""
    said: list[str] = []
    for name in FILES:
        text = (shipped("prompts") / "composer" / language / f"{name}.yaml").read_text("utf-8")
        table = read_yaml(text)
        said += [frame["text"] for frames in table["frames"].values() for frame in frames]
        said += [
            one for part in ("titles", "outcomes", "why") for one in table.get(part, {}).values()
        ]
    return said


SPANISH, FRENCH = said_in("es"), said_in("fr")


def test_a_spanish_question_is_opened_and_closed() -> None:
    asked = {said: re.findall("[¿?¡!]", said) for said in SPANISH}
    assert [one for one, marks in asked.items() if marks != ["¿", "?"] * (len(marks) // 2)] == []


def test_nobody_is_taken_for_a_man_or_a_woman_in_spanish() -> None:
    guesses = {"mentor", "mentee", "ambos", "juntos", "juntas", "vosotros", "vosotras"}
    assert [one for one in SPANISH if guesses & set(words(one))] == []


def test_nobody_is_taken_for_a_man_or_a_woman_in_french() -> None:
    guess = re.compile(r"\b(?:[ld][eua]|au|une?) ment(?:or|ee)\b|\bchacune?\b|\btous les deux\b")
    assert [one for one in FRENCH if guess.search(one.lower())] == []


def test_no_small_french_word_wants_an_apostrophe_before_a_place() -> None:
    small = re.compile(r"\b(?:de|que|le|la|ne|se|si|du|au) “?\{\{(?! date)")
    assert [one for one in FRENCH if small.search(one.lower())] == []


def test_a_french_mark_keeps_its_blank_and_its_line() -> None:
    loose = re.compile(r" [?!;:]|[^\s\u00a0][?!;]|[\w”)}]:")
    assert [one for one in FRENCH if loose.search(one)] == []


@pytest.mark.parametrize("language", ["es", "fr"])
def test_a_sentence_is_known_for_its_language(language: str) -> None:
    bare = [_PLACE.sub("", said) for said in said_in(language)]
    assert [one for one in bare if is_elsewhere(one, language)] == []
    long = [one for one in bare if len(words(one)) >= _FEWEST_WORDS]
    assert len(long) > len(bare) / 2
    assert [one for one in long if not is_in(one, language)] == []
