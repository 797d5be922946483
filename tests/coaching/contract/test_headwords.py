"""Where a text uses a technical term."""

from collections.abc import Mapping

import pytest

from coach.coaching.contract.headwords import (
    is_known,
    is_written_out,
    known_terms,
    short_forms,
    terms_in,
)
from coach.knowledge.documents import Glossary, Headword, Span
from tests.coaching.contract.make import WORDS

TERMS = ("pivot table", "table", "passkey", "two-factor sign-in", "view/edit", "values")
HEADWORDS = {term: Headword(term, "x", WORDS, Span(0, 1)) for term in TERMS}


@pytest.mark.parametrize("headwords", [HEADWORDS, Glossary(HEADWORDS)], ids=["plain", "glossary"])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Open the pivot table.", ["pivot table"], id="the longest term"),
        pytest.param("Two Pivot Tables and a table", ["pivot table", "table"], id="plural, case"),
        pytest.param("the passkey’s place", ["passkey"], id="possessive"),
        pytest.param("Use two-factor sign-in.", ["two-factor sign-in"], id="hyphens"),
        pytest.param("Choose view/edit.", ["view/edit"], id="a stroke"),
        pytest.param("one value", ["values"], id="a term that is a plural"),
        pytest.param("Turn the pivot. Table two is new.", ["table"], id="not across sentences"),
        pytest.param("tablecloth, stable", [], id="whole words only"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_terms_are_found_as_whole_words(
    text: str, found: list[str], headwords: Mapping[str, Headword]
) -> None:
    assert list(terms_in(text, headwords)) == found


def test_a_known_word_is_known_in_the_plural_too() -> None:
    known = known_terms(("Pivot tables",))
    assert is_known("pivot table", known)
    assert not is_known("table", known)


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        pytest.param("Turn on MFA and the VPN.", ("MFA", "VPN"), id="two"),
        pytest.param("Send the PDF to HR.", (), id="everyday ones"),
        pytest.param("Type SUBTOTAL or MEDIAN(A1).", (), id="names of functions"),
        pytest.param("STOP NOW", (), id="a line in capitals"),
    ],
)
def test_short_forms_are_those_that_need_help(text: str, forms: tuple[str, ...]) -> None:
    assert short_forms(text) == forms


@pytest.mark.parametrize(
    ("form", "text", "is_there"),
    [
        pytest.param("VPN", "a virtual private network (VPN)", True, id="in words"),
        pytest.param("MFA", "multi-factor authentication", True, id="with a hyphen"),
        pytest.param("VPN", "a private network", False, id="a word is missing"),
    ],
)
def test_a_short_form_is_written_out_by_its_first_letters(
    form: str, text: str, is_there: bool
) -> None:
    assert is_written_out(form, text) is is_there
