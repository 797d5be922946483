"""The clauses of a prep brief: small functions over a brief, its agenda and its material."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from coach.coaching.boundaries import Limits, drop_reason
from coach.coaching.brief import Brief, Material, own_words
from coach.coaching.contract.evidence import citation_faults, is_whole, sentences
from coach.coaching.contract.exhibit import decide, excuse, foreign_quotes, own_texts, says, short
from coach.coaching.contract.tongues import judge_in
from coach.coaching.drafts import Agenda, Citation, Cited, LibraryCitation, PrepBrief, Verdict
from coach.coaching.grounding import judge
from coach.knowledge.words import words

EXPECTED, MOST_WORDS = 3, 600
_HELP = "somebody needs help first, so nothing else is said"


@dataclass(frozen=True, slots=True)
class PrepExhibit:
    """A prep brief beside what its author knew."""

    draft: PrepBrief
    brief: Brief
    material: Material
    agenda: Agenda

    @property
    def is_mentor(self) -> bool:
        """Whether the mentor reads it."""
        return self.draft.reader == "mentor"


PrepClause = Callable[[PrepExhibit], Verdict]


def pb01_is_for_one_reader(exhibit: PrepExhibit) -> Verdict:
    """The parts of the other person are empty, and the brief was loaded for its reader."""
    draft = exhibit.draft
    teaching = (draft.says, draft.not_to_promise, draft.questions, draft.teaching)
    foreign = (draft.bring, draft.try_before, draft.career) if exhibit.is_mentor else teaching
    faults = ["holds a part meant for the other person"] if any(foreign) else []
    if exhibit.brief.reader != draft.reader:
        faults.append(f"was written from what the {exhibit.brief.reader} may read")
    return decide("PB01", faults, f"only what the {draft.reader} needs")


def pb02_citations_are_true(exhibit: PrepExhibit) -> Verdict:
    """Every citation stands where it says, in material offered to this draft."""
    faults = [
        fault
        for line in exhibit.draft.told()
        for citation in line.citations
        for fault in citation_faults(citation, exhibit.brief, exhibit.material)
    ]
    return decide("PB02", faults, "every quotation stands at its place")


def pb03_quotations_are_whole(exhibit: PrepExhibit) -> Verdict:
    """A cited line is whole sentences of its passage, a term's meaning, or says what they say."""
    return decide("PB03", _broken(exhibit), "every quotation is whole sentences")


def _broken(exhibit: PrepExhibit) -> Iterator[str]:
    for line in exhibit.draft.told():
        for citation in line.citations:
            if not isinstance(citation, LibraryCitation) or _is_meaning(exhibit, line, citation):
                continue
            passage = exhibit.material.offered.get(citation.passage_id)
            is_told = line.text == citation.quote or _in_agenda(exhibit, line)
            if not is_told and not is_worded(line.text, citation.quote):
                yield f"“{short(line.text)}” is not what it quotes"
            elif passage is not None and not is_whole(citation, passage):
                yield f"“{short(citation.quote)}” is cut"


def is_worded(text: str, quote: str) -> bool:
    """Whether a line says in other words what its quotation says; a cut quotation does not."""
    if says(quote, text):
        return False
    return all(judge(one, (quote,)).grounded for one in sentences(text))


def _is_meaning(exhibit: PrepExhibit, line: Cited, citation: Citation) -> bool:
    return any(
        says(citation.quote, headword.meaning.rstrip("."))
        and says(line.text, headword.meaning.rstrip("."))
        for headword in exhibit.material.headwords.values()
    )


def _in_agenda(exhibit: PrepExhibit, line: Cited) -> bool:
    return line.text in agenda_texts(exhibit.agenda)


def agenda_texts(agenda: Agenda) -> frozenset[str]:
    """What the agenda says and asks, which a brief may say again word for word."""
    steps = (step.text for block in agenda.blocks for step in block.steps)
    return frozenset((*steps, *(task.text for task in (*agenda.prep.mentor, *agenda.prep.mentee))))


def pb04_three_questions_to_expect(exhibit: PrepExhibit) -> Verdict:
    """The mentor knows three different questions, each with an answer or a plain word of none."""
    if not exhibit.is_mentor or exhibit.draft.help:
        return excuse("PB04", _HELP if exhibit.draft.help else "the mentee reads it")
    asked = [one.question for one in exhibit.draft.questions]
    faults = [] if len(set(asked)) == EXPECTED else [f"{len(set(asked))} questions"]
    for one in exhibit.draft.questions:
        if not one.question.endswith("?"):
            faults.append(f"“{short(one.question)}” asks nothing")
        if not one.citations and "find out" not in one.answer:
            faults.append(f"“{short(one.answer)}” answers without a source")
    return decide("PB04", faults, "three questions, each answered or left open plainly")


def pb05_safe_use_is_named(exhibit: PrepExhibit) -> Verdict:
    """Where the lesson has a safe-use line, the mentor reads it."""
    lesson = exhibit.material.tech
    safe = lesson.of("safe_use") if lesson else ()
    if not exhibit.is_mentor or exhibit.draft.help or not safe:
        return excuse("PB05", "no safe-use line belongs here")
    cited = {
        citation.passage_id
        for line in exhibit.draft.says
        for citation in line.citations
        if isinstance(citation, LibraryCitation)
    }
    faults = [f"passage {one.id} is missing" for one in safe if one.id not in cited]
    return decide("PB05", faults, "every safe-use line is named")


def pb06_says_how_to_teach(exhibit: PrepExhibit) -> Verdict:
    """The mentor reads at least one line on how to teach."""
    if not exhibit.is_mentor or exhibit.draft.help:
        return excuse("PB06", _HELP if exhibit.draft.help else "the mentee reads it")
    faults = [] if exhibit.draft.teaching else ["nothing on how to teach"]
    return decide("PB06", faults, "how to teach it is said")


def pb07_promises_are_as_stored(exhibit: PrepExhibit) -> Verdict:
    """The mentor sees every open promise of both, the mentee the own ones, word for word."""
    stored = {
        (one.ids, one.owner, one.text, one.due)
        for one in exhibit.brief.promises
        if exhibit.is_mentor or one.owner == "mentee"
    }
    told = {(one.ids, one.owner, one.text, one.due) for one in exhibit.draft.promises}
    faults = [f"“{short(text)}” is missing" for _, _, text, _ in sorted(stored - told)]
    faults += [f"“{short(text)}” is not stored so" for _, _, text, _ in sorted(told - stored)]
    return decide("PB07", faults, f"{len(told)} open promises as stored")


def pb08_career_question_is_the_agendas(exhibit: PrepExhibit) -> Verdict:
    """The mentee reads the question that opens the swap, and is asked for an own experience."""
    if exhibit.is_mentor or exhibit.draft.help:
        return excuse("PB08", _HELP if exhibit.draft.help else "the mentor reads it")
    swaps = [block for block in exhibit.agenda.blocks if block.kind == "swap"]
    asked = [step.text for block in swaps for step in block.steps if step.kind == "ask"][:1]
    told = [line.text for line in exhibit.draft.career]
    faults = [f"“{short(text)}” is not announced" for text in asked if text not in told]
    if not any(text.endswith("?") and text not in asked for text in told):
        faults.append("no nudge to think of an own experience")
    return decide("PB08", faults, "the career question is announced, with a nudge")


def pb09_says_what_to_bring_and_try(exhibit: PrepExhibit) -> Verdict:
    """The mentee knows what to bring, every task of the agenda and one thing to try."""
    if exhibit.is_mentor or exhibit.draft.help:
        return excuse("PB09", _HELP if exhibit.draft.help else "the mentor reads it")
    told = {line.text for line in exhibit.draft.bring}
    goal = own_words(exhibit.brief.career_goal) if exhibit.brief.career_goal else None
    every = (task.text for task in exhibit.agenda.prep.mentee)
    # What to think of for the career question is in the part on the career.
    tasks = [text for text in every if goal is None or goal not in text]
    faults = [f"“{short(text)}” is missing" for text in tasks if text not in told]
    faults += [] if told else ["nothing to bring"]
    faults += [] if 1 <= len(exhibit.draft.try_before) <= 2 else ["not one thing to try"]
    return decide("PB09", faults, "what to bring and one thing to try")


def pb10_keeps_to_the_boundaries(exhibit: PrepExhibit) -> Verdict:
    """Nothing sensitive or agreed to stay out, except where it is named as such to its reader."""
    brief = exhibit.brief
    limits = Limits(brief.off_limits, brief.constraints.confidentiality, brief.reader)
    topics = tuple(one.text for one in brief.off_limits)
    named = exhibit.draft.not_to_promise
    faults = [
        f"“{short(line.text)}” is {reason.replace('_', ' ')}"
        for line in exhibit.draft.told()
        if not (line in named and any(f"“{topic}" in line.text for topic in topics))
        if (reason := drop_reason(line.text, limits)) is not None
        # A safe-use line may name what is to be kept confidential: that is what it is for.
        if not (reason == "confidential" and _is_safe_use(exhibit, line))
    ]
    return decide("PB10", faults, "inside the boundaries")


def _is_safe_use(exhibit: PrepExhibit, line: Cited) -> bool:
    cited = (one for one in line.citations if isinstance(one, LibraryCitation))
    passages = [exhibit.material.offered.get(one.passage_id) for one in cited]
    return any(passage is not None and passage.kind == "safe_use" for passage in passages)


def pb11_words_in_marks_are_somebodys(exhibit: PrepExhibit) -> Verdict:
    """What stands in quotation marks is a text of the pair, a lesson or a term, and whole."""
    own = quotable_texts(exhibit.brief, exhibit.material)
    known = agenda_texts(exhibit.agenda)
    faults = [
        f"“{short(stretch)}” is nobody's words"
        for line in exhibit.draft.told()
        if line.text not in known and not line.citations
        for stretch in foreign_quotes(line.text, own)
    ]
    return decide("PB11", faults, "all words in marks are somebody's own")


def quotable_texts(brief: Brief, material: Material) -> tuple[str, ...]:
    """All that may stand in quotation marks: the pair's own texts, lessons and terms."""
    topics = tuple(one.text for one in brief.off_limits)
    titles = tuple({passage.lesson for passage in material.offered.values()})
    terms = tuple(headword.word for headword in material.headwords.values())
    return (*own_texts(brief), *topics, *titles, *terms)


def pb12_is_short(exhibit: PrepExhibit) -> Verdict:
    """It is read in three minutes."""
    told = sum(len(words(line.text)) for line in exhibit.draft.told())
    faults = [f"{told} words"] if told > MOST_WORDS else []
    return decide("PB12", faults, f"{told} words")


PREP_CLAUSES: tuple[PrepClause, ...] = (
    pb01_is_for_one_reader,
    pb02_citations_are_true,
    pb03_quotations_are_whole,
    pb04_three_questions_to_expect,
    pb05_safe_use_is_named,
    pb06_says_how_to_teach,
    pb07_promises_are_as_stored,
    pb08_career_question_is_the_agendas,
    pb09_says_what_to_bring_and_try,
    pb10_keeps_to_the_boundaries,
    pb11_words_in_marks_are_somebodys,
    pb12_is_short,
)


def check_prep(exhibit: PrepExhibit) -> tuple[Verdict, ...]:
    """The verdicts of all prep clauses, in the order of their ids."""
    return judge_in(exhibit.draft.language, (clause(exhibit) for clause in PREP_CLAUSES))
