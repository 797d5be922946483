"""Where a command ends: every error becomes one sentence on standard error and an exit code.

0: done. 1: a fault of the coach itself. 2: something in what was typed or read can be put right.
"""

import json
import os
import pathlib
import re
import sys
import traceback
from typing import Any, Never

import click
from pydantic import ValidationError

from coach.cli.lazy import LazyGroup
from coach.errors import CoachError

# What Python makes of typed bytes that are not UTF-8; nothing can keep it.
TYPED_BYTES = re.compile("[\udc80-\udcff]")


class Told(click.ClickException):
    """Something in what was typed or read can be put right; its sentence says what."""

    exit_code = 2


class OurFault(click.ClickException):
    """The coach itself failed."""

    exit_code = 1


class EdgeGroup(LazyGroup):
    """A group below which no error goes unexplained."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  click's own signature
        """Run the command; an error is told in a sentence, with its traceback on --debug."""
        try:
            done = super().invoke(ctx)
            sys.stdout.flush()
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            _stop_writing()
            ctx.exit(0)  # whoever read has read enough
        except Exception as error:  # noqa: BLE001  the edge of every command
            if ctx.params.get("debug"):
                traceback.print_exception(error, file=sys.stderr)
            raise told(error) from None
        return done

    def main(self, *args: Any, **extra: Any) -> Never:  # noqa: ANN401  click's own
        """Run to the end of the process, with our words for what went wrong."""
        extra |= {"standalone_mode": False, "prog_name": extra.get("prog_name") or "coach"}
        try:
            code = super().main(*args, **extra)
        except click.ClickException as fault:
            code = _show(fault)
        except click.Abort:
            click.echo("Stopped.", err=True)
            code = OurFault.exit_code
        sys.exit(code if isinstance(code, int) else 0)


def told(error: Exception) -> click.ClickException:
    """The sentence and the code for an error that reached the edge."""
    if isinstance(error, CoachError):
        return Told(error.detail)
    if isinstance(error, OSError) and error.filename is not None:
        return Told(f"{error.filename}: {(error.strerror or type(error).__name__).rstrip('.')}.")
    if isinstance(error, json.JSONDecodeError):
        return Told(f"This is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.")
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or error.title
        return Told(f"{place}: {first['msg']}.")
    if isinstance(error, UnicodeEncodeError) and TYPED_BYTES.search(error.object):
        shown = TYPED_BYTES.sub("\N{REPLACEMENT CHARACTER}", error.object)[:80]
        return Told(f"“{shown}” is not text in UTF-8: type it again.")
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{pathlib.Path(frame.filename).name}:{frame.lineno}"
    return OurFault(
        f"Something went wrong inside the coach ({type(error).__name__} in {place}); "
        "`coach --debug …` shows where."
    )


def _show(fault: click.ClickException) -> int:
    """Tell a fault in one sentence; a bare group shows its help."""
    if isinstance(fault, click.exceptions.NoArgsIsHelpError):
        fault.show()
        return fault.exit_code
    sentence = fault.format_message()
    if isinstance(fault, click.UsageError) and fault.ctx is not None:
        end = "" if sentence.endswith((".", "?")) else "."
        sentence = f"{sentence}{end} See `{fault.ctx.command_path} --help`."
    click.echo(sentence, err=True)
    return fault.exit_code


def _stop_writing() -> None:
    """Send what is left to nowhere, so that Python does not complain at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
