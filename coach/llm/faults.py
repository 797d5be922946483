"""What can go wrong with a model, each with the sentence a person reads."""

from coach.errors import CoachError


class LLMFault(CoachError):
    """A model gave no answer that can be used; never carries a key, a prompt or a reply."""

    status = 502
    title = "The model gave no answer that can be used."


class ModelDown(LLMFault):
    """The model's server cannot be reached, or refuses to serve."""

    title = "The model cannot be reached."


class ModelTooSlow(LLMFault):
    """A deadline of ours passed before the answer was whole."""

    status = 504
    title = "The model took too long."


class ModelCut(LLMFault):
    """The answer ended before it was whole, or ran past its bound."""

    title = "The model's answer was cut off."


class ModelRefused(LLMFault):
    """The model, or a filter before it, would not answer."""

    title = "The model would not answer."


class BadAnswer(LLMFault):
    """The answer is whole, but not what was asked for."""

    title = "The model's answer could not be used."


class ModelResting(LLMFault):
    """The model failed several times in a row, so it is left alone for a while."""

    status = 503
    title = "The model failed several times and is left alone for now."


class ModelBusy(LLMFault):
    """More calls wait for the model than the queue holds."""

    status = 503
    title = "The model has too much to do just now."


class BudgetSpent(LLMFault):
    """The tokens or the money set aside for the model are used up."""

    status = 429
    title = "The budget for the model is spent for now."
