"""The rules on single sentences: whole, short, able to stand alone, imperative where they must."""

import re
from collections.abc import Iterator

from coach.knowledge.chunking import split_sentences
from coach.knowledge.lint.sheets import Finding, Sentence, Sheet
from coach.knowledge.wording.language import lint
from coach.knowledge.wording.phrases import fold, read_rules, read_words
from coach.knowledge.wording.readability import flesch_kincaid
from coach.knowledge.wording.sentences import dangling_opener
from coach.knowledge.words import words

MOST_WORDS = 25
HARDEST_STEPS = 8.5
_WHOLE = re.compile(r"[\"“‘'(]?[^\W_a-zß-ÿ].*[.!?][\"”’')]?\Z", re.DOTALL)
_NO_VERB = ("ly", "ing", "ed", "ness", "tion")
_NEAR = 5


def check_whole(sheet: Sheet) -> Iterator[Finding]:
    """Every sentence begins with a capital and ends with a stop."""
    for one in _said(sheet):
        if not _WHOLE.match(one.text):
            message = "Begin with a capital letter and end with a full stop."
            yield _finding(sheet, one, "sentence-whole", message)


def check_length(sheet: Sheet) -> Iterator[Finding]:
    """No sentence is longer than a person can follow when it stands alone."""
    for one in _said(sheet):
        count = len(words(one.text))
        if count > MOST_WORDS:
            message = f"Say it in {MOST_WORDS} words or fewer; these are {count}."
            yield _finding(sheet, one, "sentence-length", message)


def check_openers(sheet: Sheet) -> Iterator[Finding]:
    """No sentence begins with words that point to the one before."""
    for one in _said(sheet):
        if one.kind != "steps" and dangling_opener(one.text):
            message = "Name the subject: this opening leans on the sentence before."
            yield _finding(sheet, one, "sentence-opener", message)


def check_references(sheet: Sheet) -> Iterator[Finding]:
    """No sentence points to another place of the document."""
    rule = read_rules("documents")["reference"]
    for one in _said(sheet):
        found = next(rule.finds(fold(one.text)), None)
        if found is not None:
            said = one.text[slice(*found)]
            message = f"Name the thing itself: a quotation comes without “{said}”."
            yield _finding(sheet, one, "sentence-reference", message)


def check_language(sheet: Sheet) -> Iterator[Finding]:
    """No title, heading or sentence breaks the language rules."""
    header = sheet.document.header
    heads = [Sentence(header.title, sheet.fields.get("title", 1), "text")]
    heads += [Sentence(one.text, one.line, "text") for one in sheet.lessons]
    for one in (*heads, *sheet.sentences):
        for fault in lint(one.text):
            family = fault.family.replace("_", " ")
            message = f"Leave out “{fault.words}” ({family})."
            yield _finding(sheet, one, "language", message)


def check_step_verbs(sheet: Sheet) -> Iterator[Finding]:
    """Every step is one sentence that begins with its verb."""
    for step in sheet.of_kind("steps"):
        if not is_imperative(step.text):
            message = "Begin a step with its verb: Open, Click, Ask."
            yield _finding(sheet, step, "step-verb", message)
        if len(split_sentences(step.text)) != 1 or " and then " in fold(step.text):
            message = "Make it one step of one sentence."
            yield _finding(sheet, step, "step-single", message)


def is_imperative(sentence: str) -> bool:
    """Whether the sentence asks to do something, as far as its first words tell."""
    said = words(sentence)
    if not said or said[0] in read_words("documents", "first"):
        return False
    verbs = read_words("documents", "verbs") | read_words("sentences", "observable")
    if said[0] in verbs or said[0].rpartition("-")[2] in verbs:
        return True
    tells = read_rules("documents")["finite"].occurs(" ".join(said[1 : _NEAR + 1]))
    return not tells and not said[0].endswith(_NO_VERB)


def check_grade(sheet: Sheet) -> Iterator[Finding]:
    """The steps of a lesson are easy to read."""
    for lesson, steps in sheet.by_lesson("steps"):
        grade = flesch_kincaid("\n".join(step.text for step in steps))
        if grade > HARDEST_STEPS:
            message = (
                f"Use shorter words and sentences: the steps have a Flesch-Kincaid grade of "
                f"{grade:.1f}, and {HARDEST_STEPS} is the most."
            )
            yield Finding(sheet.path, lesson.line, "steps-grade", message, lesson.text)


def check_slips(sheet: Sheet) -> Iterator[Finding]:
    """A slip comes with the way to put it right."""
    undo = read_rules("documents")["undo"]
    for _, slip in sheet.by_lesson("slip"):
        mended = any(is_imperative(one.text) or undo.occurs(fold(one.text)) for one in slip)
        if slip and not mended:
            message = "Say in a further sentence how the slip is undone."
            yield _finding(sheet, slip[0], "slip-undo", message)


def _said(sheet: Sheet) -> Iterator[Sentence]:
    """The sentences that drafts quote; definitions have rules of their own."""
    return (one for one in sheet.sentences if one.kind != "words")


def _finding(sheet: Sheet, one: Sentence, rule: str, message: str) -> Finding:
    return Finding(sheet.path, one.line, rule, message, one.text)


# These two hold in every language, the others only in English.
RULES = (check_whole, check_length)
ENGLISH_RULES = (
    check_openers,
    check_references,
    check_language,
    check_step_verbs,
    check_grade,
    check_slips,
)
