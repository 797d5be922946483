"""The frames that ship: they load, rotate, render, and say nothing they should not."""

import pathlib
from collections import Counter

import pytest
from jinja2 import Environment, meta

from coach.coaching.boundaries import dangling_opener, is_observable, lint
from coach.coaching.composer.frames import FrameFault, load_frames
from coach.coaching.questions import is_double_barrelled, is_leading, is_open, question_marks
from coach.knowledge.words import words
from coach.shipped import shipped
from tests.coaching.closure import FILES, every_frame, frames_of

FRAMES = every_frame()
each_frame = pytest.mark.parametrize(
    ("name", "purpose", "id", "text"), FRAMES, ids=[frame[2] for frame in FRAMES]
)
QUESTIONS = [frame for frame in FRAMES if frame[0] == "follow_ups"]
# A word that stands for whatever comes into a place.
VALUE = "Sort the list"


def places_of(text: str) -> set[str]:
    """The places of a frame."""
    environment = Environment(autoescape=True)
    return meta.find_undeclared_variables(environment.parse(text))


def rendered(name: str, purpose: str, id: str) -> str:
    """A frame with the same words in all its places."""
    frames = load_frames(shipped("prompts") / "composer" / f"{name}.yaml")
    turn = [frame.id for frame in frames.by_purpose[purpose]].index(id)
    text = next(frame[3] for frame in FRAMES if frame[2] == id)
    return frames.fill(purpose, turn, **dict.fromkeys(places_of(text), VALUE)).text


@pytest.mark.parametrize("name", FILES)
def test_every_file_of_frames_loads(name: str) -> None:
    frames = load_frames(shipped("prompts") / "composer" / f"{name}.yaml")
    assert frames.id == f"composer_{name}"
    assert frames.fingerprint == f"composer_{name}@{frames.version}:{frames.digest}"


def test_no_two_frames_have_one_id() -> None:
    counted = Counter(id for _, _, id, _ in FRAMES)
    twice = {id for id, count in counted.items() if count > 1}
    assert not twice


@pytest.mark.parametrize("purpose", frames_of("follow_ups")["frames"])
def test_a_question_has_four_frames_or_more(purpose: str) -> None:
    assert len(frames_of("follow_ups")["frames"][purpose]) >= 4


@each_frame
def test_a_frame_renders_in_its_places_and_is_whole(
    name: str, purpose: str, id: str, text: str
) -> None:
    said = rendered(name, purpose, id)
    assert "{" not in said
    assert (VALUE in said) == bool(places_of(text))
    assert said == " ".join(said.split())


@each_frame
def test_a_frame_is_respectful_and_stands_alone(
    name: str, purpose: str, id: str, text: str
) -> None:
    said = rendered(name, purpose, id)
    assert lint(said) == ()
    assert not dangling_opener(said)


@pytest.mark.parametrize("frame", QUESTIONS, ids=[frame[2] for frame in QUESTIONS])
def test_a_question_is_open_single_and_short(frame: tuple[str, str, str, str]) -> None:
    said = rendered(*frame[:3])
    assert is_open(said)
    assert not is_double_barrelled(said)
    assert not is_leading(said)
    assert question_marks(said) == 1
    assert said.endswith("?")
    assert len(words(said)) <= 30 - 12 + len(words(VALUE))


@pytest.mark.parametrize("purpose", frames_of("follow_ups")["frames"])
def test_the_frames_of_one_purpose_open_differently(purpose: str) -> None:
    openings = [tuple(words(f["text"])[:3]) for f in frames_of("follow_ups")["frames"][purpose]]
    assert len(set(openings)) == len(openings)


@pytest.mark.parametrize("kind", frames_of("agenda")["outcomes"])
def test_every_outcome_can_be_seen(kind: str) -> None:
    outcome = frames_of("agenda")["outcomes"][kind]
    assert is_observable(outcome)
    assert len(outcome) <= 160
    assert kind in frames_of("agenda")["titles"]


def test_frames_take_turns_and_step_aside(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(
        "id: a\nversion: 1\nframes:\n  greet:\n"
        "    - {id: a1, text: 'Good morning.'}\n    - {id: a2, text: 'Good day, {{ name }}.'}\n"
    )
    frames = load_frames(file)
    assert [frames.fill("greet", turn, name="Ada").frame_id for turn in (0, 1, 2)] == [
        "a1",
        "a2",
        "a1",
    ]
    assert frames.fill("greet", 0, ("a1",), name="Ada").text == "Good day, Ada."
    assert frames.fill("greet", 0, ("a1", "a2"), name="Ada").frame_id == "a1"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        pytest.param(
            "  greet:\n    - {id: a1, text: 'Hi.'}\n    - {id: a1, text: 'Ho.'}\n",
            "two frames called a1",
            id="an id twice",
        ),
        pytest.param(
            "  greet:\n    - {id: a1, text: '{{ name }}'}\n", "a1 cannot be", id="no name"
        ),
        pytest.param(
            "  greet:\n    - {id: a1, text: '{{ (1).__class__.x() }}'}\n",
            "a1 cannot be",
            id="unsafe",
        ),
    ],
)
def test_a_damaged_file_of_frames_is_refused(tmp_path: pathlib.Path, body: str, fault: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(f"id: a\nversion: 1\nframes:\n{body}")
    with pytest.raises(FrameFault, match=fault):
        load_frames(file).fill("greet")


def test_a_missing_table_is_named(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("id: a\nversion: 1\nframes: {}\n")
    frames = load_frames(file)
    with pytest.raises(FrameFault, match="titles"):
        frames.words("titles")
    with pytest.raises(FrameFault, match="fillers"):
        frames.listed("fillers")
