"""Commands that are imported when they are called, so that `coach --help` answers at once.

This is the one place where a module is imported by name: drafting brings SQLAlchemy and
langchain-core along, the calendar entry brings icalendar, and nobody should wait for what was not
asked for.
"""

import importlib
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

import click


def load(place: str) -> Any:  # noqa: ANN401  whatever stands there
    """What stands at this place ("module:name"), imported now."""
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


@dataclass(frozen=True, slots=True)
class Later:
    """Where a command stands ("module:name"), and the first sentence of its help."""

    place: str
    help: str


class Shelf(MutableMapping[str, click.Command]):
    """Commands by name, each imported when it is first taken."""

    def __init__(self, later: Mapping[str, Later]) -> None:
        self.later = dict(later)
        self._taken: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._taken:
            command = load(self.later[name].place)
            assert isinstance(command, click.Command)  # noqa: S101  a slip in our own table
            self._taken[name] = command
        return self._taken[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._taken[name] = command

    def __delitem__(self, name: str) -> None:
        self._taken.pop(name, None)
        self.later.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self.later, *self._taken]))

    def __len__(self) -> int:
        return len(self.later.keys() | self._taken.keys())


class LazyGroup(click.Group):
    """A group whose help is written without importing its commands."""

    def shelve(self, later: Mapping[str, Later]) -> None:
        """Take these commands instead of any before."""
        self.commands = Shelf(later)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the table, which is the order of use."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each command with its first sentence."""
        if isinstance(self.commands, Shelf):
            with formatter.section("Commands"):
                formatter.write_dl([(name, one.help) for name, one in self.commands.later.items()])
