"""`coach library golden`: how well the library finds, answers and refuses known questions."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import anyio
import click

from coach.cli.drafting import tell
from coach.cli.libraries import open_library
from coach.cli.output import remark, say, say_json
from coach.evaluation.golden import (
    LEAST_RECALL,
    LEAST_REFUSED,
    MOST_FALSE,
    GoldenAnswer,
    Score,
    ask_golden,
    list_missing,
    score_halves,
    sweep,
)
from coach.knowledge.golden import Half, golden_file, load_golden
from coach.rendering.outline import plain
from coach.settings import load_settings

MISSED = 1
THRESHOLDS = tuple(number / 100 for number in range(30, 81, 5))
Tried = Sequence[tuple[float, Score]]
ROWS = (
    ("recall@5", "recall", f"at least {LEAST_RECALL:.0%}"),
    ("refusal recall", "refused", f"at least {LEAST_REFUSED:.0%}"),
    ("false refusals", "false", f"at most {MOST_FALSE:.0%}"),
    ("answered from an expected document", "chosen", ""),
    ("partly covered ones answered", "partly", ""),
)


@click.command()
@click.option(
    "--questions",
    "path",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Ask these questions instead of those that ship.",
)
@click.option("--misses", is_flag=True, help="List every question that went wrong.")
@click.option("--tune", is_flag=True, help="Compare thresholds, on the tuning half alone.")
@click.option("--gate", is_flag=True, help="End with 1 when a figure of the held-out half misses.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def golden(
    ctx: click.Context, path: Path | None, misses: bool, tune: bool, gate: bool, form: str
) -> None:
    """Measure search and refusals on golden questions.

    Each question is searched for and judged as a recap does it. Thresholds may be tuned on one
    half; the other, chosen by the words of the question alone, tells what they are worth.
    """
    settings = load_settings()
    questions = load_golden(path or golden_file())
    with open_library(settings) as library:
        answers = anyio.run(ask_golden, library, questions, settings.abstain_below)
        tried = anyio.run(sweep, library, questions, THRESHOLDS) if tune else ()
        missing = anyio.run(list_missing, library, questions)
    scores = score_halves(answers)
    if form == "json":
        say_json({**_values(answers, scores, settings.abstain_below), **_tried_values(tried)})
    else:
        say("\n".join((*_lines(scores, settings.abstain_below), *_tried_lines(tried))))
        if misses:
            say("\n".join(_miss(one) for one in answers if not one.is_right))
        tell(library.remarks())
    if missing:
        remark(f"Expected, and not published in this library: {plain(', '.join(missing))}.")
    ctx.exit(MISSED if gate and not scores["held_out"].holds else 0)


def _lines(scores: dict[Half, Score], abstain_below: float) -> Iterator[str]:
    """The figures as a table."""
    yield f"Covered from {abstain_below:g} (COACH_ABSTAIN_BELOW)."
    counts = [f"{half.replace('_', ' ')} ({one.questions})" for half, one in scores.items()]
    yield _row("", *counts, "goal")
    for name, figure, goal in ROWS:
        yield _row(name, *(_percent(getattr(one, figure)) for one in scores.values()), goal)


def _tried_lines(tried: Tried) -> Iterator[str]:
    """What each threshold would mean for the tuning half."""
    if tried:
        yield ""
        yield _row("tuning half, covered from", "refusal recall", "false refusals", "")
    for threshold, one in tried:
        yield _row(f"{threshold:.2f}", _percent(one.refused), _percent(one.false), "")


def _tried_values(tried: Tried) -> dict[str, object]:
    rows = [
        {"abstain_below": threshold, "refused": one.refused, "false": one.false}
        for threshold, one in tried
    ]
    return {"thresholds": rows} if rows else {}


def _row(*cells: str) -> str:
    name, *figures, goal = cells
    return f"{name:<36}{''.join(f'{figure:>17}' for figure in figures)}   {goal}".rstrip()


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _miss(one: GoldenAnswer) -> str:
    wanted = ", ".join(one.question.expected) or "a refusal"
    found = f"place {one.rank}" if one.rank else "not among the first five"
    place = "" if one.question.kind == "uncovered" else f", {found}"
    said = f"answered from {one.answered_from}" if one.answered_from else "refused"
    facts = f"{one.question.half}, {one.question.style}, coverage {one.coverage:.2f}"
    return f"{plain(one.question.question)} ({facts}): wanted {wanted}{place}; {said}."


def _values(
    answers: Sequence[GoldenAnswer], scores: dict[Half, Score], abstain_below: float
) -> dict[str, object]:
    halves = {
        half: {
            "questions": one.questions,
            **{figure: getattr(one, figure) for _, figure, _ in ROWS},
            "holds": one.holds,
        }
        for half, one in scores.items()
    }
    questions = [
        {
            "question": one.question.question,
            "expected": list(one.question.expected),
            "kind": one.question.kind,
            "asked_by": one.question.asked_by,
            "style": one.question.style,
            "half": one.question.half,
            "rank": one.rank,
            "coverage": round(one.coverage, 4),
            "answered_from": one.answered_from,
            "right": one.is_right,
        }
        for one in answers
    ]
    return {"abstain_below": abstain_below, "halves": halves, "questions": questions}
