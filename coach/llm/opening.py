"""Opens the model that the settings name, with its prompts, its gate and its budget."""

from coach.errors import CoachError
from coach.llm.asking import Model
from coach.llm.budget import Budget, Limit, Limits
from coach.llm.chat import CoachChat
from coach.llm.client import Deadlines, Endpoint
from coach.llm.gate import Gate
from coach.llm.prompts import load_prompt
from coach.llm.usage import Ledger, PocketLedger, Price
from coach.settings import Settings

PROMPTS = ("agenda_block", "follow_ups", "recap", "prep_brief")


class PriceFault(CoachError):
    """The price table cannot be read."""

    status = 500
    title = "COACH_LLM_PRICES must read like this: MODEL=0.15/0.60; OTHER=2.5/10."


def open_model(settings: Settings, ledger: Ledger | None = None) -> Model | None:
    """The model of these settings; None when they name no server and no model."""
    if not settings.llm_base_url or not settings.llm_model:
        return None
    deadlines = Deadlines(settings.llm_first_byte, settings.llm_idle, settings.llm_total)
    endpoint = Endpoint(settings.llm_base_url, settings.llm_model, settings.llm_api_key, deadlines)
    gate = Gate(settings.llm_lanes, settings.llm_queue)
    prompts = {name: load_prompt(name) for name in PROMPTS}
    budget = Budget(_limits(settings), read_prices(settings.llm_prices), ledger or PocketLedger())
    chat = CoachChat.open(endpoint, gate)
    return Model(chat, settings.llm_model, prompts, budget, settings.llm_hide_names)


def _limits(settings: Settings) -> Limits:
    return Limits(
        Limit(settings.llm_draft_tokens, settings.llm_draft_cost),
        Limit(settings.llm_person_tokens, settings.llm_person_cost),
        Limit(settings.llm_programme_tokens, settings.llm_programme_cost),
    )


def read_prices(table: str) -> dict[str, Price]:
    """The price table: what a million tokens of each model cost, in and out."""
    prices: dict[str, Price] = {}
    for entry in (part.strip() for part in table.split(";")):
        if not entry:
            continue
        model, _, costs = entry.rpartition("=")
        try:
            inward, outward = (float(cost) for cost in costs.split("/"))
        except ValueError:
            raise PriceFault from None
        if not model.strip() or min(inward, outward) < 0:
            raise PriceFault
        prices[model.strip()] = Price(inward, outward)
    return prices
