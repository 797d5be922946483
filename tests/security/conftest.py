"""A service under attack, with a model that obeys whatever the text says."""

import pathlib
from collections.abc import Iterator

import pytest

from tests.security.obedient import Obedient, serving
from tests.security.stage import Stage, open_stage


@pytest.fixture(scope="module")
def obedient() -> Obedient:
    """The model."""
    return Obedient()


@pytest.fixture(scope="module")
def stage(obedient: Obedient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The service, whose model it is."""
    folder = pathlib.Path(tmp_path_factory.mktemp("attacked"))
    with serving(obedient) as address, open_stage(folder, address) as opened:
        yield opened
