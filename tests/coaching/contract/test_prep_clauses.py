"""Each clause of a prep brief passes a sound brief and fails the one it is there for."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from coach.coaching.brief import AgendaRequest
from coach.coaching.briefing import build_brief
from coach.coaching.composer.prep import compose_prep
from coach.coaching.contract.prep_clauses import PREP_CLAUSES, PrepExhibit
from coach.coaching.drafts import Cited, ExpectedQuestion, LibraryCitation, PrepBrief, PrepPromise
from coach.coaching.pipeline import Coach
from coach.coaching.prep import PrepAsked, PrepRequest, gather_for_prep
from coach.pairs.records import OffLimits, Role
from tests.coaching.make import TODAY, agenda_of, pair, promise, session

Change = Callable[[PrepBrief], PrepBrief]


def exhibit_for(coach: Coach, reader: Role) -> PrepExhibit:
    """A sound brief beside what it was written from."""
    met = session(1, commitments=(promise("c1", "Make one pivot table"),))
    record = pair(met, off_limits=(OffLimits("the merger", ("merger",)),))
    agenda = agenda_of(coach, record)
    brief = build_brief(record, AgendaRequest(TODAY, for_date=agenda.date), reader)
    asked = PrepAsked(brief, PrepRequest(TODAY, reader, agenda))
    desk = asyncio.run(gather_for_prep(coach, asked))
    return PrepExhibit(compose_prep(desk, ""), brief, desk.material, agenda)


def moved(prep: PrepBrief) -> PrepBrief:
    """The first quotation with its place one letter off."""
    said = prep.says[0]
    cited = said.citations[0]
    assert isinstance(cited, LibraryCitation)
    return replace(prep, says=(Cited(said.text, (replace(cited, start=cited.start + 1),)),))


def cut(prep: PrepBrief) -> PrepBrief:
    """The first quotation without its last word, at its true place."""
    cited = prep.says[0].citations[0]
    assert isinstance(cited, LibraryCitation)
    quote = cited.quote[:-5]
    shorter = replace(cited, end=cited.end - 5, quote=quote)
    return replace(prep, says=(Cited(quote, (shorter,)),))


def saying(text: str) -> Change:
    """The brief with a line more on teaching."""
    return lambda prep: replace(prep, teaching=(*prep.teaching, Cited(text)))


FAILING: list[tuple[str, Role, Change]] = [
    ("PB01", "mentor", lambda prep: replace(prep, bring=(Cited("Bring a pen."),))),
    ("PB01", "mentee", lambda prep: replace(prep, says=(Cited("Trust me."),))),
    ("PB01", "mentee", lambda prep: replace(prep, reader="mentor", bring=(), career=())),
    ("PB02", "mentor", moved),
    ("PB03", "mentor", cut),
    ("PB04", "mentor", lambda prep: replace(prep, questions=prep.questions[:2])),
    (
        "PB04",
        "mentor",
        lambda p: replace(p, questions=(*p.questions[:2], ExpectedQuestion("Why?", "Because."))),
    ),
    ("PB05", "mentor", lambda prep: replace(prep, says=prep.says[:-1])),
    ("PB06", "mentor", lambda prep: replace(prep, teaching=())),
    ("PB07", "mentor", lambda prep: replace(prep, promises=())),
    (
        "PB07",
        "mentee",
        lambda p: replace(p, promises=(*p.promises, PrepPromise(("x",), "mentor", "Pay", None))),
    ),
    ("PB08", "mentee", lambda prep: replace(prep, career=prep.career[-1:])),
    ("PB08", "mentee", lambda prep: replace(prep, career=prep.career[:-1])),
    ("PB09", "mentee", lambda prep: replace(prep, bring=())),
    ("PB09", "mentee", lambda prep: replace(prep, try_before=())),
    ("PB10", "mentor", saying("Ask about the merger first.")),
    ("PB11", "mentor", saying("They said “we never agreed to this”.")),
    ("PB12", "mentor", saying("One more word for you. " * 150)),
]


@pytest.mark.parametrize("reader", ["mentor", "mentee"])
@pytest.mark.parametrize("clause", PREP_CLAUSES, ids=lambda clause: str(clause.__name__))
def test_a_sound_brief_passes(starter: Coach, clause: object, reader: Role) -> None:
    assert callable(clause)
    assert clause(exhibit_for(starter, reader)).holds is not False


@pytest.mark.parametrize(("name", "reader", "change"), FAILING)
def test_a_clause_fails_what_it_is_there_for(
    starter: Coach, name: str, reader: Role, change: Change
) -> None:
    exhibit = exhibit_for(starter, reader)
    broken = replace(exhibit, draft=change(exhibit.draft))
    verdicts = {one.clause: one for one in (clause(broken) for clause in PREP_CLAUSES)}
    assert verdicts[name].holds is False, verdicts[name]


def test_every_clause_has_a_failing_case() -> None:
    known = {clause.__name__[:4].upper() for clause in PREP_CLAUSES}
    assert {name for name, *_ in FAILING} == known
