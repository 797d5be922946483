"""What people ask that the library does not answer: the lines of knowledge/outside.yaml."""

from functools import lru_cache

from coach.shipped import read_yaml, shipped

FILE = "outside.yaml"


@lru_cache(maxsize=1)
def load_outside() -> tuple[str, ...]:
    """Every line, whatever it stands under; none where the file is not there."""
    place = shipped("knowledge") / FILE
    if not place.is_file():
        return ()
    groups = read_yaml(place.read_text(encoding="utf-8"))
    return tuple(str(line) for lines in groups.values() for line in lines)
