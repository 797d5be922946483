"""What leaves for a model: rows that its reader may read, no names, and nobody's text as orders."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from coach.coaching.pipeline import Coach
from coach.llm.opening import PROMPTS
from coach.llm.prompts import load_prompt
from coach.pairs.records import Note
from tests.coaching.make import starter_coach
from tests.security.obedient import serving
from tests.security.outbound import (
    Recorder,
    Step,
    draft,
    faults_of,
    model_at,
    random_steps,
    send_all,
)

STEPS = 250  # 10,000 in `make soak`


@pytest.fixture(scope="module")
def coach() -> Iterator[Coach]:
    with starter_coach() as opened:
        yield opened


def test_a_request_holds_nothing_that_its_reader_may_not_read(coach: Coach) -> None:
    recorder = Recorder()
    with serving(recorder) as address:
        found = send_all(coach, address, recorder, random_steps(11, STEPS))
    assert found.faults == []
    assert all(
        found.requests[kind] > STEPS / 10 for kind in ("agenda", "follow_ups", "recap", "prep")
    )
    prompts = [load_prompt(name) for name in PROMPTS]
    empty = {str(one.render(**dict.fromkeys(one.inputs, ""))[0].text) for one in prompts}
    assert found.systems == empty


async def test_names_leave_where_the_setting_lets_them(coach: Coach) -> None:
    recorder = Recorder()
    step = next(one for one in random_steps(3, 50) if one.kind == "agenda")
    with serving(recorder) as address:
        for hide in (True, False):
            recorder.requests.clear()
            model = model_at(address, hide_names=hide)
            await draft(replace(coach, model=model), step)
            await model.aclose()
            sent = "".join(str(one) for one in recorder.requests)
            assert ("Zerlina" in sent) is not hide


def test_a_leak_would_be_noticed() -> None:
    step = next(random_steps(5, 1))
    step = Step(step.record, "agenda", "pair", (), ("pebble1",))
    said = [{"role": "system", "content": "s"}, {"role": "user", "content": "== m\nPebble1\n== m"}]
    assert list(faults_of({"messages": said, "tools": []}, step)) == [
        "sends ['tools']",
        "tells pebble1",
    ]
    assert isinstance(step.record.sessions[-1].notes[-1], Note)
