"""Words a prep brief for its one reader: grounded lines, and questions around words held back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict, Field

from coach.coaching.contract.prep_clauses import PrepExhibit, check_prep, quotable_texts
from coach.coaching.drafts import Cited, LibraryCitation, PrepBrief
from coach.coaching.writer.follow_ups import Held, QuestionWords, hold_words, put_back
from coach.coaching.writer.recap import SentenceWords, known_sources
from coach.coaching.writer.sheet import Sheet
from coach.coaching.writer.wording import statement_for
from coach.knowledge.documents import Passage
from coach.knowledge.wording.tongues import ENGLISH
from coach.knowledge.words import content_stems
from coach.llm.asking import Asking
from coach.llm.faults import LLMFault

_MOST_SAYS, _MOST_TEACHING = 4, 2
Change = Callable[[PrepBrief], PrepBrief | None]


class PrepReply(BaseModel):
    """All that the model may write of a prep brief."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    says: tuple[SentenceWords, ...] = Field(max_length=8)
    teaching: tuple[SentenceWords, ...] = Field(max_length=6)
    asks: tuple[QuestionWords, ...] = Field(max_length=6)


@dataclass(frozen=True)
class PrepSheet:
    """A composed brief laid out for a model: what it is shown, and the questions held."""

    exhibit: PrepExhibit
    sheet: Sheet
    teaching: tuple[Passage, ...]
    nudge: int | None
    held: tuple[Held, ...]

    @property
    def composed(self) -> PrepBrief:
        """The composer's brief."""
        return self.exhibit.draft

    @property
    def lesson(self) -> tuple[Passage, ...]:
        """The passages of the lesson, which say what may be said."""
        return tuple(one for one in self.sheet.passages if one not in self.teaching)

    @property
    def wanted(self) -> int:
        """How many parts a model may word: the lines with sources, and the questions."""
        cited = [any(one.citations for one in part) for part in self.statements]
        return sum(cited) + bool(self.held)

    @property
    def statements(self) -> tuple[tuple[Cited, ...], tuple[Cited, ...]]:
        """The two parts that state facts."""
        return self.composed.says, self.composed.teaching


def lay_out(exhibit: PrepExhibit, sheet: Sheet, teaching: tuple[Passage, ...]) -> PrepSheet:
    """What a model is shown of a composed brief."""
    prep, own = exhibit.draft, quotable_texts(exhibit.brief, exhibit.material)
    asked = [one.question for one in prep.questions]
    nudge = None if exhibit.is_mentor or not prep.career else len(prep.career) - 1
    if nudge is not None:
        asked.append(prep.career[nudge].text)
    held = tuple(hold_words(text, own) for text in asked)
    return PrepSheet(exhibit, sheet, teaching, nudge, held)


async def reword_prep(laid: PrepSheet, asking: Asking) -> tuple[PrepBrief, int]:
    """The brief in a model's words as far as each part keeps it clean, and how many parts."""
    found: list[tuple[PrepBrief, int]] = []

    def judge(reply: PrepReply) -> str | None:
        prep, count, refused = _put_in(reply, laid)
        if not count:
            return refused or "No part says what a passage says, or asks one plain question."
        found.append((prep, count))
        return None

    messages = asking.model.prompts["prep_brief"].render(**laid.sheet.shown, **_shown(laid))
    try:
        await asking.ask(messages, PrepReply, judge)
    except LLMFault:
        return laid.composed, 0
    return found[-1]


def _shown(laid: PrepSheet) -> dict[str, object]:
    sheet, prep = laid.sheet, laid.composed
    about = "the mentee may ask this" if laid.nudge is None else "an experience to think of"
    announced = prep.career[1:-1] if laid.nudge is not None else ()
    return {
        "reader": prep.reader,
        "lesson": sheet.numbers(laid.lesson),
        "notes": sheet.numbers([one for one in sheet.passages if one in laid.teaching]),
        "says": [sheet.show(one.text) for one in prep.says],
        "teaching": [sheet.show(one.text) for one in prep.teaching],
        "career": sheet.show(announced[0].text) if announced else "none",
        "asks": [f"({about}) {sheet.show(one.text)}" for one in laid.held],
    }


def _put_in(reply: PrepReply, laid: PrepSheet) -> tuple[PrepBrief, int, str]:
    failing = {v.clause for v in check_prep(laid.exhibit) if v.holds is False}
    prep, count, refused = laid.composed, 0, list[str]()
    for change in (_says(reply, laid), _teaching(reply, laid), _asks(reply, laid)):
        trial = change(prep)
        if trial is None or trial == prep:
            continue
        trial = _with_sources(trial)
        verdicts = check_prep(replace(laid.exhibit, draft=trial))
        faults = [v for v in verdicts if v.holds is False and v.clause not in failing]
        refused += [laid.sheet.show(f"{one.clause}: {one.detail}.") for one in faults]
        if not faults:
            prep, count = trial, count + 1
    return prep, count, " ".join(refused)


def _says(reply: PrepReply, laid: PrepSheet) -> Change:
    def change(prep: PrepBrief) -> PrepBrief | None:
        told = _told(reply.says[:_MOST_SAYS], laid.sheet, laid.lesson)
        said = (*told, *(one for one in _safe_use(prep, laid) if one not in told))
        return replace(prep, says=said) if told and _is_cited(prep.says) else None

    return change


def _safe_use(prep: PrepBrief, laid: PrepSheet) -> list[Cited]:
    """The lines on safe use, which a model may not leave out."""
    safe = {passage.id for passage in laid.lesson if passage.kind == "safe_use"}
    return [
        line
        for line in prep.says
        if any(
            isinstance(one, LibraryCitation) and one.passage_id in safe for one in line.citations
        )
    ]


def _teaching(reply: PrepReply, laid: PrepSheet) -> Change:
    def change(prep: PrepBrief) -> PrepBrief | None:
        told = _told(reply.teaching[:_MOST_TEACHING], laid.sheet, laid.teaching)
        return replace(prep, teaching=told) if told and _is_cited(prep.teaching) else None

    return change


def _asks(reply: PrepReply, laid: PrepSheet) -> Change:
    """The questions that may stand as the model words them; the rest stay as they are."""
    worded = {
        words.number - 1: text
        for words in reply.asks
        if 1 <= words.number <= len(laid.held)
        and (text := put_back(words.text, laid.held[words.number - 1], laid.sheet))
        and (laid.sheet.language != ENGLISH or _still_fits(text, words.number - 1, laid))
    }

    def change(prep: PrepBrief) -> PrepBrief | None:
        questions = tuple(
            replace(one, question=worded.get(place, one.question))
            for place, one in enumerate(prep.questions)
        )
        career = list(prep.career)
        if laid.nudge is not None and worded:
            career[laid.nudge] = Cited(worded[0])
        language = laid.sheet.language if worded else prep.language
        return replace(prep, questions=questions, career=tuple(career), language=language)

    return change


def _still_fits(text: str, place: int, laid: PrepSheet) -> bool:
    """Whether a reworded question still asks what its answer, which stays, says."""
    if laid.nudge is not None or laid.held[place].words:
        return True
    kept = laid.composed.questions[place]
    about = {*content_stems(kept.question), *content_stems(kept.answer)}
    return not about.isdisjoint(content_stems(text))


def _told(
    said: Sequence[SentenceWords], sheet: Sheet, among: Sequence[Passage]
) -> tuple[Cited, ...]:
    found = (statement_for(one.text, one.passage, one.quote, sheet, among) for one in said)
    kept = {text: citation for text, citation in (one for one in found if one)}
    return tuple(Cited(text, (citation,)) for text, citation in kept.items())


def _is_cited(lines: Sequence[Cited]) -> bool:
    return any(line.citations for line in lines)


def _with_sources(prep: PrepBrief) -> PrepBrief:
    cited = [citation for line in prep.told() for citation in line.citations]
    return replace(prep, sources=known_sources(prep.sources, cited))
