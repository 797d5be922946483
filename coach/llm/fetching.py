"""Downloads all-MiniLM-L6-v2 for those who ask for it; nothing else here ever does."""

import hashlib
import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import httpx2

from coach.errors import CoachError

# The archive that Chroma itself would fetch: the network and its tokenizer.
ADDRESS = "https://chroma-onnx-models.s3.amazonaws.com/all-MiniLM-L6-v2/onnx.tar.gz"
DIGEST = "913d7300ceae3b2dbc2c50d1de4baacab4be7b9380491c27fab7418616a16ec3"
WANTED = ("model.onnx", "tokenizer.json")
MOST_BYTES = 200_000_000


class FetchFailed(CoachError):
    """The model could not be downloaded, or what came is not the model."""

    status = 502
    title = "The model could not be downloaded; search finds words until it is here."


def fetch_model(target: Path, address: str, digest: str, told: Callable[[int, int], None]) -> None:
    """Put the model into this folder, whole and checked, or raise FetchFailed and leave nothing."""
    target.mkdir(parents=True, exist_ok=True)
    archive = target / f"download.{os.getpid()}"
    try:
        with archive.open("w+b") as file:
            found = _download(address, file, told)
            if found != digest:
                raise FetchFailed("What was downloaded is not the model we know; it was deleted.")
            file.seek(0)
            _unpack(file, target)
    except (httpx2.HTTPError, httpx2.InvalidURL) as fault:
        raise FetchFailed(f"The model could not be downloaded ({type(fault).__name__}).") from fault
    except (OSError, tarfile.TarError, EOFError) as fault:
        raise FetchFailed(f"The model could not be kept in {target}: {fault}.") from fault
    finally:
        archive.unlink(missing_ok=True)


def _download(address: str, file: IO[bytes], told: Callable[[int, int], None]) -> str:
    """Write what stands at the address into the file; its digest."""
    digest, size = hashlib.sha256(), 0
    with (
        httpx2.Client(follow_redirects=True, timeout=30) as client,
        client.stream("GET", address) as answer,
    ):
        answer.raise_for_status()
        whole = int(answer.headers.get("content-length") or 0)
        for chunk in answer.iter_bytes():
            size += len(chunk)
            if size > MOST_BYTES:
                raise FetchFailed("What stands there is larger than the model we know.")
            digest.update(chunk)
            file.write(chunk)
            told(size, whole)
    return digest.hexdigest()


def _unpack(file: IO[bytes], target: Path) -> None:
    """The two files we need, by their names alone, the network last."""
    with tarfile.open(fileobj=file, mode="r:gz") as archive:
        members = {Path(one.name).name: one for one in archive.getmembers() if one.isfile()}
        for name in reversed(WANTED):
            inner = archive.extractfile(members[name]) if name in members else None
            if inner is None:
                raise FetchFailed(f"The archive holds no {name}.")
            fresh = target / f"{name}.{os.getpid()}.new"
            with fresh.open("wb") as out:
                while chunk := inner.read(1 << 20):
                    out.write(chunk)
            fresh.replace(target / name)
