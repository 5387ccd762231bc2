"""The forms that come with the product, as data: `ready_surveys.toml`. A school takes one over and changes it freely."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from .models_surveys import Topic, topic_from_json


@dataclass(frozen=True, slots=True)
class ReadySurvey:
    code: str
    title: str
    what: str
    asked: str
    topics: tuple[Topic, ...]


def _read() -> dict[str, ReadySurvey]:
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return {
        code: ReadySurvey(
            code, one["title"], one["what"], one["asked"], tuple(map(topic_from_json, one["topics"]))
        )
        for code, one in data.items()
    }


READY = _read()
