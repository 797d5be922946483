"""Whole documents of all shared pairs in German, Spanish and French: one language, well set."""

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest

from coach.coaching.drafts import Draft, FollowUps
from coach.coaching.pipeline import Coach
from coach.rendering.labels import labels_of
from coach.rendering.markdown import render_markdown
from tests.coaching.make import false_clauses, twelve
from tests.coaching.models import every_draft

NBSP = "\N{NO-BREAK SPACE}"
TONGUES = ["de", "es", "fr"]
QUOTED = re.compile(r"„[^“]*“|«[^»]*»|“[^”]*”")
# Headings and labels under which the words of the library or of the pair stand bare.
BARE_PARTS = ("sources", "promised", "open_promises", "words")
BARE_LABELS = ("answer", "like")


@pytest.fixture(scope="module", params=TONGUES)
def documents(request: pytest.FixtureRequest, starter: Coach) -> tuple[str, tuple[Draft, ...]]:
    """Every draft of every pair, written for a pair that speaks this language."""
    drafts: list[Draft] = []
    for record in twelve().values():
        spoken = replace(record.constraints, language=request.param)
        drafts += every_draft(starter, replace(record, constraints=spoken))
    return request.param, tuple(drafts)


def composed(draft: Draft) -> Iterable[str]:
    """The lines that are ours: quotations cut out, the bare words of others left away."""
    labels, bare = labels_of(draft.language), False
    headings = {labels.say(name) for name in BARE_PARTS}
    answers = tuple(f"- **{labels.say(name)}**" for name in BARE_LABELS)
    proposed = tuple(f" {labels.who(person)}{NBSP * (labels.language == 'fr')}:" for person in
                     ("mentor", "mentee"))  # fmt: skip
    for line in render_markdown(draft).replace("\\", "").splitlines():
        if line.startswith("#"):
            bare = line.removeprefix("## ") in headings
        # A lesson's title is the library's, and so is what is proposed as a promise.
        elif not bare and not line.startswith(answers) and not any(p in line for p in proposed):
            yield QUOTED.sub("x", line)


def test_every_draft_of_every_pair_keeps_its_contract(
    documents: tuple[str, tuple[Draft, ...]],
) -> None:
    for draft in documents[1]:
        assert false_clauses(draft) == [], draft.pair_id


def test_how_questions_are_asked_is_judged_and_holds(
    documents: tuple[str, tuple[Draft, ...]],
) -> None:
    asked = [draft for draft in documents[1] if isinstance(draft, FollowUps)]
    assert len(asked) == len(twelve())
    for draft in asked:
        judged = {one.clause: one.holds for one in draft.contract}
        assert [judged[clause] for clause in ("FQ02", "FQ03", "FQ04")] == [True] * 3


def test_headings_and_labels_are_in_the_language_too(
    documents: tuple[str, tuple[Draft, ...]],
) -> None:
    language, drafts = documents
    own, english = labels_of(language), labels_of("en")
    tables = [(own.says, english.says)]
    tables += [(own.tables[one], english.tables[one]) for one in ("steps", "reasons", "purposes")]
    foreign = {
        words for mine, theirs in tables for name, words in theirs.items() if mine[name] != words
    } - {words for mine, _ in tables for words in mine.values()}
    for draft in drafts:
        for line in render_markdown(draft).splitlines():
            label = re.match(r"## (.+)|- \*\*(.+?)\*\* |\*\w+ asks \((.+)\)\*", line)
            assert not label or not set(label.groups()) & foreign, line


def test_a_question_opens_and_closes_and_quotation_marks_are_the_languages(
    documents: tuple[str, tuple[Draft, ...]],
) -> None:
    language, drafts = documents
    for draft in drafts:
        for line in composed(draft):
            if language == "es":
                assert line.count("¿") == line.count("?"), line
                assert line.count("¡") == line.count("!"), line
            else:
                assert not re.search("[“”]", line), line


def test_no_line_of_french_breaks_before_a_mark(
    documents: tuple[str, tuple[Draft, ...]],
) -> None:
    language, drafts = documents
    for draft in drafts if language == "fr" else ():
        whole = render_markdown(draft)
        assert not re.search(" »|« ", whole)
        assert not re.search(" [:;?!]", QUOTED.sub("x", whole))
        for line in composed(draft):
            assert not re.search(rf"[^{NBSP}\s][:;?!](?=\s|$)", line), line
