"""Writes a prep brief offline: what the agenda quotes, turned to the one who reads it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coach.coaching.boundaries import Limits, drop_reason
from coach.coaching.brief import Brief, Material, own_words
from coach.coaching.composer.frames import Filled, Frames
from coach.coaching.composer.lines import join_texts
from coach.coaching.composer.prep_questions import expected_questions
from coach.coaching.composer.recap_parts import cited_documents, lesson_parts, quote
from coach.coaching.drafts import (
    Agenda,
    AgendaStep,
    Cited,
    Gap,
    Person,
    PrepBrief,
    PrepPromise,
    Provenance,
    RecapSource,
)
from coach.knowledge.documents import Passage
from coach.knowledge.words import normalise, words

_MOST_SAID, _LONGEST_SAID = 4, 60
_TECH = ("demo", "hands_on", "explore", "teach_back")


@dataclass(frozen=True)
class PrepDesk:
    """What the composer has before it while it writes one prep brief."""

    brief: Brief
    material: Material
    frames: Frames
    agenda: Agenda
    reader: Person
    teaching: tuple[Passage, ...] = ()
    stale: bool = False

    @property
    def whom(self) -> str:
        """Whom to ask when the library is silent."""
        return self.brief.whom or self.frames.words("titles")["whom"]

    @property
    def goal(self) -> str | None:
        """What the tech part is about, in the pair's own words if there are any."""
        goal = self.brief.focus_goal
        serves = goal and any(goal.id in block.goal_ids for block in self.agenda.blocks)
        if goal and (serves or not self.brief.wish):
            return own_words(goal)
        return self.brief.wish

    def may_say(self, text: str) -> bool:
        """Whether a text keeps to the boundaries of its reader."""
        confidential = self.brief.constraints.confidentiality
        limits = Limits(self.brief.off_limits, confidential, self.brief.reader)
        return drop_reason(text, limits) is None

    def fill(self, purpose: str, **values: object) -> Filled:
        """A frame of this purpose, in rotation."""
        return self.frames.fill(purpose, self.agenda.session_number, (), **values)

    def say(self, purpose: str, **values: object) -> Cited:
        """A line made from a frame."""
        return Cited(self.fill(purpose, **values).text)


def compose_prep(desk: PrepDesk, created_at: str) -> PrepBrief:
    """The whole brief; its verdicts are still to come."""
    mentor = desk.reader == "mentor" and not desk.brief.crisis
    mentee = desk.reader == "mentee" and not desk.brief.crisis
    says = _says(desk) if mentor else ()
    never = _not_to_promise(desk) if mentor else ()
    questions = expected_questions(desk) if mentor else ()
    teaching = _teaching(desk) if mentor else ()
    bring = _bring(desk) if mentee else ()
    try_before = _try_before(desk) if mentee else ()
    career = _career(desk) if mentee else ()
    lines = (*says, *never, *teaching, *bring, *try_before, *career)
    cited = [*(line.citations for line in lines), *(one.citations for one in questions)]
    documents = cited_documents(*cited)
    return PrepBrief(
        pair_id=desk.brief.pair_id,
        session_number=desk.agenda.session_number,
        date=desk.agenda.date,
        language=desk.frames.language,
        reader=desk.reader,
        help=_help(desk),
        says=says,
        not_to_promise=never,
        questions=questions,
        teaching=teaching,
        bring=bring,
        try_before=try_before,
        career=career,
        promises=_promises(desk),
        not_covered=(Gap("stale_source", desk.fill("gap_stale").text),) if desk.stale else (),
        sources=tuple(RecapSource(key, title) for key, title in documents.items()),
        contract=(),
        provenance=Provenance(
            "extractive", desk.material.library_version, desk.frames.fingerprint, None, created_at
        ),
    )


def _help(desk: PrepDesk) -> tuple[str, ...]:
    """Where to find help, for the one whose own words ask for it."""
    if not desk.brief.crisis:
        return ()
    contacts = join_texts(desk.frames, desk.brief.help_contacts)
    more = (desk.fill("help_contacts", contacts=contacts).text,) if contacts else ()
    return (desk.fill("help").text, *more)


def _says(desk: PrepDesk) -> tuple[Cited, ...]:
    """The idea of the lesson with an example, and what its document says on safe use."""
    found: list[Cited] = []
    for passage in lesson_parts(desk.material.tech, "idea", "text", "tip", "example"):
        told = quote(passage, 0, 2)
        found.append(told if len(words(told.text)) <= _LONGEST_SAID else quote(passage))
    kept = [told for told in found if desk.may_say(told.text)]
    safe = [quote(passage) for passage in lesson_parts(desk.material.tech, "safe_use")]
    return (*kept[:_MOST_SAID], *safe) or (desk.say("says_nothing"),)


def _not_to_promise(desk: PrepDesk) -> tuple[Cited, ...]:
    """What the library lacks, what the two agreed to leave out, and a plain rule for the rest."""
    lacking = {goal for gap in desk.agenda.gaps for goal in gap.goal_ids}
    open_goals = [goal for goal in desk.brief.goals if goal.id in lacking]
    missing = [desk.say("promise_not_covered", goal=own_words(goal)) for goal in open_goals]
    kept_out = [desk.say("promise_off_limits", topic=one.text) for one in desk.brief.off_limits]
    return (*missing, *kept_out, desk.say("promise_nothing_more"))


def _teaching(desk: PrepDesk) -> tuple[Cited, ...]:
    found = [quote(passage, 0, 2) for passage in desk.teaching if passage.sentences]
    return tuple(told for told in found if desk.may_say(told.text)) or (desk.say("teaching_none"),)


def _bring(desk: PrepDesk) -> tuple[Cited, ...]:
    """The tasks of the agenda, and what the words of the lesson ask for."""
    tasks = tuple(
        Cited(one.text, one.citations)
        for one in desk.agenda.prep.mentee
        if not is_on_career(one.text, desk.brief)
    )
    needs = [desk.say(f"bring_{need}") for need in _needs(desk)]
    return (*tasks, *(one for one in needs if all(one.text != task.text for task in tasks)))


def is_on_career(task: str, brief: Brief) -> bool:
    """Whether a task is about the mentor's career goal, which has a part of its own."""
    return brief.career_goal is not None and own_words(brief.career_goal) in task


def _needs(desk: PrepDesk) -> Iterator[str]:
    said = normalise(" ".join(step.text for step in tech_steps(desk.agenda)))
    known = set(words(said))
    for need, cues in desk.frames.words("needs").items():
        if any(cue in known or f"{cue}s" in known or (" " in cue and cue in said) for cue in cues):
            yield need
            if need == "phone":
                return
    yield "computer"


def tech_steps(agenda: Agenda) -> Sequence[AgendaStep]:
    """The steps of the blocks that are about technology."""
    return [step for block in agenda.blocks if block.kind in _TECH for step in block.steps]


def _try_before(desk: PrepDesk) -> tuple[Cited, ...]:
    lesson = desk.material.tech
    steps = lesson_parts(lesson, "steps")
    if lesson is None or not steps:
        return (desk.say("try_today"),)
    said = (desk.say("try_first", lesson=lesson.title), quote(steps[0]))
    return said if all(desk.may_say(one.text) for one in said) else (desk.say("try_today"),)


def _career(desk: PrepDesk) -> tuple[Cited, ...]:
    asked = career_question(desk.agenda)
    if asked is None:
        return (desk.say("career_none"), desk.say("nudge"))
    return (desk.say("career_opens"), Cited(asked.text, asked.citations), desk.say("nudge"))


def career_question(agenda: Agenda) -> AgendaStep | None:
    """The question that opens the swap."""
    asked = (s for b in agenda.blocks if b.kind == "swap" for s in b.steps if s.kind == "ask")
    return next(asked, None)


def _promises(desk: PrepDesk) -> tuple[PrepPromise, ...]:
    """The open promises of both for the mentor, the own ones for the mentee."""
    return tuple(
        PrepPromise(one.ids, one.owner, one.text, one.due)
        for one in desk.brief.promises
        if desk.reader == "mentor" or one.owner == "mentee"
    )
