"""Words for the blocks in which two people meet: arriving, promises, rules, looking back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from coach.coaching.boundaries import is_sensitive
from coach.coaching.brief import OpenPromise
from coach.coaching.composer.lines import (
    LONGEST_STEP,
    BlockWords,
    Desk,
    Line,
    due_words,
    first_quotes,
    fits,
    join_texts,
    owner_word,
    quoted_list,
)
from coach.coaching.drafts import AgendaStep, BlockKind, Promise

_ONE_EACH = 6
_KEPT = 2
_MOST_LEFT = 3
_IN_REVIEW, _IN_PROMISES = 6, 7  # of ten lines each; what is left is for words explained


@dataclass(frozen=True, slots=True)
class Asked:
    """A line that asks what came of one promise or several of one owner."""

    line: Line
    promises: tuple[OpenPromise, ...]


def write_plain(desk: Desk, kind: BlockKind, lines: Sequence[Line]) -> BlockWords:
    """A block with its usual title and outcome; lines too long for a step are left out."""
    titles, outcomes = desk.frames.words("titles"), desk.frames.words("outcomes")
    fitting = tuple(line for line in lines if fits(line.step.text))
    return BlockWords(titles[kind], outcomes[kind], fitting)


def write_check_in(desk: Desk) -> BlockWords:
    """How both arrive."""
    purpose = "check_in_first" if desk.brief.first else "check_in"
    return write_plain(
        desk,
        "check_in",
        [desk.line("ask", purpose), *_left_over(desk), *_kept_questions(desk), *_returns(desk)],
    )


def _returns(desk: Desk) -> list[Line]:
    """Why the lesson of today is one that an earlier session had."""
    returned = desk.material.tech_returned
    if returned is None:
        return []
    return [desk.line("say", f"returned_{returned.reason}", number=returned.session_number)]


def _left_over(desk: Desk) -> list[Line]:
    """What the last session had no time for, offered before anything else."""
    titles = desk.brief.dropped_before[:_MOST_LEFT]
    lines = (
        [desk.line("ask", "left_over", parts=quoted_list(desk.frames, titles))] if titles else []
    )
    return [line for line in lines if fits(line.step.text)]


def write_agreement(desk: Desk) -> BlockWords:
    """The ground rules of a first session; under 20 minutes only what protects both."""
    brief = desk.brief
    lines = first_quotes(desk.material.programme, "explain", "idea")
    lines.append(desk.line("decide", "agree_confidentiality"))
    if named := [line for line in brief.constraints.confidentiality if not is_sensitive(line)]:
        lines.append(
            desk.line("say", "agree_confidential_named", lines=quoted_list(desk.frames, named))
        )
    lines.append(desk.line("decide", "agree_off_limits"))
    if brief.minutes >= 20:
        cadence = {"days": brief.constraints.cadence_days, "minutes": brief.minutes}
        lines += [
            desk.line("decide", "agree_cadence", **cadence),
            desk.line("decide", "agree_prepare"),
        ]
    lines.append(desk.line("decide", "agree_stop"))
    return write_plain(desk, "agreement", [line for line in lines if fits(line.step.text)])


def write_review(desk: Desk) -> BlockWords:
    """What came of each open promise, every one in full."""
    asked = _list_asked(desk)[:_IN_REVIEW]
    lines = [desk.line("ask", "check_in"), *_left_over(desk), *(one.line for one in asked)]
    words = write_plain(desk, "review", [*lines, *_kept_questions(desk), *_returns(desk)])
    return replace(words, commitment_ids=_ids_of(asked))


def _kept_questions(desk: Desk) -> list[Line]:
    """The questions the two kept for this time; one about a promise stands with its promise."""
    named = [promise.text for promise in desk.brief.promises]
    rest = [one for one in desk.brief.kept_questions if not any(text in one.text for text in named)]
    return [
        desk.line(
            "ask",
            "kept_question",
            number,
            who=owner_word(desk.frames, one.asked_by),
            question=one.text,
        )
        for number, one in enumerate(rest[:_KEPT])
    ]


def list_left_out(desk: Desk) -> tuple[str, ...]:
    """The ids of promises for which neither the review nor the promises have room."""
    return _ids_of(_list_asked(desk)[_IN_REVIEW + _IN_PROMISES :])


def _list_asked(desk: Desk) -> list[Asked]:
    promises = desk.brief.promises
    if len(promises) > _ONE_EACH:
        return _ask_together(desk, promises)
    lines = [_ask_promise(desk, promise, number) for number, promise in enumerate(promises)]
    return [Asked(line, (one,)) for line, one in zip(lines, promises, strict=True)]


def _ids_of(asked: Sequence[Asked]) -> tuple[str, ...]:
    return tuple(one for entry in asked for promise in entry.promises for one in promise.ids)


def _ask_promise(desk: Desk, promise: OpenPromise, number: int) -> Line:
    if (kept := _ask_as_kept(desk, promise, number)) is not None:
        return kept
    values = {"owner": owner_word(desk.frames, promise.owner), "promise": promise.text}
    plain = desk.line("ask", "promise_open", number, **values)
    line = plain
    if promise.blocked:
        line = desk.line("ask", "promise_blocked", number, **values)
    elif len(promise.ids) > 1:
        line = desk.line("ask", "promise_repeated", number, **values)
    elif promise.due:
        line = desk.line(
            "ask", "promise_due", number, due=due_words(desk.frames, promise.due), **values
        )
    return line if fits(line.step.text) else plain


def _ask_as_kept(desk: Desk, promise: OpenPromise, number: int) -> Line | None:
    """The question the two kept about a promise; it takes the place of the usual one."""
    for one in desk.brief.kept_questions:
        if promise.text in one.text:
            owner = owner_word(desk.frames, promise.owner)
            who = owner_word(desk.frames, one.asked_by)
            line = desk.line("ask", "promise_kept", number, owner=owner, who=who, question=one.text)
            if fits(line.step.text):
                return line
    return None


def _ask_together(desk: Desk, promises: Sequence[OpenPromise]) -> list[Asked]:
    asked: list[Asked] = []
    for owner in ("mentor", "mentee"):
        group: tuple[OpenPromise, ...] = ()
        for promise in (promise for promise in promises if promise.owner == owner):
            longer = _several(desk, (*group, promise))
            if group and not fits(longer.line.step.text):
                asked.append(_several(desk, group))
                group = ()
            group = (*group, promise)
        if group:
            asked.append(_several(desk, group))
    return asked


def _several(desk: Desk, group: tuple[OpenPromise, ...]) -> Asked:
    owner = owner_word(desk.frames, group[0].owner)
    texts = quoted_list(desk.frames, [promise.text for promise in group])
    return Asked(desk.line("ask", "promise_several", owner=owner, promises=texts), group)


def write_reflection(desk: Desk) -> BlockWords:
    """One look back, both ways."""
    return write_plain(desk, "reflection", [desk.line("ask", "reflection")])


def write_break(desk: Desk) -> BlockWords:
    """Away from the screen."""
    return replace(write_plain(desk, "break", [desk.line("say", "break")]), is_pause=True)


def write_slack(desk: Desk) -> BlockWords:
    """Minutes kept free."""
    return write_plain(desk, "slack", [desk.line("say", "slack")])


def write_promises(desk: Desk, promises: Sequence[Promise]) -> BlockWords:
    """What the review had no room for, then the promises each is asked to make, as proposals."""
    late = _list_asked(desk)[_IN_REVIEW : _IN_REVIEW + _IN_PROMISES]
    lines = [*(entry.line for entry in late), desk.line("decide", "promises_say")]
    for promise in promises:
        line = desk.line(
            "decide",
            "promise_line",
            owner=owner_word(desk.frames, promise.owner),
            promise=promise.text,
            when=promise.when,
        )
        if fits(line.step.text):
            lines.append(line)
    return replace(write_plain(desk, "promises", lines), commitment_ids=_ids_of(late))


def help_lines(desk: Desk) -> tuple[Line, ...]:
    """Where to find help, in neutral words and without a cause."""
    lines = [desk.line("say", "help"), desk.line("ask", "help_ask")]
    contacts = join_texts(desk.frames, desk.brief.help_contacts)
    if contacts:
        told = desk.fill("help_contacts", contacts=contacts)
        lines.append(Line(AgendaStep("say", told.text[:LONGEST_STEP], "template"), told.frame_id))
    return tuple(lines)
