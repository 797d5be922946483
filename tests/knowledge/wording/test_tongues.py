"""Languages are told apart by their small words."""

import pytest

from coach.knowledge.wording.tongues import is_elsewhere, is_in, name_of, writable

SAID = [
    ("de", "Was würden Sie daran als Erstes ändern?"),
    ("de", "In welcher Woche passt es dir, und wie lange?"),
    ("es", "¿Qué harías tú con los números de esta tabla?"),
    ("es", "¿Dónde se guarda la copia que más te importa?"),
    ("fr", "Que feriez-vous de plus avec les chiffres de cette table ?"),
    ("fr", "Où est la copie que vous avez faite ?"),
    ("en", "What would you do with the numbers in this table?"),
    ("en", "Which of them do you want to keep?"),
]


@pytest.mark.parametrize(("language", "text"), SAID)
def test_a_sentence_is_in_its_own_language_alone(language: str, text: str) -> None:
    assert [one for one in ("de", "en", "es", "fr") if is_in(text, one)] == [language]
    assert not is_elsewhere(text, language)
    assert is_elsewhere(text, "fr" if language == "en" else "en")


def test_too_few_words_are_in_no_language() -> None:
    assert not any(is_in("Backup, Excel, Teams?", one) for one in ("de", "en", "es", "fr"))


@pytest.mark.parametrize(
    ("said", "code"), [("de-CH", "de"), ("ES", "es"), ("ja", "en"), ("", "en"), ("en-GB", "en")]
)
def test_what_cannot_be_judged_is_written_in_english(said: str, code: str) -> None:
    assert writable(said) == code
    assert name_of("es") == "Spanish"
