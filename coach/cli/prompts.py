"""`coach prompts`: the files in prompts/, read and checked as drafting reads them."""

import hashlib
import pathlib
from dataclasses import asdict, dataclass

import click

from coach.cli.output import Form, say, say_json
from coach.coaching.composer.frames import load_frames
from coach.coaching.composer.shelves import Shelves
from coach.knowledge.wording.phrases import read_list, read_rules
from coach.llm.prompts import load_prompt
from coach.rendering.labels import check_labels, labels_of
from coach.shipped import shipped


@dataclass(frozen=True, slots=True)
class KnownPrompt:
    """A file of prompts/: what drafts name it by, and how much is in it."""

    file: str
    id: str
    version: int
    digest: str
    purposes: int
    entries: int


@click.command()
@click.option("--check", is_flag=True, help="Only check the files, and say how many there are.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def prompts(check: bool, form: Form) -> None:
    """List the prompts with version and digest.

    Each file is read and checked as drafting does it; one that is damaged is named, and the exit
    code is 2.
    """
    known = list_prompts()
    if form == "json":
        say_json([asdict(one) for one in known])
    elif check:
        say(f"{len(known)} files are sound.")
    else:
        for one in known:
            counts = f"{one.purposes} purposes, {one.entries} entries"
            say(f"{one.file:<28} {one.id}@{one.version}:{one.digest}  {counts}")


def list_prompts() -> tuple[KnownPrompt, ...]:
    """Every file of prompts/, checked; raises what its reader raises."""
    folder = shipped("prompts")
    found = [_frames(path, folder) for path in sorted((folder / "composer").glob("*.yaml"))]
    shelves = Shelves(folder / "composer")
    for language in shelves.languages()[1:]:
        shelves.of(language)  # raises what is wrong with it
        files = sorted((folder / "composer" / language).glob("*.yaml"))
        found += [_frames(path, folder) for path in files]
    found += [_words(path, folder) for path in sorted((folder / "lint").glob("*.yaml"))]
    found += [_labels(path, folder) for path in sorted((folder / "labels").glob("*.yaml"))]
    found += [_prompt(path) for path in sorted(folder.glob("*.md.j2"))]
    return tuple(found)


def _prompt(path: pathlib.Path) -> KnownPrompt:
    prompt = load_prompt(path.name.removesuffix(".md.j2"), path.parent)
    return KnownPrompt(path.name, prompt.id, prompt.version, prompt.digest, 1, len(prompt.inputs))


def _frames(path: pathlib.Path, folder: pathlib.Path) -> KnownPrompt:
    frames = load_frames(path)
    frames.check()
    count = sum(len(entries) for entries in frames.by_purpose.values())
    name = str(path.relative_to(folder))
    return KnownPrompt(
        name, frames.id, frames.version, frames.digest, len(frames.by_purpose), count
    )


def _labels(path: pathlib.Path, folder: pathlib.Path) -> KnownPrompt:
    labels = labels_of(path.stem)
    check_labels(labels)
    name, counts = str(path.relative_to(folder)), (len(labels.tables), len(labels.entries))
    return KnownPrompt(name, f"labels_{path.stem}", 1, _digest(path), *counts)


def _digest(path: pathlib.Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _words(path: pathlib.Path, folder: pathlib.Path) -> KnownPrompt:
    values = read_list(path.stem)
    families = read_rules(path.stem) if "families" in values else {}
    digest = _digest(path)
    entries = len(families) or len(values)
    return KnownPrompt(
        str(path.relative_to(folder)), path.stem, int(values.get("version", 1)), digest, 1, entries
    )
