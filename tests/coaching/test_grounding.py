"""Citations word for word, and the verdict on a paraphrase."""

import dataclasses
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.coaching.drafts import Citation, LibraryCitation, NoteCitation
from coach.coaching.grounding import (
    Judgement,
    QuoteNotFound,
    cite,
    holds,
    judge,
    quotation_for,
)
from coach.knowledge.chunking import split_sentences
from coach.knowledge.documents import Passage

PIVOT = (
    "A pivot table adds up a long list without a single formula. Drag the date field to Rows and "
    "right-click any date in the table. Choose Group, then Months, and confirm. Every month now "
    "has one line. Check the grand total against the sum of the list before you share the report."
)
FILTER = (
    "A filter hides rows but SUM still counts the hidden rows. SUBTOTAL counts only the visible "
    "rows, so its result changes with the filter. Never delete a column that a formula reads."
)
PASSKEY = (
    "A passkey cannot be typed into a fake page. Add a second device before you remove the old "
    "password. Print the ten recovery codes and keep them in a locked drawer. Each code works "
    "once. Do not send a recovery code by e-mail."
)
PAY = (
    "Prepare a range and a reason before the other side speaks. Name the result first and the "
    "number second. Ask Maria Lund in the personnel office for the pay bands of 2025. After the "
    "talk write down what was agreed within 24 hours."
)
ALL = (PIVOT, FILTER, PASSKEY, PAY)

SUPPORTED = [
    "A pivot table adds up a long list without a single formula.",
    "Drag the date field to Rows.",
    "Choose Group, then Months.",
    "Check the grand total against the sum of the list.",
    "Check the grand totals against the sum of the list before sharing the report.",
    "Every month has one line now.",
    "SUM still counts the hidden rows.",
    "SUBTOTAL counts only visible rows.",
    "SUBTOTAL counts the visible rows, and its result changes with the filter.",
    "Never delete columns that formulas read.",
    "A passkey can't be typed into a fake page.",
    "You add a second device before you remove the old password.",
    "Print the 10 recovery codes.",
    "Print the ten recovery codes and keep them in the locked drawer.",
    "Each of the codes works once.",
    "Don't send a recovery code by e-mail.",
    "Prepare your range and your reason before the other side speaks.",
    "Name the result first and the number second.",
    "Ask Maria Lund for the pay bands of 2025.",
    "After the talk, write down what was agreed within 24 hours.",
    "Write down what was agreed within 24 hours.",
    "Right-click any date in the table.",
    "Keep the recovery codes in a locked drawer.",
]
INVENTED = [
    "Press Control and Shift to open the wizard.",
    "Power Query loads the data overnight.",
    "Macros can send the report to everybody.",
    "Ask for twenty per cent more than you expect.",
    "Your manager will value honesty above all.",
    "A passkey is stored in a chip made in Finland.",
    "Fingerprints are uploaded to the vendor.",
    "Conditional formatting colours the highest values.",
    "Negotiation coaches recommend silence.",
    "The filter can be saved as a custom view.",
    "Reset the router and restart the laptop.",
    "Dashboards refresh hourly by default.",
    "Bring two witnesses to the meeting.",
    "Studies show that most talks fail.",
    "Chart colours should follow the brand guide.",
    "A slicer gives buttons to pick regions.",
    "The licence costs five euros a month.",
    "Turn on developer mode in the settings.",
    "Security keys are banned in some countries.",
    "Use a timer to limit small talk.",
    "Write to the union representative.",
]
NEAR_MISSES = [
    "Print the twelve recovery codes and keep them in a locked drawer.",
    "Write down what was agreed within 48 hours after the talk.",
    "Ask Maria Lund in the personnel office for the pay bands of 2024.",
    "Ask Peter Holm in the personnel office for the pay bands of 2025.",
    "After the talk, ask Jonas in the personnel office for the pay bands of 2025.",
    "A passkey can be typed into a fake page.",
    "Send a recovery code by e-mail, each code works once.",
    "Delete a column that a formula reads.",
    "Add a second device after you remove the old password.",
    "Remove a second device before you add the old password again.",
    "A filter shows rows but SUM still counts the hidden rows.",
    "SUM never counts the hidden rows.",
    "SUBTOTAL counts only the hidden rows, so its result changes with the filter.",
    "Drag the date field to Columns and right-click any date in the table.",
    "Choose Group, then Years, and confirm.",
    "Name the result last and the number second.",
    "Check the grand total against the sum of the list after you share the report.",
    "Print the ten recovery codes and keep them in an unlocked drawer.",
    "Every year now has one line.",
]


@pytest.mark.parametrize("statement", SUPPORTED)
def test_a_faithful_statement_is_grounded(statement: str) -> None:
    assert judge(statement, ALL).grounded


@pytest.mark.parametrize("statement", INVENTED)
def test_an_invention_is_unsupported(statement: str) -> None:
    assert judge(statement, ALL).verdict == "UNSUPPORTED"


@pytest.mark.parametrize(
    "statement",
    [one for one in NEAR_MISSES if one != "Delete a column that a formula reads."],
)
def test_a_near_miss_is_not_grounded(statement: str) -> None:
    assert not judge(statement, ALL).grounded


def test_a_stretch_counts_as_verbatim_even_without_its_never() -> None:
    # The contract takes any stretch; whole sentences are what quotation_for offers instead.
    assert judge("Delete a column that a formula reads.", ALL).verdict == "VERBATIM"


@pytest.mark.parametrize(
    ("statement", "guard"),
    [
        pytest.param(NEAR_MISSES[0], "numbers", id="a number in words"),
        pytest.param(NEAR_MISSES[1], "numbers", id="a number in digits"),
        pytest.param(NEAR_MISSES[3], "names", id="another person"),
        pytest.param(NEAR_MISSES[5], "negation", id="a lost not"),
        pytest.param(NEAR_MISSES[8], "antonyms", id="before and after"),
        pytest.param(NEAR_MISSES[13], "names", id="another field"),
        pytest.param(
            "Drag the date field to Rows and right-click any glowing purple dragon date in the "
            "table.",
            "gap",
            id="three new words in a row",
        ),
    ],
)
def test_each_guard_turns_support_into_conflict(statement: str, guard: str) -> None:
    judgement = judge(statement, ALL)
    assert judgement.verdict == "CONFLICT"
    assert guard in judgement.failed_guards


@pytest.mark.parametrize(
    ("statement", "evidence", "support"),
    [
        # stems: drag, field, row against drag, field, column: 2/3, 1/2, 2/3, 2/3
        pytest.param(
            "Drag fields to rows.",
            ("Drag the field to columns.",),
            0.45 * 2 / 3 + 0.25 / 2 + 0.3 * 2 / 3,
            id="one word of three differs",
        ),
        # the words are all there, none beside its neighbour
        pytest.param(
            "Close and save.", ("Save, then close.",), 0.45 + 0 + 0.15 + 0.15 / 2, id="other order"
        ),
        # one word: its share stands in for pairs
        pytest.param("Totals.", ("The total is right.",), 1.0, id="a single word"),
    ],
)
def test_support_follows_the_formula(
    statement: str, evidence: tuple[str, ...], support: float
) -> None:
    assert judge(statement, evidence).support == pytest.approx(support, abs=1e-4)


def test_what_runs_on_for_pages_is_quoted_whole_or_not_at_all() -> None:
    pages = "Drag the date field to Rows. " * 200
    assert judge(pages, (pages,)).verdict == "VERBATIM"
    assert judge(pages, ALL).verdict == "UNSUPPORTED"


def test_words_spread_over_distant_sentences_weigh_less() -> None:
    near = judge("Apples pears plums.", ("Apples grow. Pears plums fall.",)).support
    far = judge("Apples pears plums.", ("Apples grow. Rain fell. Pears plums fall.",)).support
    assert far < near


@pytest.mark.parametrize(
    ("statement", "evidence"),
    [
        pytest.param("", ALL, id="empty statement"),
        pytest.param("😀", ALL, id="emoji only"),
        pytest.param("漢字", ALL, id="another script"),
        pytest.param("...", ALL, id="marks only"),
        pytest.param("Drag the date.", (), id="no evidence"),
        pytest.param("Drag the date.", ("",), id="empty evidence"),
    ],
)
def test_nothing_supports_nothing(statement: str, evidence: tuple[str, ...]) -> None:
    assert judge(statement, evidence) == Judgement("UNSUPPORTED", 0.0)


@pytest.mark.parametrize(
    ("statement", "evidence", "verbatim"),
    [
        pytest.param("“choose  GROUP’s list”", '"Choose Group\'s list" it says.', True, id="form"),
        pytest.param("art", "A good start.", False, id="part of a word"),
        pytest.param("5 minutes", "Take 15 minutes.", False, id="part of a number"),
        pytest.param("5 minutes", "Take 1.5 minutes.", False, id="behind a decimal point"),
        pytest.param("costs 1", "It costs 1.5 now.", False, id="before a decimal point"),
        pytest.param("Choose Group.", "Choose Group\nChoose Months", True, id="a step's full stop"),
    ],
)
def test_verbatim_means_whole_words_in_any_dress(
    statement: str, evidence: str, verbatim: bool
) -> None:
    assert (judge(statement, (evidence,)).verdict == "VERBATIM") is verbatim


def passage(text: str, name: str = "p1") -> Passage:
    return Passage(
        id=name,
        document_id="doc",
        document_title="Pivot tables",
        document_kind="tutorial",
        kind="idea",
        heading_path=("Lesson", "Idea"),
        ordinal=0,
        start=0,
        end=len(text),
        text=text,
        sentences=split_sentences(text),
    )


SHELF = {name: passage(text, name) for name, text in zip("abcd", ALL, strict=True)}


@given(st.sampled_from(ALL), st.data())
def test_every_stretch_of_whole_words_is_verbatim_and_can_be_cited(
    text: str, data: st.DataObject
) -> None:
    words = text.split(" ")
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    stretch = " ".join(words[start:end])
    assert judge(stretch, (text,)).verdict == "VERBATIM"
    one = passage(text)
    assert holds(cite(one, stretch), {one.id: one})


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_is_judged_and_a_citation_that_is_built_holds(text: str, quote: str) -> None:
    assert 0.0 <= judge(quote, (text,)).support <= 1.0
    one = passage(text)
    try:
        citation = cite(one, quote)
    except QuoteNotFound:
        return
    assert holds(citation, {one.id: one})


@pytest.mark.parametrize("quote", ["", "   ", "drag the date", "pivot tab", "Delete"])
def test_words_the_passage_does_not_say_cannot_be_cited(quote: str) -> None:
    with pytest.raises(QuoteNotFound):
        cite(SHELF["a"], quote)


GOOD = cite(SHELF["a"], "Every month now has one line.")


@pytest.mark.parametrize(
    ("citation", "held"),
    [
        pytest.param(GOOD, True, id="as built"),
        pytest.param(dataclasses.replace(GOOD, passage_id="z"), False, id="unknown passage"),
        pytest.param(dataclasses.replace(GOOD, passage_id="b"), False, id="another passage"),
        pytest.param(dataclasses.replace(GOOD, document_id="other"), False, id="other document"),
        pytest.param(dataclasses.replace(GOOD, document_title="Other"), False, id="other title"),
        pytest.param(dataclasses.replace(GOOD, quote="Every month"), False, id="shorter quote"),
        pytest.param(dataclasses.replace(GOOD, start=GOOD.start + 1), False, id="moved"),
        pytest.param(dataclasses.replace(GOOD, start=-5), False, id="negative offset"),
        pytest.param(dataclasses.replace(GOOD, end=GOOD.start, quote=""), False, id="empty"),
        pytest.param(NoteCitation("n1", 1, 3, 9, "sorted"), True, id="a note"),
        pytest.param(NoteCitation("n2", 1, 3, 9, "sorted"), False, id="an unknown note"),
    ],
)
def test_a_citation_holds_only_word_for_word_in_its_place(citation: Citation, held: bool) -> None:
    assert holds(citation, SHELF, {"n1": "We sorted."}) is held


def test_a_note_citation_never_holds_without_its_note() -> None:
    assert not holds(NoteCitation("n1", 1, 3, 9, "sorted"), SHELF)


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        pytest.param(
            "A passkey can be typed into a fake page.",
            "A passkey cannot be typed into a fake page.",
            id="a flipped one gets the true sentence",
        ),
        pytest.param(
            "Print twelve recovery codes.",
            "Print the ten recovery codes and keep them in a locked drawer.",
            id="a wrong number gets the right sentence",
        ),
        pytest.param("Bring two witnesses to the meeting.", None, id="an invention gets nothing"),
        pytest.param("", None, id="nothing gets nothing"),
    ],
)
def test_a_failed_statement_is_replaced_by_the_sentence_it_leans_on(
    statement: str, quote: str | None
) -> None:
    found = quotation_for(statement, tuple(SHELF.values()))
    assert (found.quote if found else None) == quote
    assert found is None or holds(found, SHELF)


def test_a_dangling_sentence_is_no_quotation() -> None:
    one = passage("It hides the empty rows of the table.")
    assert quotation_for("Hide the empty rows of the table.", (one,)) is None


def test_a_quotation_is_a_library_citation() -> None:
    assert isinstance(quotation_for("Each code works once", [SHELF["c"]]), LibraryCitation)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "a " * 100_000,
        "alpha beta " * 18_000,
        "漢字。" * 66_000,
        "1.2," * 50_000,
        "\n" * 200_000,
    ],
    ids=["one word", "one letter", "two words", "Chinese", "numbers", "blank lines"],
)
def test_a_huge_text_does_not_slow_the_judge_out_of_proportion(text: str) -> None:
    begun = time.process_time()
    judge(text + " end", (PIVOT,))
    judge("Drag the date field to Rows.", (text,))
    # Half a second on an idle machine, 2.6 on a slow and busy one; out of proportion is minutes.
    assert time.process_time() - begun < 6


def test_a_judgement_takes_about_a_millisecond() -> None:
    judge("Warm up the drag.", ALL)
    begun = time.process_time()
    for number in range(200):
        judge(f"Drag the date field {number} to Rows and choose Months.", ALL)
    assert (time.process_time() - begun) / 200 < 0.003
