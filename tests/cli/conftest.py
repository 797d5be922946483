"""A data folder for each test of the command line."""

import pathlib
import shutil

import pytest

from tests.command_line import KNOWLEDGE, call


@pytest.fixture(autouse=True)
def data(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A data folder that is not there yet."""
    folder = tmp_path / "data"
    monkeypatch.setenv("COACH_DATA", str(folder))
    return folder


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A data folder with the starter library published, to copy from."""
    folder = tmp_path_factory.mktemp("published") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COACH_DATA", str(folder))
        assert call("library", "add", KNOWLEDGE, "--publish").code == 0
    return folder


@pytest.fixture
def filled(published: pathlib.Path, data: pathlib.Path) -> pathlib.Path:
    """A data folder of this test's own with the starter library published."""
    shutil.copytree(published, data)
    return data


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A data folder with the three pairs of the demo, to copy from."""
    folder = tmp_path_factory.mktemp("demonstrated") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COACH_DATA", str(folder))
        assert call("demo", "--no-serve").code == 0
    return folder


@pytest.fixture
def demo(demonstrated: pathlib.Path, data: pathlib.Path) -> pathlib.Path:
    """A data folder of this test's own with the three pairs of the demo."""
    shutil.copytree(demonstrated, data)
    return data
