"""The language lint: what is caught, and what is left alone."""

import re
import time
from pathlib import Path

import pytest

from coach.coaching.boundaries import LintFault, lint
from coach.knowledge.adding import markdown_in
from coach.knowledge.wording.phrases import (
    WordListFault,
    fold,
    read_list,
    read_rules,
)
from coach.shipped import shipped

GUILTY = [
    ("blame", "You never hand over a decision."),
    ("age_label", "That was a senior moment."),
    ("age_label", "At your age this takes a while."),
    ("age_label", "You are surprisingly good for your age."),
    ("age_label", "Older people need more time with phones."),
    ("age_label", "This guide is for the elderly."),
    ("age_label", "She is too old to learn this."),
    ("age_label", "You can’t teach an old dog new tricks."),
    ("age_label", "Silver surfers will like this page."),
    ("age_label", "Is this hard on your old eyes?"),
    ("generation", "Millennials are always on their phones."),
    ("generation", "As a digital native you know this."),
    ("generation", "OK boomer, open the menu."),
    ("generation", "Your generation never had to share files."),
    ("generation", "Gen Z wants feedback every day."),
    ("generation", "People of your generation prefer paper."),
    ("generation", "Kids these days learn it at school."),
    ("generation", "Explain the typical boomer attitude."),
    ("patronising", "Well done, sweetie."),
    ("patronising", "Do you understand?"),
    ("patronising", "Let me do it for you."),
    ("patronising", "Even you can do this."),
    ("patronising", "My grandmother could do it; even a child can do it."),
    ("patronising", "Give me the mouse."),
    ("patronising", "I’ll explain slowly for you."),
    ("patronising", "That is too technical for you."),
    ("patronising", "You probably don't know this."),
    ("patronising", "How many times have I shown this?"),
    ("minimiser", "Just click Save."),
    ("minimiser", "Simply drag the field to Rows."),
    ("minimiser", "Obviously, the total is wrong."),
    ("minimiser", "You just need to press Enter."),
    ("minimiser", "All you have to do is choose a name."),
    ("minimiser", "It's easy: open the file."),
    ("minimiser", "Then just put the field in Values."),
    ("minimiser", "It is child’s play."),
    ("minimiser", "This is not rocket science."),
    ("minimiser", "You simply choose the folder."),
    ("erasing_experience", "Forget everything you know about reports."),
    ("erasing_experience", "That is an outdated way to file."),
    ("erasing_experience", "Nobody sends letters any more."),
    ("erasing_experience", "Your old habits get in the way."),
    ("erasing_experience", "Everything you learned is useless now."),
    ("erasing_experience", "Get with the times."),
    ("erasing_experience", "Your experience is no longer relevant."),
    ("stereotype", "Young people are lazy."),
    ("stereotype", "Older managers are slow with new tools."),
    ("stereotype", "Because you're young, this is natural."),
    ("stereotype", "People over 50 struggle with it."),
    ("stereotype", "All executives hate details."),
    ("stereotype", "Ask the whizz kid."),
    ("stereotype", "Women are better listeners."),
    ("belittling_mentor", "Listen, kiddo."),
    ("belittling_mentor", "You are too young to lead a team."),
    ("belittling_mentor", "You are just an intern."),
    ("belittling_mentor", "When I was your age, we waited."),
    ("belittling_mentor", "Present your little project."),
    ("belittling_mentor", "You haven't lived yet."),
    ("belittling_mentor", "One day you'll understand budgets."),
    ("blame", "Why didn’t you finish the table?"),
    ("blame", "You should have asked earlier."),
    ("blame", "You forgot to save it."),
    ("blame", "It was your fault."),
    ("blame", "You still haven't sent the draft."),
    ("blame", "What were you thinking?"),
    ("leading", "Don't you think a table is better?"),
    ("leading", "Have you tried a pivot table?"),
    ("leading", "Wouldn't it be better to wait?"),
    ("leading", "You liked it, right?"),
    ("leading", "Isn’t it obvious that the sum is wrong?"),
    ("leading", "Surely you saw the mistake?"),
    ("leading", "How much easier was it with the form?"),
    ("leading", "Why don't you ask for more?"),
]

INNOCENT = [
    "Which decisions about people would you never hand over?",
    "Whose call would you always take?",
    "Just-in-time delivery needs a good forecast.",
    "Open the older version of the file.",
    "A simple table is enough.",
    "Ask just one question.",
    "There is just one header row.",
    "The file you just saved is in the folder.",
    "Use the simple layout first.",
    "A simpler name helps later.",
    "The oldest backup is deleted after ten days.",
    "Older versions stay in the history.",
    "Keep the old report beside the new one.",
    "The right column holds the total.",
    "Choose the cell on the right?",
    "What would you like to try first?",
    "How do you build the report today?",
    "Which of these steps would you do differently?",
    "Why does the total change when rows are hidden?",
    "A filter hides rows but SUM still counts them.",
    "If you don't see the menu, widen the window.",
    "If the numbers don't match, ask where they come from.",
    "The manager did not fill it in and that was the warning.",
    "Never share a recovery code.",
    "You never need to type the passkey.",
    "You always have two ways back in.",
    "Say what you tried and where you stopped.",
    "It is not easy to say no to a project lead.",
    "It is worth an hour of your time.",
    "Your experience of budgets tells you what can go wrong.",
    "Ask how it is done today and keep what works.",
    "The young company has few rules.",
    "Children's data needs special care.",
    "The senior analyst presents to the board.",
    "A junior colleague teaches, a senior colleague learns.",
    "The two generations of the file sit side by side.",
    "First-generation backups are full copies.",
    "Let me know which evening suits you.",
    "Let the mentee hold the mouse.",
    "Turn the page over and read the question again.",
    "The dates are in the wrong format.",
    "Explain it in your own words.",
    "Take a slow breath before you begin.",
    "A justified text has straight edges.",
    "Adjust the column width.",
    "The obvious total is at the bottom.",
    "Trust takes time; meet every two weeks.",
    "She simply could not attend.",
    "Of course this takes practice.",
    "A good boyhood friend of the founder spoke.",
    "The minutes were read aloud.",
    "Only the owner can delete the folder.",
    "Retirement plans are kept in another folder.",
    "The account expires after 65 days.",
    "You are 20 minutes in: pause here.",
    "The table of contents is too long to print.",
    "Data too old to use goes to the archive.",
    "What did you notice that others might miss?",
    "Mentee did the filter task alone and used SUBTOTAL correctly after one hint.",
    "Mentor took over the mouse twice; agreed not to.",
    "Mentee said clearly: tired is a sign, not a failure.",
    "Choose view or edit when you share a folder.",
    "You should have two backups.",
    "Which part of the table have you tried so far?",
    "The older file wins.",
]


ALSO_GUILTY = [
    "My nan could manage this.",
    "You seniors find apps scary.",
    "At sixty you can't expect to get it.",
    "It's super intuitive, anyone can see that.",
    "Merely drag it over.",
    "Let's get you into this century.",
    "Did you even read it?",
    "Oh bless, you got it!",
    "You wouldn't get it, it's technical.",
    "Young folk don't want to work hard.",
    "Typical Gen X cynicism.",
    "You're too green for this role.",
    "Throw out your paper habits, they are useless.",
    "Shouldn't you ask first?",
    "Why on earth did you delete it?",
    "As a woman, you'll be good at notes.",
    "Run along and fix the printer.",
    "Older brains learn slowly.",
    "You clearly weren't listening.",
    "Everyone under 30 knows this.",
]


@pytest.mark.parametrize("sentence", ALSO_GUILTY)
def test_a_disrespectful_sentence_written_by_somebody_else_is_caught(sentence: str) -> None:
    assert lint(sentence)


@pytest.mark.parametrize(("family", "sentence"), GUILTY, ids=[words for _, words in GUILTY])
def test_a_disrespectful_sentence_is_caught_under_its_family(family: str, sentence: str) -> None:
    assert family in {fault.family for fault in lint(sentence)}


@pytest.mark.parametrize("sentence", INNOCENT, ids=INNOCENT)
def test_an_innocent_sentence_passes(sentence: str) -> None:
    assert lint(sentence) == ()


def test_both_tables_are_large_enough_to_mean_something() -> None:
    assert len(GUILTY) >= 60
    assert len(INNOCENT) >= 40


def test_a_fault_names_the_words_as_they_stand() -> None:
    text = "İn short: “Just  click” is what we don’t say."
    (fault,) = lint(text)
    assert fault == LintFault("minimiser", "Just  click", text.index("Just"), text.index("”"))


@pytest.mark.parametrize("apostrophe", ["'", "’", "‘"])
def test_every_apostrophe_is_the_same_to_the_lint(apostrophe: str) -> None:
    assert lint(f"Why didn{apostrophe}t you call?")


def test_the_shipped_library_is_clean() -> None:
    faults = {
        (path.name, fault.family, fault.words)
        for path in markdown_in(shipped("knowledge"))
        for fault in lint(path.read_text(encoding="utf-8"))
    }
    assert faults == set()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("😀" * 1_000, id="emoji only"),
        pytest.param("漢字かな交じり文。" * 200, id="Japanese"),
        pytest.param("a" * 200_000, id="one long word"),
        pytest.param(" " * 200_000, id="blanks"),
        pytest.param("don't you " * 20_000, id="openers of a tag question"),
        pytest.param("you never just a word " * 9_000, id="near misses"),
        pytest.param("x'" * 100_000, id="apostrophes"),
    ],
)
def test_any_text_is_read_in_under_two_seconds(text: str) -> None:
    begun = time.process_time()
    lint(text)
    assert time.process_time() - begun < 2.0


def test_folding_moves_no_letter() -> None:
    text = "İstanbul’s “Straße” – Ǆ ﬁ"
    assert len(fold(text)) == len(text)


UNBOUNDED = re.compile(r"(?<!\\)[*+]|\{\d*,\}")


@pytest.mark.parametrize("name", ["language", "sensitive", "risk", "sentences", "questions"])
def test_no_pattern_in_the_lists_repeats_without_bound(name: str) -> None:
    sources = [
        source
        for family in read_list(name)["families"].values()
        for source in [*family.get("patterns", ()), *family.get("unless", ())]
    ]
    assert [source for source in sources if UNBOUNDED.search(source)] == []


@pytest.mark.parametrize("name", ["language", "sensitive", "risk", "sentences", "questions"])
def test_every_place_in_a_pattern_names_a_list(name: str) -> None:
    values = read_list(name)
    sources = " ".join(
        source for family in values["families"].values() for source in family.get("patterns", ())
    )
    assert set(re.findall(r"\{([a-z_]+)\}", sources)) <= set(values.get("lists", {}))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        pytest.param("families: [", "cannot be read", id="broken YAML"),
        pytest.param("- a\n- b\n", "must be a mapping", id="a list"),
        pytest.param("words: {}\n", "has no families", id="no families"),
        pytest.param("families:\n  a: {}\n", "neither phrases nor patterns", id="empty family"),
        pytest.param("families:\n  a: {patterns: ['(']}\n", "is no expression", id="bad pattern"),
    ],
)
def test_a_damaged_word_list_is_named_in_one_sentence(
    tmp_path: Path, source: str, said: str
) -> None:
    (tmp_path / "mine.yaml").write_text(source, encoding="utf-8")
    with pytest.raises(WordListFault, match=said):
        read_rules("mine", tmp_path)


def test_a_missing_word_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(WordListFault, match=r"gone\.yaml"):
        read_rules("gone", tmp_path)


def test_a_list_of_ones_own_extends_the_lint(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "families:\n  jargon:\n    phrases: [low-hanging fruit, synergy]\n", encoding="utf-8"
    )
    rule = read_rules("mine", tmp_path)["jargon"]
    assert list(rule.finds(fold("Pick the Low‑hanging fruit."))) == [(9, 26)]
