"""What the three drafting commands share: the pair they are given, and how a draft is shown."""

import functools
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import anyio
import click

from coach.cli.lazy import load
from coach.cli.libraries import open_library
from coach.cli.looks import look
from coach.cli.output import Form, Shown, remark, say, say_json
from coach.cli.pair_files import read_pair_file
from coach.coaching.drafts import Draft, build_json
from coach.coaching.pipeline import Coach, open_coach
from coach.pairs.records import PairRecord
from coach.rendering.markdown import render_markdown
from coach.rendering.text import render_text
from coach.settings import load_settings

Command = Callable[..., None]
RequestT = TypeVar("RequestT")
DraftT = TypeVar("DraftT")


def takes_pair(command: Command) -> Command:
    """Give a command FILE and --pair, and hand it the record of that pair."""

    @click.argument("file", metavar="FILE")
    @click.option("--pair", "pair_id", metavar="ID", help="Which pair, when FILE holds several.")
    @functools.wraps(command)
    def reading(file: str, pair_id: str | None, **rest: Any) -> None:  # noqa: ANN401  click's values
        command(record=read_pair_file(file, pair_id).record, **rest)

    return reading


def shows(*forms: Form) -> Callable[[Command], Command]:
    """Give a command --format and --verdicts."""

    def decorate(command: Command) -> Command:
        @click.option(
            "--format", "form", type=click.Choice(forms), default="text", show_default=True
        )
        @click.option("--verdicts", is_flag=True, help="List every clause of the contract.")
        @functools.wraps(command)
        def shown(form: Form, verdicts: bool, **rest: Any) -> None:  # noqa: ANN401  click's values
            command(shown=Shown(form, verdicts), **rest)

        return shown

    return decorate


@contextmanager
def open_drafting(shown: Shown) -> Iterator[Coach]:
    """A coach over the library at hand; remarks are for a person, so only beside text."""
    settings = load_settings()
    with open_library(settings) as library:
        model = load("coach.llm.opening:open_model")(settings) if settings.llm_base_url else None
        yield open_coach(
            library, settings.abstain_below, settings.help_contacts, settings.whom_to_ask, model
        )
    if shown.form == "text":
        tell(library.remarks())


def draft_with(
    coach: Coach,
    draft: Callable[[Coach, PairRecord, RequestT], Awaitable[DraftT]],
    record: PairRecord,
    request: RequestT,
) -> DraftT:
    """Draft, and let go of the model's connections before the loop ends."""

    async def whole() -> DraftT:
        try:
            return await draft(coach, record, request)
        finally:
            if coach.model is not None:
                await coach.model.aclose()

    return anyio.run(whole)


def tell(remarks: Sequence[str]) -> None:
    """Say each of these beside the result."""
    for sentence in remarks:
        remark(sentence)


def show(draft: Draft, shown: Shown) -> None:
    """Print a draft in the form asked for."""
    if shown.form == "json":
        say_json(build_json(draft))
    elif shown.form == "markdown":
        say(render_markdown(draft, shown.verdicts).rstrip("\n"))
    else:
        say(render_text(draft, look(shown.verdicts)).rstrip("\n"))
