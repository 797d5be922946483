"""Files that ship are found in a checkout and in an installed package."""

import pathlib
from typing import get_args

import pytest

from coach import shipped as module
from coach.shipped import Folder, ShippedMissing, shipped


@pytest.mark.parametrize("folder", ["prompts", "knowledge", "schemas", "migrations"])
def test_a_checkout_has_the_folder(folder: Folder) -> None:
    assert any(shipped(folder).iterdir())


def test_the_package_is_asked_before_the_checkout(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    package = tmp_path / "coach"
    (package / "_shipped" / "prompts").mkdir(parents=True)
    (tmp_path / "prompts").mkdir()
    monkeypatch.setattr(module, "PACKAGE", package)
    assert shipped("prompts") == package / "_shipped" / "prompts"


@pytest.mark.parametrize("folder", get_args(Folder))
def test_a_missing_folder_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, folder: Folder
) -> None:
    monkeypatch.setattr(module, "PACKAGE", tmp_path / "coach")
    with pytest.raises(ShippedMissing, match=folder):
        shipped(folder)
