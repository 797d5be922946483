"""Sentences are found whole, with exact offsets."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.knowledge.chunking import split_sentences


def pieces(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


CASES = [
    pytest.param("One. Two. Three.", ["One.", "Two.", "Three."], id="plain full stops"),
    pytest.param(
        "It works! Does it? Yes.",
        ["It works!", "Does it?", "Yes."],
        id="all three marks",
    ),
    pytest.param("First. and then", ["First.", "and then"], id="a small start and no last stop"),
    pytest.param(
        "Ask Dr. Amara Obi. She knows.",
        ["Ask Dr. Amara Obi.", "She knows."],
        id="a title",
    ),
    pytest.param(
        "Try a tool, e.g. Excel, i.e. the desktop one. Go.",
        ["Try a tool, e.g. Excel, i.e. the desktop one.", "Go."],
        id="e.g. and i.e.",
    ),
    pytest.param("J. R. Smith came. He left.", ["J. R. Smith came.", "He left."], id="initials"),
    pytest.param(
        "It is plan B. The other failed.",
        ["It is plan B.", "The other failed."],
        id="plan B",
    ),
    pytest.param("So did I. Then Ben left.", ["So did I.", "Then Ben left."], id="the word I"),
    pytest.param(
        "Version 3.5 is out. Use it.",
        ["Version 3.5 is out.", "Use it."],
        id="a decimal",
    ),
    pytest.param("Open file.txt now. Good.", ["Open file.txt now.", "Good."], id="a file name"),
    pytest.param("We did it in 2024. Then not.", ["We did it in 2024.", "Then not."], id="a year"),
    pytest.param(
        "Bring pens, paper etc. The rest is here.",
        ["Bring pens, paper etc.", "The rest is here."],
        id="etc. before a capital",
    ),
    pytest.param("Pens, paper etc. are here.", ["Pens, paper etc. are here."], id="etc. goes on"),
    pytest.param("Meet at 9 a.m. on Friday.", ["Meet at 9 a.m. on Friday."], id="a.m. goes on"),
    pytest.param("See no. 5 and p. 12. Fine.", ["See no. 5 and p. 12.", "Fine."], id="no. and p."),
    pytest.param("She said no. We wait.", ["She said no.", "We wait."], id="no as a word"),
    pytest.param(
        "The U.S. market grew. Ours too.",
        ["The U.S. market grew.", "Ours too."],
        id="U.S.",
    ),
    pytest.param(
        "We left the U.S. The rest stayed.",
        ["We left the U.S.", "The rest stayed."],
        id="U.S. last",
    ),
    pytest.param(
        'He said "Stop." Then he left.',
        ['He said "Stop."', "Then he left."],
        id="quote after the stop",
    ),
    pytest.param(
        "“Why now?” she asked. No reply.",
        ["“Why now?” she asked.", "No reply."],
        id="question in quotes",
    ),
    pytest.param(
        '"Where?" Ben asked. "Here."',
        ['"Where?" Ben asked.', '"Here."'],
        id="a name that asks",
    ),
    pytest.param("(It is late.) We stop.", ["(It is late.)", "We stop."], id="closing bracket"),
    pytest.param(
        "It is late (is it?) and dark.",
        ["It is late (is it?) and dark."],
        id="a bracketed question",
    ),
    pytest.param("Well… maybe. Or not…", ["Well… maybe.", "Or not…"], id="an ellipsis goes on"),
    pytest.param("Well... Maybe so.", ["Well...", "Maybe so."], id="three dots before a capital"),
    pytest.param("Really?! Yes!!", ["Really?!", "Yes!!"], id="marks in a row"),
    pytest.param(
        "It holds.[1] So does this.[2]",
        ["It holds.[1]", "So does this.[2]"],
        id="reference marks",
    ),
    pytest.param(
        "- one thing\n- another\n",
        ["- one thing", "- another"],
        id="a list, one per line",
    ),
    pytest.param(
        "1. Open it.\n2. Close it.",
        ["1. Open it.", "2. Close it."],
        id="a numbered list",
    ),
    pytest.param("Do: 1. Open. 2. Close.", ["Do: 1. Open.", "2. Close."], id="numbers in a line"),
    pytest.param(
        "call Ben\nbring laptop\nask why",
        ["call Ben", "bring laptop", "ask why"],
        id="short lines",
    ),
    pytest.param(
        "We talked at some length about how the new dashboard is\nto be read by the board. Good.",
        [
            "We talked at some length about how the new dashboard is\nto be read by the board.",
            "Good.",
        ],
        id="a wrapped line",
    ),
    pytest.param("One line\n\nanother", ["One line", "another"], id="a blank line"),
    pytest.param("一つ。二つ。", ["一つ。", "二つ。"], id="wide stops"),
    pytest.param("", [], id="nothing"),
    pytest.param(" \n\t ", [], id="only blanks"),
    pytest.param("no stop at all", ["no stop at all"], id="a fragment"),
    pytest.param("... ", ["..."], id="only dots"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_text_falls_into_its_sentences(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


LIVELY = st.text(alphabet="aAbI1 .!?…\n\"'()[]:-,e.g。é\u200b😀\r\t", max_size=200)


@given(st.one_of(st.text(max_size=300), LIVELY))
def test_every_character_that_is_not_blank_lies_in_one_sentence(text: str) -> None:
    covered = [0] * len(text)
    last = 0
    for span in split_sentences(text):
        assert last <= span.start < span.end <= len(text)
        last = span.end
        for place in range(span.start, span.end):
            covered[place] += 1
        assert text[span.start : span.end] == text[span.start : span.end].strip()
    assert all(
        count == 1
        for count, character in zip(covered, text, strict=True)
        if not character.isspace()
    )


@given(st.text(alphabet="aAbI1 .!?…\"'()[]:-,eg", max_size=120))
def test_a_sentence_of_one_line_is_not_split_again(text: str) -> None:
    for piece in pieces(text):
        assert pieces(piece) == [piece]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("!" * 300_000 + "x", id="marks without an end"),
        pytest.param("a. " * 100_000, id="many initials"),
        pytest.param("a.)" * 100_000, id="many closers"),
        pytest.param("\n" * 300_000, id="many lines"),
        pytest.param("a" * 300_000, id="one long word"),
        pytest.param(("word " * 20 + "\nmore ") * 3_000, id="one long wrapped paragraph"),
    ],
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    before = time.process_time()
    split_sentences(text)
    assert time.process_time() - before < 3
