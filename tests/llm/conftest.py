"""The model itself, where its package is installed."""

from pathlib import Path

import pytest

from coach.llm.encoders import LocalEncoder
from coach.llm.model_files import PACKAGE, ModelFiles, folder_of_package, unpack


@pytest.fixture(scope="session")
def minilm(tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    """all-MiniLM-L6-v2 as the service writes it, or a skip that says how to have it."""
    if folder_of_package(PACKAGE) is None:
        pytest.skip(f"the package {PACKAGE} is not installed (make model)")
    files = unpack(Path(tmp_path_factory.mktemp("models")) / "minilm")
    assert files is not None
    return files


@pytest.fixture(scope="session")
def encoder(minilm: ModelFiles) -> LocalEncoder:
    """It, ready to be asked."""
    return LocalEncoder(minilm)
