"""The README names every setting and every command, and what it names is there."""

import importlib
import pathlib
import re
from collections.abc import Iterator

import click
import pytest

from coach.settings import PREFIX, Settings, describe, load_settings

ROOT = pathlib.Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
NOT_SETTINGS = {"COACH_TEST_POSTGRES", "COACH_SHARED_DATA"}


def commands() -> dict[str, click.Command]:
    """Every command a person can type, without the groups that only hold others."""
    page = vars(importlib.import_module("coach.cli.main"))
    groups = [value for value in page.values() if isinstance(value, click.Group)]
    inner = [id(command) for group in groups for command in group.commands.values()]
    return {
        name: command
        for group in groups
        if id(group) not in inner
        for name, command in spelled_out(group, "coach")
    }


def spelled_out(group: click.Group, name: str) -> Iterator[tuple[str, click.Command]]:
    """The commands under this one, each with all its words."""
    for word, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from spelled_out(command, f"{name} {word}")
        else:
            yield f"{name} {word}", command


@pytest.mark.parametrize("name", sorted(PREFIX + name.upper() for name in Settings.model_fields))
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


def test_the_readme_says_of_each_setting_what_the_setting_says() -> None:
    assert [name for name, _, told in describe(load_settings()) if told not in README] == []


def test_every_setting_in_the_readme_exists() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | NOT_SETTINGS
    assert set(re.findall(r"COACH_[A-Z_]*[A-Z]", README)) - known == set()


def test_every_command_is_in_the_readme() -> None:
    found = commands()
    assert len(found) > 10
    assert [name for name in sorted(found) if f"`{name}" not in README] == []


def test_every_command_says_what_it_does() -> None:
    assert [name for name, command in commands().items() if not command.help] == []


def test_every_file_the_readme_points_to_is_there() -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_make_target_in_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", README)) <= targets
