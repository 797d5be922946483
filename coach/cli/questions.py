"""`coach question …`: the follow-up questions of a session, and what becomes of each."""

from contextlib import suppress

import click
from pydantic import TypeAdapter

from coach.cli.desks import (
    Desk,
    Seat,
    find_number,
    name_of,
    pick,
    sit_down,
    works_for_pair,
)
from coach.cli.output import remark, say, say_json
from coach.cli.words import Typed
from coach.errors import NotFound
from coach.pairs.questions import KnownQuestion, list_questions, save_question_answer, save_turn
from coach.pairs.records import Visibility
from coach.pairs.sessions import list_sessions
from coach.pairs.turns import TurnState
from coach.rendering.outline import plain
from coach.storage.database import Db

of_session = click.option(
    "--session", "number", type=int, help="Which [default: the last that has some]."
)
QUESTIONS = TypeAdapter(tuple[KnownQuestion, ...])
STATES: dict[TurnState | None, str] = {
    None: "open",
    "for_next": "kept for next time",
    "asked": "asked",
    "skipped": "skipped",
}


class NothingAsked(NotFound):
    """No session of the pair has follow-up questions."""

    title = "This pair has no follow-up questions yet: draft some with `coach question draft`."


@click.command("list")
@of_session
@works_for_pair
def list_(desk: Desk, number: int | None) -> None:
    """List the follow-up questions of a session, with what became of each."""
    with sit_down(desk) as (db, seat):
        found: tuple[KnownQuestion, ...] = ()
        with suppress(NothingAsked):
            found = find_questions(db, seat, number)[1]
    if not found and desk.form == "text":
        remark(NothingAsked.title if number is None else f"Session {number} has none yet.")
    tell(desk, seat, found)


@click.command()
@click.argument("question_id", metavar="QUESTION")
@click.argument("text", type=Typed())
@click.option("--share", "is_shared", is_flag=True, help="Let your partner read the answer too.")
@of_session
@works_for_pair
def answer(desk: Desk, question_id: str, text: str, is_shared: bool, number: int | None) -> None:
    """Answer QUESTION with TEXT in a note, for yourself or for both; - reads standard input."""
    with sit_down(desk) as (db, seat):
        session, known = find_questions(db, seat, number)
        found = pick_question(known, question_id)
        readers: Visibility = "pair" if is_shared else "mine"
        save_question_answer(db, seat.viewer, found.draft_id, found.id, text, readers)
        kept = [one for one in find_questions(db, seat, session)[1] if one.id == found.id]
    tell(desk, seat, tuple(kept))


@click.command()
@click.argument("question_id", metavar="QUESTION")
@of_session
@works_for_pair
def keep(desk: Desk, question_id: str, number: int | None) -> None:
    """Put QUESTION into the next agenda."""
    turn(desk, question_id, number, "for_next")


@click.command()
@click.argument("question_id", metavar="QUESTION")
@of_session
@works_for_pair
def asked(desk: Desk, question_id: str, number: int | None) -> None:
    """Say that QUESTION was asked."""
    turn(desk, question_id, number, "asked")


@click.command()
@click.argument("question_id", metavar="QUESTION")
@of_session
@works_for_pair
def skip(desk: Desk, question_id: str, number: int | None) -> None:
    """Say that nobody wants QUESTION; the coach does not ask it again soon."""
    turn(desk, question_id, number, "skipped")


def turn(desk: Desk, question_id: str, number: int | None, state: TurnState) -> None:
    """Say for both what becomes of a question, and show it."""
    with sit_down(desk) as (db, seat):
        session, known = find_questions(db, seat, number)
        found = pick_question(known, question_id)
        save_turn(db, seat.viewer, found.draft_id, found.id, state)
        kept = [one for one in find_questions(db, seat, session)[1] if one.id == found.id]
    tell(desk, seat, tuple(kept))


def find_questions(db: Db, seat: Seat, number: int | None) -> tuple[int, tuple[KnownQuestion, ...]]:
    """The questions of the session named, or of the last that has some; NotFound without any."""
    if number is not None:
        named = find_number(db, seat, number)
        return number, list_questions(db, seat.viewer, named.id)
    for one in reversed(list_sessions(db, seat.viewer, seat.pair.id)):
        found = list_questions(db, seat.viewer, one.id)
        if found:
            return one.number, found
    raise NothingAsked


def pick_question(known: tuple[KnownQuestion, ...], typed: str) -> KnownQuestion:
    """The question of this id, or NotFound."""
    missing = f"There is no question {typed!r} here: see `coach question list`."
    return pick(known, typed, lambda one: [one.id], missing)


def tell(desk: Desk, seat: Seat, questions: tuple[KnownQuestion, ...]) -> None:
    """Print questions with their answers, or as JSON."""
    if desk.form == "json":
        say_json(QUESTIONS.dump_python(questions, mode="json"))
        return
    for one in questions:
        say(f"{one.id}  {name_of(seat.pair, one.asked_by)} asks ({STATES[one.state]}): "
            f"{plain(one.text)}")  # fmt: skip
        for said in one.answers:
            whose = "you" if said.is_mine else "your partner"
            readers = "both read it" if said.visibility == "pair" else "yours alone"
            say(f"    {whose}, {readers}: {plain(said.text)}")
