"""Finds the files that ship with the coach: inside the installed package, or in a checkout."""

import pathlib
from typing import Any, Literal

import yaml

from coach.errors import CoachError

Folder = Literal["prompts", "knowledge", "schemas", "templates", "static", "migrations"]

# Both build plain values alone; the one in C is ten times faster and not built in everywhere.
LOADER: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
PACKAGE = pathlib.Path(__file__).resolve().parent
INSIDE: dict[str, str] = {
    "schemas": "schemas",
    "templates": "web/templates",
    "static": "web/static",
    "migrations": "storage/migrations",
}


class ShippedMissing(CoachError):
    """The installation is incomplete."""

    status = 500
    title = "Files that ship with the coach are missing. Install the package again."


def shipped(folder: Folder) -> pathlib.Path:
    """The folder of this name: package data first, then the checkout around the package."""
    places = (PACKAGE / INSIDE.get(folder, f"_shipped/{folder}"), PACKAGE.parent / folder)
    for place in places:
        if place.is_dir():
            return place
    raise ShippedMissing(f"The folder {folder!r} that ships with the coach is missing.")


def read_yaml(source: str) -> Any:  # noqa: ANN401  whatever the file holds
    """The plain values of a YAML text, or yaml.YAMLError."""
    return yaml.load(source, Loader=LOADER)  # noqa: S506  a safe loader either way
