"""Which encoder is chosen, and what is said about it; nothing is downloaded unless asked for."""

import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from coach.llm.encoders import HttpEncoder, LocalEncoder, choose_encoder
from coach.llm.fetching import FetchFailed, fetch_model
from coach.llm.model_files import MODEL, PACKAGE, kept_in, unpack
from coach.settings import Settings

SERVER: Any = {"embeddings_base_url": "http://127.0.0.1:1/v1", "embeddings_model": "bge-small"}


def keep_model(data: Path) -> None:
    """Put two files where a model is looked for."""
    folder = kept_in(data)
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(b"")
    (folder / "tokenizer.json").write_bytes(b"")


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder on a machine whose account has no model anywhere."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "data"


def test_off_is_off_even_beside_a_model(bare: Path) -> None:
    keep_model(bare)
    choice = choose_encoder(Settings(data=bare, embeddings="off"))
    assert (choice.encoder, choice.wrong) == (None, False)


@pytest.mark.parametrize("way", ["auto", "local"])
def test_a_model_in_the_data_folder_is_used(bare: Path, way: Any) -> None:
    keep_model(bare)
    choice = choose_encoder(Settings(data=bare, embeddings=way, **SERVER))
    assert isinstance(choice.encoder, LocalEncoder)
    assert choice.told == f"local: {MODEL}, from the data folder"


def test_the_copy_of_chroma_is_used(bare: Path) -> None:
    folder = bare.parent / ".cache/chroma/onnx_models/all-MiniLM-L6-v2/onnx"
    folder.mkdir(parents=True)
    for name in ("model.onnx", "tokenizer.json"):
        (folder / name).write_bytes(b"")
    assert "Chroma" in choose_encoder(Settings(data=bare, embeddings="auto")).told


def test_auto_goes_on_to_a_server_and_then_to_words(bare: Path) -> None:
    choice = choose_encoder(Settings(data=bare, embeddings="auto", **SERVER))
    assert isinstance(choice.encoder, HttpEncoder)
    assert choice.told == "openai: bge-small"
    nothing = choose_encoder(Settings(data=bare, embeddings="auto"))
    assert (nothing.encoder, nothing.wrong) == (None, False)
    assert "search finds words" in nothing.told


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"embeddings": "local"}, id="no model"),
        pytest.param({"embeddings": "openai"}, id="no server"),
        pytest.param({"embeddings": "auto", "embeddings_folder": "nowhere"}, id="no such folder"),
    ],
)
def test_what_was_asked_for_and_is_not_there_is_said(bare: Path, asked: Any) -> None:
    choice = choose_encoder(Settings(data=bare, **asked))
    assert (choice.encoder, choice.wrong) == (None, True)


def test_other_weights_under_the_name_of_the_package_are_refused(
    tmp_path: Path, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site" / PACKAGE
    (folder / "model").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise SystemExit('it must never be imported')")
    (folder / "model" / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.syspath_prepend(tmp_path / "site")
    choice = choose_encoder(Settings(data=bare, embeddings="auto"), convert=True)
    assert choice.encoder is None
    assert "not those we know" in choice.told
    assert not (kept_in(bare) / "model.onnx").exists()


def test_a_full_disk_is_said(minilm: Any, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where a folder should be")
    choice = choose_encoder(Settings(data=tmp_path, embeddings="local"), convert=True)
    assert choice.encoder is None
    assert "cannot be written" in choice.told
    assert unpack(tmp_path / "elsewhere") is not None


# --- Fetching ---------------------------------------------------------------------------------


def archive(**files: bytes) -> bytes:
    """A tar.gz with these files in a folder."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, data in files.items():
            about = tarfile.TarInfo(f"onnx/{name.replace('_', '.')}")
            about.size = len(data)
            tar.addfile(about, io.BytesIO(data))
    return out.getvalue()


@pytest.fixture
def kept() -> Iterator[tuple[str, bytes]]:
    """An address on this machine, and the archive it gives."""
    body = archive(model_onnx=b"network", tokenizer_json=b"{}", README_md=b"hello")

    class Giver(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/model" else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Giver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/model", body
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_model_that_was_asked_for_is_fetched(kept: tuple[str, bytes], tmp_path: Path) -> None:
    address, body = kept
    told: list[tuple[int, int]] = []
    target = tmp_path / "models" / MODEL
    digest = hashlib.sha256(body).hexdigest()
    fetch_model(target, address, digest, lambda *one: told.append(one))
    assert {path.name for path in target.iterdir()} == {"model.onnx", "tokenizer.json"}
    assert told[-1] == (len(body), len(body))


@pytest.mark.parametrize("way", ["another digest", "no such page", "no server"])
def test_what_is_not_the_model_leaves_nothing(
    kept: tuple[str, bytes], tmp_path: Path, way: str
) -> None:
    address, body = kept
    places = {"no such page": f"{address}/not", "no server": "http://127.0.0.1:1/model"}
    digest = "0" * 64 if way == "another digest" else hashlib.sha256(body).hexdigest()
    with pytest.raises(FetchFailed):
        fetch_model(tmp_path / "m", places.get(way, address), digest, lambda *_: None)
    assert list((tmp_path / "m").iterdir()) == []
