"""Fills a whole agenda offline: block by block, then what stands around the blocks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from coach.coaching.brief import Brief, Material
from coach.coaching.composer.around import (
    list_adaptations,
    list_gaps,
    write_prep,
    write_promise_texts,
    write_purpose,
)
from coach.coaching.composer.guidance import write_swap
from coach.coaching.composer.lines import BlockWords, Desk
from coach.coaching.composer.meeting import (
    help_lines,
    write_agreement,
    write_break,
    write_check_in,
    write_promises,
    write_reflection,
    write_review,
    write_slack,
)
from coach.coaching.composer.teaching import (
    write_demo,
    write_explore,
    write_hands_on,
    write_safe_use,
    write_second_round,
    write_teach_back,
    write_warm_up,
)
from coach.coaching.composer.terms import explain_terms, put_line
from coach.coaching.drafts import (
    Agenda,
    AgendaBlock,
    BlockKind,
    LibraryCitation,
    Promise,
    Provenance,
    Source,
)
from coach.coaching.shape import ShapeBlock
from coach.knowledge.documents import Passage

_LONGEST_OUTCOME = 160


def compose_agenda(desk: Desk, created_at: str) -> Agenda:
    """The whole agenda; its verdicts are still to come."""
    brief, material = desk.brief, desk.material
    promises = write_promise_texts(desk)
    words = compose_words(desk, promises)
    blocks = tuple(
        build_block(number, block, written, material)
        for number, (block, written) in enumerate(zip(desk.shape.blocks, words, strict=True), 1)
    )
    return Agenda(
        pair_id=brief.pair_id,
        session_number=brief.session_number,
        date=brief.date,
        minutes=brief.minutes,
        language=desk.frames.language,
        purpose=write_purpose(desk),
        blocks=blocks,
        promises=promises,
        gaps=list_gaps(desk, blocks),
        adaptations=list_adaptations(desk),
        prep=write_prep(desk),
        sources=list_sources(blocks, material.offered),
        contract=(),
        provenance=Provenance(
            "extractive", material.library_version, desk.frames.fingerprint, None, created_at
        ),
    )


def compose_words(desk: Desk, promises: Sequence[Promise]) -> list[BlockWords]:
    """The words of every block, technical terms explained where they first appear."""
    kinds = [block.kind for block in desk.shape.blocks]
    written: list[BlockWords] = []
    for number, kind in enumerate(kinds):
        said = frozenset(line.step.text for words in written for line in words.lines)
        again = kind == "hands_on" and "hands_on" in kinds[:number]
        words = (
            write_second_round(desk, said) if again else _write(desk, kind, kinds, said, promises)
        )
        for merged in desk.shape.blocks[number].merged_kinds:
            if merged != kind:
                extra = _write(desk, merged, kinds, said, promises)
                words = _merge(words, extra)
        written.append(words)
    if desk.brief.crisis:
        written[0] = _with_help(desk, kinds[0], written[0])
    put_safe_use(desk, kinds, written)
    return explain_terms(desk, written)


def _write(
    desk: Desk,
    kind: BlockKind,
    kinds: Sequence[BlockKind],
    said: frozenset[str],
    promises: Sequence[Promise],
) -> BlockWords:
    plain = {
        "check_in": write_check_in,
        "agreement": write_agreement,
        "review": write_review,
        "warm_up": write_warm_up,
        "demo": write_demo,
        "explore": write_explore,
        "swap": write_swap,
        "reflection": write_reflection,
        "break": write_break,
        "slack": write_slack,
    }
    if kind in plain:
        return plain[kind](desk)
    if kind == "hands_on":
        return write_hands_on(desk, "demo" in kinds)
    if kind == "teach_back":
        return write_teach_back(desk, said)
    return write_promises(desk, promises)


def put_safe_use(desk: Desk, kinds: Sequence[BlockKind], written: list[BlockWords]) -> None:
    """Put the library's safe-use line before the hands-on, when no room was left for it inside."""
    said = {line.step.text for words in written for line in words.lines}
    for line in write_safe_use(desk):
        if line.step.text not in said and "hands_on" in kinds:
            put_line(desk, written, kinds.index("hands_on"), 0, line)


def _merge(words: BlockWords, extra: BlockWords) -> BlockWords:
    joined = words.adding(*extra.lines)
    return replace(
        joined,
        goal_ids=tuple(dict.fromkeys((*words.goal_ids, *extra.goal_ids))),
        commitment_ids=(*words.commitment_ids, *extra.commitment_ids),
        memory_item_ids=(*words.memory_item_ids, *extra.memory_item_ids),
    )


def _with_help(desk: Desk, kind: BlockKind, words: BlockWords) -> BlockWords:
    frames, name = desk.frames, f"{kind}_help"
    helped = words.adding(*help_lines(desk), first=True)
    title = frames.words("titles").get(name, words.title)
    return replace(helped, title=title, outcome=frames.words("outcomes").get(name, words.outcome))


def build_block(
    number: int, shape: ShapeBlock, words: BlockWords, material: Material
) -> AgendaBlock:
    """A block of the shape with these words."""
    steps = tuple(line.step for line in words.lines)
    cited = [c for step in steps for c in step.citations if isinstance(c, LibraryCitation)]
    states = {material.offered[c.passage_id].state for c in cited}
    return AgendaBlock(
        id=f"b{number}",
        kind=shape.kind,
        title=words.title,
        minutes=shape.minutes,
        starts_at_minute=shape.starts_at_minute,
        lead=shape.lead,
        hands=shape.hands,
        outcome=words.outcome[:_LONGEST_OUTCOME],
        steps=steps,
        goal_ids=words.goal_ids,
        commitment_ids=words.commitment_ids,
        memory_item_ids=words.memory_item_ids,
        merged_kinds=shape.merged_kinds,
        needs_check="needs_check" in states,
        frame_ids=tuple(dict.fromkeys(line.frame_id for line in words.lines if line.frame_id)),
    )


def list_sources(
    blocks: Sequence[AgendaBlock], offered: Mapping[str, Passage]
) -> tuple[Source, ...]:
    """Every document cited, once, in the order it is first cited."""
    found: dict[str, Source] = {}
    for block in blocks:
        for step in block.steps:
            for citation in step.citations:
                if isinstance(citation, LibraryCitation):
                    passage = offered[citation.passage_id]
                    found.setdefault(
                        citation.document_id,
                        Source(
                            citation.document_id,
                            citation.document_title,
                            passage.state,
                            passage.review_by,
                        ),
                    )
    return tuple(found.values())


def used_frames(brief: Brief) -> tuple[str, ...]:
    """The frames of the last two settled agendas, so that others take their turn."""
    used: list[str] = []
    for meeting in brief.meetings[-2:]:
        for block in meeting.agenda_blocks():
            used += [str(frame) for frame in block.get("frame_ids", [])]
    return tuple(dict.fromkeys(used))
