"""The composer writes in the language of the pair: whole drafts, with and without a model."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from coach.coaching.composer.frames import FrameFault, load_frames
from coach.coaching.composer.shelves import FILES, Shelves, list_faults
from coach.coaching.drafts import Draft, build_json
from coach.coaching.pipeline import Coach
from coach.llm.fakes import ScriptedChat
from coach.pairs.records import PairRecord
from coach.shipped import shipped
from tests.coaching.make import false_clauses, pair, twelve
from tests.coaching.models import ASKED, Speaking, every_draft, model_of

FOLDER = shipped("prompts") / "composer"
OTHERS = Shelves(FOLDER).languages()[1:]


def in_language(record: PairRecord, language: str) -> PairRecord:
    """The same pair, speaking this language."""
    return replace(record, constraints=replace(record.constraints, language=language))


def english_sentences() -> set[str]:
    """The English frames, titles and outcomes that hold no words of anybody else's."""
    found = set()
    for name in FILES:
        frames = load_frames(FOLDER / f"{name}.yaml")
        found |= {f.text for group in frames.by_purpose.values() for f in group if not f.places}
        for table in ("titles", "outcomes", "why"):
            entries = frames.extras.get(table, {})
            found |= set(entries.values()) if isinstance(entries, dict) else set()
    return {one for one in found if len(one.split()) > 1}


def said(draft: Draft) -> str:
    """All that a draft says, without its verdicts."""
    return json.dumps({**build_json(draft), "contract": []}, ensure_ascii=False)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("pair_id", ["P01", "P05", "P08", "X01", "new"])
def test_every_draft_is_in_the_language_of_the_pair(
    starter: Coach, language: str, pair_id: str
) -> None:
    record = in_language(pair() if pair_id == "new" else twelve()[pair_id], language)
    english = english_sentences()
    for draft in every_draft(starter, record):
        assert draft.language == language
        assert f"/{language}@" in (draft.provenance.prompt or "")
        assert false_clauses(draft) == []
        assert [one for one in english if f'"{one}"' in said(draft)] == []


@pytest.mark.parametrize("language", [one for one in OTHERS if one in ASKED])
def test_a_model_words_drafts_that_stay_in_the_language(starter: Coach, language: str) -> None:
    chat = ScriptedChat(script=Speaking(language))
    record = in_language(twelve()["P08"], language)
    for draft in every_draft(replace(starter, model=model_of(chat)), record):
        assert draft.language == language
        assert false_clauses(draft) == []


def test_a_language_nobody_wrote_frames_for_is_written_in_english(starter: Coach) -> None:
    for draft in every_draft(starter, in_language(twelve()["P01"], "it")):
        assert draft.language == "en"
        assert "does not write in Italian yet" in (draft.provenance.notice or "")


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", FILES)
def test_the_frames_of_a_language_are_the_english_ones(language: str, name: str) -> None:
    own = load_frames(FOLDER / language / f"{name}.yaml", language)
    assert list_faults(load_frames(FOLDER / f"{name}.yaml"), own) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param("{id: wd1", "{id: wd2", "the frame wd1 is missing", id="another id"),
        pytest.param("{{ year }}", "{{ age }}", "has to be filled with", id="another place"),
        pytest.param("  day:", "  days:", "the purpose day is missing", id="another purpose"),
        pytest.param("[January, ", "[", "11 entries", id="a month too few"),
        pytest.param("  and:", "  also:", "words has also", id="another word"),
    ],
)
def test_a_translation_that_strays_is_named(tmp_path: Path, old: str, new: str, fault: str) -> None:
    (tmp_path / "de").mkdir()
    for name in FILES:
        text = (FOLDER / f"{name}.yaml").read_text("utf-8")
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
        changed = text.replace(old, new) if name == "words" else text
        (tmp_path / "de" / f"{name}.yaml").write_text(changed, "utf-8")
    with pytest.raises(FrameFault, match=fault):
        Shelves(tmp_path).of("de")
