"""How large the shipped library is, and how well it finds, answers and refuses golden questions."""

import asyncio
import time

from benchmarks.collections import KeepingEncoder, local_encoder
from benchmarks.record import record
from coach.evaluation.golden import (
    LEAST_RECALL,
    LEAST_REFUSED,
    MOST_FALSE,
    ask_golden,
    score_halves,
)
from coach.knowledge.adding import markdown_in
from coach.knowledge.golden import golden_file, load_golden
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.starter import open_starter_database
from coach.knowledge.vectors import embed_published
from coach.settings import Settings
from coach.shipped import shipped

COMMAND = "python -m benchmarks.golden"


def record_share(name: str, value: float | None, least: float, most: float = 1.0) -> None:
    """Keep one share with its goal; a figure without questions is none."""
    if value is not None:
        goal = f">= {least}" if least else f"<= {most}"
        record(name, value, "", goal, least <= value <= most, COMMAND)


async def measure_questions() -> None:
    """Ask every question, and keep the figures of the half that no threshold was tuned on."""
    questions = load_golden(golden_file())
    model = local_encoder()
    encoder = KeepingEncoder(model) if model is not None else None
    with open_starter_database() as database:
        if encoder is None:
            print("no embedding model is here (make model): words alone are searched for")
        else:
            await embed_published(database, encoder)
        library = SqlLibrary(database, encoder)
        before = time.perf_counter()
        # The threshold as it is shipped, whatever this machine's settings say.
        answers = await ask_golden(library, questions, Settings.model_construct().abstain_below)
        seconds = time.perf_counter() - before
    record("e.golden_questions", len(questions), "", ">= 240", len(questions) >= 240, COMMAND)
    uncovered = sum(one.kind == "uncovered" for one in questions)
    record("e.golden_uncovered", uncovered, "", ">= 120", uncovered >= 120, COMMAND)
    record("e.golden_ms_each", seconds / len(questions) * 1000, "ms", None, None, COMMAND)
    held = score_halves(answers)["held_out"]
    record_share("e.golden_recall5", held.recall, LEAST_RECALL)
    record_share("e.golden_refusal_recall", held.refused, LEAST_REFUSED)
    record_share("e.golden_false_refusals", held.false, 0.0, MOST_FALSE)


def main() -> None:
    """Measure the library, and the questions where they are at hand."""
    documents = len(markdown_in(shipped("knowledge")))
    record("e.library_documents", documents, "", ">= 100", documents >= 100, COMMAND)
    if golden_file().is_file():
        asyncio.run(measure_questions())
    else:
        print("no golden questions are there yet")


if __name__ == "__main__":
    main()
