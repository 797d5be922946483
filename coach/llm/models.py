"""The chat model that the settings name, or none."""

import httpx2

from coach.llm.asking import Model
from coach.llm.chat import CoachChat
from coach.llm.client import Deadlines, make_client
from coach.settings import Settings

FIRST_SECONDS, IDLE_SECONDS = 15.0, 20.0


def open_model(
    settings: Settings, transport: httpx2.AsyncBaseTransport | None = None
) -> Model | None:
    """The model of these settings; None when no address or no name is set."""
    if not (settings.llm_base_url and settings.llm_model):
        return None
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
    total = settings.llm_seconds
    chat = CoachChat(
        client=make_client(settings.llm_base_url, key, transport),
        name_of_model=settings.llm_model,
        base_url=settings.llm_base_url,
        deadlines=Deadlines(min(FIRST_SECONDS, total), min(IDLE_SECONDS, total), total),
    )
    return Model(chat, settings.llm_model)
