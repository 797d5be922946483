"""Reads the pair that a command is about from a file or from standard input."""

from collections.abc import Sequence

import click

from coach.errors import CoachError
from coach.pairs.exchange import PairFile, read_pairs

LARGEST = 20_000_000
MOST_NAMED = 20


class PairUnread(CoachError):
    """The file of a pair cannot be read."""

    title = "The file of the pair cannot be read."


class PairUnchosen(CoachError):
    """The file holds several pairs, or not the one asked for."""

    title = "Choose one of the pairs of this file with --pair."


def read_pair_files(file: str) -> tuple[PairFile, ...]:
    """Every pair in this file; `-` is standard input."""
    name = "standard input" if file == "-" else file
    return read_pairs(_text(_bytes(file, name), name), name)


def read_pair_file(file: str, pair_id: str | None) -> PairFile:
    """The pair asked for, or the only one there is."""
    pairs = read_pair_files(file)
    if pair_id is None and len(pairs) == 1:
        return pairs[0]
    for pair in pairs:
        if pair.record.id == pair_id:
            return pair
    ids = _named([pair.record.id for pair in pairs])
    if pair_id is None:
        raise PairUnchosen(f"This file holds {len(pairs)} pairs: choose one with --pair: {ids}.")
    raise PairUnchosen(f"There is no pair {pair_id!r} in this file; it holds {ids}.")


def _bytes(file: str, name: str) -> bytes:
    try:
        with click.open_file(file, "rb") as stream:
            data: bytes = stream.read(LARGEST + 1)
    except OSError as error:
        raise PairUnread(f"{name} cannot be read: {error.strerror}.") from error
    if len(data) > LARGEST:
        raise PairUnread(f"{name} is longer than {LARGEST // 1_000_000} MB, too long for pairs.")
    return data


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PairUnread(f"{name} is not text in UTF-8: see line {line}.") from error


def _named(ids: Sequence[str]) -> str:
    """The ids in a list, a long one cut."""
    shown = ", ".join(repr(one)[1:-1] for one in ids[:MOST_NAMED])
    left = len(ids) - MOST_NAMED
    return f"{shown} and {left} more" if left > 0 else shown
