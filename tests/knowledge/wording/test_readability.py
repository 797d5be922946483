"""How hard a text is to read."""

import time

import pytest

from coach.knowledge.wording.readability import (
    flesch_kincaid,
    longest_sentence_words,
    mean_sentence_words,
)

# Counted by hand: words, sentences and syllables in (words, syllables per word) form.
EASY = "The cat sat on the mat. The dog ran to the door."
HARD = (
    "Organisational restructuring necessitates comprehensive reconsideration of "
    "intergenerational communication responsibilities."
)


def test_the_grade_follows_the_formula() -> None:
    # 12 words, 2 sentences, 12 syllables: 0.39 * 6 + 11.8 * 1 - 15.59
    assert flesch_kincaid(EASY) == pytest.approx(0.39 * 6 + 11.8 - 15.59)


def test_long_words_make_a_text_harder() -> None:
    assert flesch_kincaid(HARD) > 20 > 5 > flesch_kincaid(EASY)


SYLLABLES = """table 2 open 2 only 2 easy 2 idea 3 pivot 2 recovery 4 make 1 management 3 report 2
negotiate 4 area 3 because 2 usually 4 people 2 created 3 turned 1 needed 2 files 1 changes 2
boxes 2 little 2 question 2 agenda 3 career 2 guide 1 quiet 2 experience 4 video 3 senior 2
colleague 2 automatic 4 decision 3 evidence 3 asked 1 started 2 pages 2 something 2 safely 2
copied 2 two 1 device 2 organisation 5 sentence 2 choice 1""".split()


def test_syllables_are_within_a_twentieth_of_a_count_by_hand() -> None:
    words, counts = SYLLABLES[::2], [int(count) for count in SYLLABLES[1::2]]
    text = " ".join(words)
    found = (flesch_kincaid(text) + 15.59 - 0.39 * len(words)) / 11.8 * len(words)
    assert found == pytest.approx(sum(counts), rel=0.05)


@pytest.mark.parametrize(
    ("text", "mean", "longest"),
    [
        pytest.param("One two. One two three four.", 3.0, 4, id="two sentences"),
        pytest.param("Open the file\nChoose Group\nSave", 2.0, 3, id="items on lines of their own"),
        pytest.param("e.g. this one. Done.", 2.0, 3, id="an abbreviation ends nothing"),
        pytest.param("- one\n\n- two", 1.0, 1, id="blank lines do not count"),
        pytest.param("It’s one-to-one time.", 5.0, 5, id="hyphens part, apostrophes do not"),
        pytest.param("", 0.0, 0, id="empty"),
        pytest.param("😀 … !", 0.0, 0, id="no words"),
    ],
)
def test_sentence_lengths_are_counted_in_words(text: str, mean: float, longest: int) -> None:
    assert mean_sentence_words(text) == mean
    assert longest_sentence_words(text) == longest


@pytest.mark.parametrize("text", ["", "😀😀", "…", "\n\n"])
def test_a_text_without_words_has_grade_zero(text: str) -> None:
    assert flesch_kincaid(text) == 0.0


@pytest.mark.parametrize(
    "text", ["a" * 200_000, "word. " * 33_000, "\n" * 200_000, "漢字。" * 66_000, "x'" * 100_000]
)
def test_any_text_is_measured_in_under_two_seconds(text: str) -> None:
    begun = time.process_time()
    flesch_kincaid(text)
    assert time.process_time() - begun < 2.0
