"""The second checker finds nothing in 48 agendas, and finds each fault that is put into one."""

import ast
import copy
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.command_line import KNOWLEDGE, PAIRS, call, pairs_of_the_tests
from tests.second_checker import faults_of

BY_ID = {pair["id"]: pair for pair in pairs_of_the_tests()}
Json = dict[str, Any]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The starter library, published in a data folder and exported."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COACH_DATA", str(tmp_path_factory.mktemp("second") / "data"))
        assert call("library", "add", KNOWLEDGE, "--publish").code == 0
        yield call("library", "export", "--format", "json").json


def agenda_of(pair_id: str, minutes: int) -> Json:
    """What the command prints for this pair."""
    words = ("--pair", pair_id, "--minutes", str(minutes), "--format", "json")
    done = call("agenda", PAIRS, *words)
    assert done.code == 0, done.err
    agenda: Json = done.json
    return agenda


@pytest.mark.parametrize("minutes", [15, 30, 45, 60])
@pytest.mark.parametrize("pair_id", sorted(BY_ID))
def test_nothing_is_wrong_with_an_agenda(pair_id: str, minutes: int, library: list[Json]) -> None:
    assert faults_of(agenda_of(pair_id, minutes), BY_ID[pair_id], library, minutes) == []


def shorten(agenda: Json) -> None:
    agenda["blocks"][0]["minutes"] -= 1


def shrink_swap(agenda: Json) -> None:
    swap = next(block for block in agenda["blocks"] if block["kind"] == "swap")
    swap["minutes"] = 2


def take_the_keys(agenda: Json) -> None:
    for block in agenda["blocks"]:
        block["hands"] = "mentor"


def forget_a_promise(agenda: Json) -> None:
    agenda["blocks"][0]["commitment_ids"].pop()


def invent_a_promise(agenda: Json) -> None:
    agenda["blocks"][0]["commitment_ids"].append("P01-c99")


def repeat_a_promise(agenda: Json) -> None:
    agenda["blocks"][1]["commitment_ids"].append(agenda["blocks"][0]["commitment_ids"][0])


def cut_a_promise(agenda: Json) -> None:
    for step in agenda["blocks"][0]["steps"]:
        step["text"] = step["text"][:40]


def quotation(agenda: Json) -> Json:
    """The first step that quotes."""
    found: Json = next(
        step
        for block in agenda["blocks"]
        for step in block["steps"]
        if step["origin"] == "quotation"
    )
    return found


def shift_a_quote(agenda: Json) -> None:
    quotation(agenda)["citations"][0]["start"] += 1


def add_to_a_quotation(agenda: Json) -> None:
    quotation(agenda)["text"] += " And never forget it."


def cut_a_sentence(agenda: Json) -> None:
    step = quotation(agenda)
    (citation,) = step["citations"]
    citation["end"] -= 6
    citation["quote"] = step["text"] = citation["quote"][:-6]


def cite_a_stranger(agenda: Json) -> None:
    quotation(agenda)["citations"][0]["document_id"] = "nobody"


def drop_a_source(agenda: Json) -> None:
    quotation(agenda)["citations"] = []


def name_a_source_too_many(agenda: Json) -> None:
    agenda["sources"].append({"document_id": "first-session"})


def teach_too_much(agenda: Json) -> None:
    for step in agenda["blocks"][0]["steps"]:
        step["is_new"] = True


def ask_one_person_only(agenda: Json) -> None:
    agenda["promises"][0]["owner"] = agenda["promises"][1]["owner"]


def overload(agenda: Json) -> None:
    agenda["prep"]["mentor"][0]["minutes"] = 11


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        pytest.param(shorten, "minutes planned", id="minutes do not add up"),
        pytest.param(shrink_swap, "swap has", id="swap too short"),
        pytest.param(take_the_keys, "hands have 0", id="the mentor at the keys"),
        pytest.param(forget_a_promise, "vanished", id="a promise forgotten"),
        pytest.param(invent_a_promise, "invented", id="a promise invented"),
        pytest.param(repeat_a_promise, "2 times", id="a promise twice"),
        pytest.param(cut_a_promise, "not there in full", id="a promise cut"),
        pytest.param(shift_a_quote, "wrongly", id="an offset shifted"),
        pytest.param(add_to_a_quotation, "more or less", id="words added to a quotation"),
        pytest.param(cut_a_sentence, "part of a sentence", id="a sentence cut"),
        pytest.param(cite_a_stranger, "which is missing", id="an unknown document"),
        pytest.param(drop_a_source, "without a source", id="a fact without a source"),
        pytest.param(name_a_source_too_many, "the sources name", id="a source not cited"),
        pytest.param(teach_too_much, "new concepts", id="too much that is new"),
        pytest.param(ask_one_person_only, "asked of", id="promises of one person"),
        pytest.param(overload, "too much to prepare", id="too much to prepare"),
    ],
)
def test_each_fault_is_found(spoil: Callable[[Json], None], told: str, library: list[Json]) -> None:
    agenda = agenda_of("P01", 60)
    spoilt = copy.deepcopy(agenda)
    spoil(spoilt)
    assert faults_of(agenda, BY_ID["P01"], library, 60) == []
    assert any(told in fault for fault in faults_of(spoilt, BY_ID["P01"], library, 60))


def test_the_checker_shares_no_code_with_what_it_checks() -> None:
    source = pathlib.Path(__file__).with_name("second_checker.py").read_text(encoding="utf-8")
    imported = [
        name
        for node in ast.walk(ast.parse(source))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    ]
    assert imported
    assert [name for name in imported if name.startswith("coach")] == []
