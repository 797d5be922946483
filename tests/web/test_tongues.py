"""A draft on a page is in one language: what stands around its words follows the pair."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import House
from tests.web.test_cards import speak

ENGLISH = (
    ">Before you meet<", ">Done when:", ">Promises you could make<", "Proposals only", " leads<",
    "hands on the keys", ">ask<", ">do<", ">explain<", ">Sources<", ">What the coach left open<",
    ">What our material says<", ">What not to promise<", ">Questions to expect<",
    ">How to teach it<", ">Open promises<", ">Step by step<", ">Words to know</h3>",
    ">One thing to try<", " minutes · ",
)  # fmt: skip
OWN = {
    "de": ("Vor dem Treffen", "Fertig, wenn:", "fragen", "Quellen", "„", "Minuten · "),
    "es": ("Antes de la sesión", "Terminado cuando:", "preguntar", "Fuentes", "minutos · "),
    "fr": ("Avant la séance", "Terminé quand\xa0:", "demander", "Sources", "«\xa0", "minutes · "),
}
EXPECTED = {
    "de": ("Fragen, mit denen du rechnen kannst", "Zum Ausprobieren"),
    "es": ("Preguntas que puedes esperar", "Para probar"),
    "fr": ("Questions à prévoir", "À essayer"),
}


@pytest.mark.parametrize("language", OWN)
def test_a_draft_on_a_page_is_in_one_language(
    house: House,
    mentor: TestClient,
    mentee: TestClient,
    change: Callable[..., Any],
    language: str,
) -> None:
    change(lambda db: speak(db, house, language))
    ahead, held = house.seeded.session_id, house.seeded.held_id
    mentor.post(f"/sessions/{ahead}/agenda")
    mentor.post(f"/sessions/{ahead}/prep")
    mentee.post(f"/sessions/{held}/recaps", data={"question": ""})
    agenda = mentor.get(f"/sessions/{ahead}").text
    prep = mentor.get(f"/sessions/{ahead}/prep").text
    recap = mentee.get(f"/sessions/{held}/recaps").text
    foreign = [
        one for one in ENGLISH if not (language == "fr" and one in (">Sources<", " minutes · "))
    ]
    found = [
        page[max(0, page.find(one) - 160) : page.find(one) + 60]
        for one in foreign
        for page in (agenda, prep, recap)
        if one in page
    ]
    assert found == []
    assert [one for one in OWN[language] if one not in agenda] == []
    assert f'lang="{language}">{EXPECTED[language][0]}<' in prep
    assert f'lang="{language}">{EXPECTED[language][1]}<' in recap


def test_an_english_page_marks_no_language(house: House, mentor: TestClient) -> None:
    mentor.post(f"/sessions/{house.seeded.session_id}/agenda")
    page = mentor.get(f"/sessions/{house.seeded.session_id}").text
    assert ">Before you meet<" in page
    assert page.count(' lang="') == 1  # the page's own
