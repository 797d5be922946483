"""The one reader of the environment: a frozen `Settings`, and the switches set before imports.

Importing this module turns the tracing and telemetry of third parties off for the whole process;
some of them read their variable once, so it must be imported before they are.
"""

import os
import pathlib
import sys
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError

from coach.errors import CoachError

PREFIX = "COACH_"
ENV_FILE = ".env"
# Not settings of the product: they tell the tests where things are.
OF_THE_TESTS = frozenset({"COACH_TEST_POSTGRES", "COACH_SHARED_DATA"})

for _switch in (
    "LANGSMITH_TRACING",
    "LANGSMITH_TRACING_V2",
    "LANGCHAIN_TRACING",
    "LANGCHAIN_TRACING_V2",
):
    os.environ[_switch] = "false"
os.environ["ANONYMIZED_TELEMETRY"] = "False"
# From 1.29 on onnxruntime tells its makers of every process, and writes an id for this device.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
# One thread per small matrix product is faster than eight, and keeps a shared machine quiet.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


class SettingFault(CoachError):
    """A setting has a value that cannot work."""

    status = 500
    title = "A setting cannot be read. Run `coach doctor` to see them all."


def default_data_folder() -> pathlib.Path:
    """Where programs of this platform keep a person's data, and in it a folder of our own."""
    home = pathlib.Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "coach"
    if sys.platform == "win32":
        return pathlib.Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "coach"
    return pathlib.Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "coach"


def _database_in(values: dict[str, Any]) -> str:
    """A SQLite file in the data folder."""
    return f"sqlite:///{values['data'] / 'coach.db'}"


def _address_of(values: dict[str, Any]) -> str:
    """The address a browser on this machine would use."""
    host = "127.0.0.1" if values["host"] in {"0.0.0.0", "::"} else values["host"]  # noqa: S104  compared, not bound
    return f"http://{f'[{host}]' if ':' in host else host}:{values['port']}"


def _behind_https(values: dict[str, Any]) -> bool:
    """Whether people reach the service through https."""
    return str(values["base_url"]).startswith("https://")


class Settings(BaseSettings):
    """Everything that can be set from outside; read once, then frozen."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    data: pathlib.Path = Field(
        default_factory=default_data_folder,
        description="Folder that holds the database and the index. The default is the folder the "
        "platform keeps for a person's data, on Linux ~/.local/share/coach.",
    )
    database_url: str = Field(
        default_factory=_database_in,
        pattern=r"^(sqlite:///|postgresql\+psycopg://)",
        description="Database: sqlite:///FILE, or postgresql+psycopg://USER@HOST/NAME. The default "
        "is coach.db in the data folder.",
    )
    chroma_url: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="Address of a Chroma server on a private network, for several web processes. "
        "Empty: the index lies in the data folder.",
    )
    work_inside: bool = Field(
        default=True,
        description="Whether the service does its background work itself. Turn it off where "
        "`coach worker` runs.",
    )
    index: bool = Field(
        default=True,
        description="Whether the index of meanings is used beside the search for words.",
    )
    embeddings: Literal["local", "openai", "off", "auto"] = Field(
        default="auto",
        description="What turns passages into vectors: local (a model in this process), openai "
        "(any server with /embeddings), off (search finds words alone), or auto, the first of "
        "these that is there.",
    )
    embeddings_folder: pathlib.Path | None = Field(
        default=None,
        description="Folder with a model.onnx and its tokenizer.json, instead of all-MiniLM-L6-v2.",
    )
    embeddings_base_url: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="Address of an embedding server, up to /v1.",
    )
    embeddings_api_key: SecretStr | None = Field(
        default=None, description="Key of the embedding server. Local servers need none."
    )
    embeddings_model: str | None = Field(
        default=None, description="Name of the embedding model at its server."
    )
    llm_base_url: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="Address of a chat model, up to /v1. Empty: the composer writes every draft.",
    )
    llm_api_key: SecretStr | None = Field(
        default=None, description="Key of the chat model. Local servers need none."
    )
    llm_model: str | None = Field(default=None, description="Name of the chat model at its server.")
    llm_first_byte: float = Field(
        default=15.0, gt=0, description="Seconds the model has until the first byte of its answer."
    )
    llm_idle: float = Field(
        default=20.0, gt=0, description="Seconds the model may be silent within an answer."
    )
    llm_total: float = Field(
        default=90.0, gt=0, description="Seconds one whole answer of the model may take."
    )
    llm_lanes: int = Field(
        default=8, ge=1, le=500, description="Calls that may be under way to the model at once."
    )
    llm_queue: int = Field(
        default=400, ge=0, description="Calls that may wait for a lane; more are composed instead."
    )
    llm_hide_names: bool = Field(
        default=True,
        description="Whether names of the pair become roles before anything leaves for the model.",
    )
    llm_prices: str = Field(
        default="",
        description="What a million tokens cost, in and out, by model: MODEL=0.15/0.60; OTHER=2/8.",
    )
    llm_draft_tokens: int | None = Field(
        default=100_000, ge=0, description="Tokens one draft may take of the model."
    )
    llm_draft_cost: float | None = Field(
        default=None, ge=0, description="What one draft may cost, by the price table."
    )
    llm_person_tokens: int | None = Field(
        default=1_000_000, ge=0, description="Tokens one person's drafts may take in a day."
    )
    llm_person_cost: float | None = Field(
        default=None, ge=0, description="What one person's drafts may cost in a day."
    )
    llm_programme_tokens: int | None = Field(
        default=20_000_000, ge=0, description="Tokens all drafts of a programme may take in a day."
    )
    llm_programme_cost: float | None = Field(
        default=None, ge=0, description="What all drafts of a programme may cost in a day."
    )
    host: str = Field(default="127.0.0.1", description="Address the service listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port the service listens on.")
    base_url: str = Field(
        default_factory=_address_of,
        pattern=r"^https?://[^/]+$",
        description="Address people reach the service under, without a slash at the end; sign-in "
        "links begin with it.",
    )
    secure_cookies: bool = Field(
        default_factory=_behind_https,
        description="Whether cookies travel over https alone. The default follows the base URL.",
    )
    help_contacts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="People and numbers named when someone is in distress, parted by semicolons.",
    )
    whom_to_ask: str = Field(
        default="the people who run your mentoring programme",
        description="Whom a pair is sent to with questions the library cannot answer.",
    )
    abstain_below: float = Field(
        default=0.45,
        ge=0,
        le=1,
        description="Coverage under which the coach says that the library lacks a topic.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What the log keeps: debug, info, warning or error."
    )

    @field_validator("data", mode="after")
    @classmethod
    def _absolute(cls, folder: pathlib.Path) -> pathlib.Path:
        """One folder has one name, from wherever the command is called."""
        return folder.expanduser().absolute()

    @field_validator("help_contacts", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """The parts of a text, or the value as it is."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(";") if part.strip())
        return value


def load_settings(**overrides: object) -> Settings:
    """The settings of this process; a value given here wins over the environment."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as fault:
        raise SettingFault(_sentence(fault)) from fault
    except SettingsError as fault:
        raise SettingFault(f"The settings cannot be read: {fault}.") from fault
    except RuntimeError as fault:  # pathlib, when this account has no home
        raise SettingFault(
            "This account has no home folder: name a folder in COACH_DATA."
        ) from fault


def describe(settings: Settings) -> list[tuple[str, str, str]]:
    """Each setting with its variable, its value as text (secrets hidden) and what it does."""
    return [
        (PREFIX + name.upper(), _shown(getattr(settings, name)), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def unknown_names(environment: Mapping[str, str] | None = None) -> tuple[tuple[str, str], ...]:
    """COACH_ variables nobody reads, each with the setting that was probably meant, or nothing."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    names = os.environ if environment is None else environment
    strangers = sorted(
        name for name in names if name.startswith(PREFIX) and name not in known | OF_THE_TESTS
    )
    return tuple((name, _nearest(name, known)) for name in strangers)


def _nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like this one, if any is."""
    bare = [other.removeprefix(PREFIX) for other in known]
    found = get_close_matches(name.removeprefix(PREFIX), bare, n=1)
    return PREFIX + found[0] if found else ""


def _sentence(fault: ValidationError) -> str:
    """What is wrong with the first bad setting, in one sentence, without its value."""
    first = fault.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    field = Settings.model_fields.get(name)
    about = f" {field.description}" if field and field.description else ""
    return f"The setting {PREFIX}{name.upper()} cannot be used: {first['msg']}.{about}"


def _shown(value: object) -> str:
    """The value as a person may see it."""
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(str(part) for part in value)
    return _without_password(str(value))


def _without_password(text: str) -> str:
    """An address whose password is stars; any other text as it is."""
    scheme, mark, rest = text.partition("://")
    person, at, place = rest.rpartition("@")
    if not (mark and at and ":" in person):
        return text
    return f"{scheme}://{person.split(':')[0]}:***@{place}"
