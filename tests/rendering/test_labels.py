"""The words around a draft in each language: whole, and set as the language sets them."""

import re
from dataclasses import replace
from typing import Any

import pytest

from coach.coaching.drafts import Draft
from coach.llm import faults
from coach.rendering.ics import render_ics
from coach.rendering.labels import LabelsFault, check_labels, labels_of, languages
from coach.rendering.markdown import render_markdown
from coach.rendering.text import Look, render_text
from coach.shipped import read_yaml, shipped
from tests.rendering.drafts import PROVENANCE, a_recap, an_agenda, some_follow_ups
from tests.rendering.test_ics import NINE

OTHERS = [code for code in languages() if code != "en"]
NBSP = "\N{NO-BREAK SPACE}"
CAUSES = [one.title for one in vars(faults).values()
          if isinstance(one, type) and issubclass(one, faults.LLMFault)]  # fmt: skip


def read(code: str) -> Any:
    return read_yaml((shipped("prompts") / "labels" / f"{code}.yaml").read_text("utf-8"))


def places(table: Any) -> dict[str, set[str]]:
    """What each entry of a table is filled with."""
    return {name: set(re.findall(r"\{(\w+)\}", words)) for name, words in table.items()}


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_has_the_entries_of_the_english_one(code: str) -> None:
    english, own = read("en"), read(code)
    assert english.keys() == own.keys()
    for name, entries in english.items():
        if isinstance(entries, dict) and name != "notices":
            assert entries.keys() == own[name].keys(), name
    found, wanted = places(own["says"]), places(english["says"])
    # A language may name who asks in another form than English does.
    assert {k: v for k, v in found.items() if k != "asks"} == {
        k: v for k, v in wanted.items() if k != "asks"
    }
    assert len(own["months"]) == 12


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("wrote", ["this", "parts of this"])
def test_why_no_model_wrote_is_told_in_the_language(code: str, cause: str, wrote: str) -> None:
    told = labels_of(code).notice(f"{cause.rstrip('.')}, so the coach wrote {wrote} by itself.")
    assert not re.search(r"\b(?:The|model|wrote|itself)\b", told)
    assert told.endswith(".")
    assert len(told.split(". ")) == 2


def test_a_label_that_is_missing_is_named() -> None:
    own = labels_of("fr")
    check_labels(own)
    says = {name: words for name, words in own.says.items() if name != "sources"}
    with pytest.raises(LabelsFault, match="fr.yaml and en.yaml differ in sources of says"):
        check_labels(replace(own, tables={**own.tables, "says": says}))


def test_a_cause_nobody_translated_is_told_as_it_is() -> None:
    told = labels_of("de").notice("The moon is full, so the coach wrote this by itself.")
    assert told == "The moon is full. Deshalb hat der Coach dies selbst geschrieben."


@pytest.mark.parametrize("code", OTHERS)
def test_the_last_line_of_a_draft_is_in_its_language(code: str) -> None:
    name = {"de": "German", "es": "Spanish", "fr": "French"}[code]
    notice = f"This draft is in {name}; what it quotes from the library stays as it is."
    draft = replace(an_agenda(), language=code, provenance=replace(PROVENANCE, notice=notice))
    last = render_markdown(draft).splitlines()[-1]
    assert not re.search(r"\b(?:draft|library|quotes)\b", last)


@pytest.mark.parametrize(
    ("code", "quoted", "title"),
    [
        pytest.param("en", "“Fold it once more.”", "1 December 2026, 20 minutes", id="English"),
        pytest.param("de", "„Fold it once more.“", "1. Dezember 2026, 20 Minuten", id="German"),
        pytest.param("es", "“Fold it once more.”", "1 de diciembre de 2026", id="Spanish"),
        pytest.param("fr", f"«{NBSP}Fold it once more.{NBSP}»", "1er décembre 2026", id="French"),
        pytest.param("it", "“Fold it once more.”", "1 December 2026", id="a language without"),
    ],
)
def test_quotations_and_days_are_set_as_the_language_sets_them(
    code: str, quoted: str, title: str
) -> None:
    draft = replace(an_agenda("Das Ziel ist “weniger Mails”."), language=code)
    shown = [render_markdown(draft), render_text(draft, Look(100))]
    shown.append(render_ics(draft, NINE).decode().replace("\r\n ", "").replace("\\,", ","))
    for text in shown:
        assert quoted in text
    assert title in shown[0]
    opens = quoted.partition("Fold")[0]
    assert f"{opens}weniger Mails" in shown[0]


@pytest.mark.parametrize("width", [30, 44, 60, 80])
def test_a_terminal_breaks_no_french_line_before_a_mark(width: int) -> None:
    words = "Sur “trier la liste”_: que savez-vous déjà_? Et “le filtre”_; qui aide_? " * 3
    words = words.replace("_", NBSP)
    draft: Draft
    for draft in (an_agenda(words), some_follow_ups(words), a_recap(words)):
        shown = render_text(replace(draft, language="fr"), Look(width))
        assert not re.search(r"^\s*[:;?!»]|«$", shown, re.MULTILINE)
        assert "\ue000" not in shown
