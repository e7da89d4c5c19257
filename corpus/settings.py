"""Every knob of the product: one frozen object, read once, handed down as an argument.

Order: defaults < TOML file < environment. The TOML file is `GUIDE_CONFIG`, else `guide.toml`
in the data folder. Environment names are `GUIDE_` plus the path with `__` between the levels:
`GUIDE_RETRIEVAL__CANDIDATES=40`. Unknown keys are errors. `docs/settings.md` documents each
one; a test holds the two together.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from corpus.errors import SettingsError
from corpus.setting_sources import CONFIG_VARIABLE, PREFIX, environment_tree, merged, read_toml

CONFIG_FILE = "guide.toml"


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class EmbeddingSettings(_Group):
    """The model that turns passages and queries into vectors."""

    model: str = Field(
        default="auto",
        min_length=1,
        description="`auto` (multilingual where its weights are installed, else English), "
        "`multilingual-e5-small`, `bge-small-en-v1.5`, `all-MiniLM-L6-v2`, or any "
        "sentence-transformers model name or folder.",
    )
    batch_size: int = Field(default=16, ge=1, le=512, description="Passages embedded at once.")
    threads: int = Field(
        default=0, ge=0, le=256, description="Threads of one model; 0 means one for each core."
    )


class ChunkingSettings(_Group):
    """How sections are cut into chunks. A change asks for `guide ingest --rebuild`."""

    max_tokens: int = Field(
        default=220, ge=32, le=510, description="Longest chunk, in tokens of the embedder."
    )
    min_tokens: int = Field(
        default=40, ge=0, le=400, description="Shorter neighbours in one section are joined."
    )
    overlap_sentences: int = Field(
        default=1,
        ge=0,
        le=5,
        description="Sentences repeated from the chunk before in the same section.",
    )


class OcrSettings(_Group):
    """Reading of pages that are pictures, by Tesseract where it is installed."""

    mode: str = Field(
        default="auto",
        pattern="^(auto|never|force)$",
        description="`auto` (pages without readable text, where Tesseract is installed), `never`, "
        "or `force` (all pages).",
    )
    languages: str = Field(
        default="",
        pattern=r"^([a-z]{3}(_\w+)?(\+[a-z]{3}(_\w+)?)*)?$",
        description="Languages of such pages in Tesseract's codes, joined by `+` (`eng+ell`); "
        "empty means those that are installed.",
    )


class StoreSettings(_Group):
    """Where vectors are kept."""

    url: str = Field(
        default="",
        description="Address of a Chroma server (`http://host:8000`); empty means the embedded "
        "store in the data folder.",
    )
    timeout_s: float = Field(
        default=20,
        gt=0,
        le=600,
        description="Longest wait for the Chroma server, in seconds; ten times as long where "
        "vectors are written.",
    )


class RetrievalSettings(_Group):
    """From a question to ranked passages."""

    top_k: int = Field(default=10, ge=1, le=100, description="Passages returned.")
    candidates: int = Field(
        default=50, ge=1, le=500, description="Passages taken from each retriever before fusion."
    )
    rrf_k: int = Field(
        default=60,
        ge=1,
        le=1000,
        description="Constant of reciprocal rank fusion (Cormack et al. 2009).",
    )
    reranker: str = Field(
        default="auto",
        min_length=1,
        description="`auto` (bundled English cross-encoder), `none`, or any sentence-transformers "
        "cross-encoder name or folder.",
    )
    rerank_first: int = Field(
        default=8, ge=1, le=200, description="Candidates that the reranker reads in any case."
    )
    rerank_candidates: int = Field(
        default=14,
        ge=1,
        le=200,
        description="Candidates that it reads where none of those convinces.",
    )


class AnswerSettings(_Group):
    """Limits of questions and answers."""

    max_question_chars: int = Field(
        default=4000, ge=10, le=100_000, description="Longer questions are refused with a sentence."
    )
    max_words: int = Field(
        default=120, ge=20, le=1000, description="Longest extractive answer, in words."
    )
    max_quotes: int = Field(default=4, ge=1, le=20, description="Most citations of one answer.")
    min_confidence: float = Field(
        default=0.1,
        ge=0.0,
        le=1.0,
        description="Confidence below which nothing is answered from a guide; 0 answers always.",
    )
    max_doubt: float = Field(
        default=0.5,
        ge=0.0,
        le=1.0,
        description="Doubt that any guide answers above which nothing is answered; 1 answers "
        "always. For questions in the language of the guide.",
    )
    min_confidence_elsewhere: float = Field(
        default=0.5,
        ge=0.0,
        le=1.0,
        description="The same for a document that is no official guide, where the question names "
        "no programme, action, field or term of guides.",
    )


_MODEL_NAME = r"^((openai|ollama):\S+)?$"


class LlmSettings(_Group):
    """A language model that words answers; without one, answers are the guide's own words."""

    model: str = Field(
        default="",
        pattern=_MODEL_NAME,
        description="`openai:NAME` or `ollama:NAME`; empty means none. A model of any other "
        "service with an OpenAI-compatible address is `openai:NAME` with `llm.base_url`.",
    )
    base_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s@]+)?$",
        description="Address of an OpenAI-compatible service (`http://host:8080/v1`); empty means "
        "OpenAI's own, and this machine's for `ollama:`.",
    )
    api_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key of that service. It is never shown; better set in the environment "
        "than in a file.",
    )
    judge: str = Field(
        default="",
        pattern=_MODEL_NAME,
        description="Model that judges answers in `guide eval --judge`, named like `llm.model`, "
        "with the same address and key; empty means `llm.model`.",
    )
    timeout_s: float = Field(
        default=45,
        gt=0,
        le=600,
        description="Longest time for one answer of the model, retries included, in seconds; then "
        "the answer is extractive.",
    )
    retries: int = Field(
        default=2,
        ge=0,
        le=10,
        description="How often a model that is overloaded or cannot be reached is asked again.",
    )
    passages: int = Field(default=8, ge=1, le=40, description="Passages that the model reads.")
    max_tokens: int = Field(
        default=700, ge=50, le=100_000, description="Most tokens of one answer of the model."
    )


class KeepSettings(_Group):
    """What is kept of the answers given by the API and the window."""

    answers: int = Field(
        default=10_000,
        ge=0,
        le=10_000_000,
        description="Most answers kept with their questions; the oldest go first. 0 keeps none.",
    )
    days: int = Field(
        default=180, ge=1, le=3650, description="Answers older than this go, in days."
    )


class ServerSettings(_Group):
    """The web application."""

    host: str = Field(default="127.0.0.1", min_length=1, description="Address to listen on.")
    port: int = Field(default=7860, ge=0, le=65535, description="Port; 0 takes a free one.")
    root_path: str = Field(default="", description="Path prefix behind a proxy, e.g. `/guide`.")
    at_once: int = Field(
        default=4, ge=1, le=256, description="Questions of the API answered at the same time."
    )
    queue: int = Field(
        default=100,
        ge=0,
        le=10_000,
        description="Questions of the API that may wait; more are told to come back (503).",
    )
    timeout_s: int = Field(
        default=120,
        ge=1,
        le=3600,
        description="Longest time for one answer of the API, waiting included, in seconds.",
    )
    body_timeout_s: int = Field(
        default=30,
        ge=1,
        le=3600,
        description="Longest pause while a request is sent to the server, in seconds.",
    )


class AccessSettings(_Group):
    """Who may use the server."""

    keys: str = Field(
        default="auto",
        pattern="^(auto|always|never)$",
        description="Whether an API key is asked for (`guide keys create`): `auto` (unless the "
        "server listens on this machine only), `always` or `never`.",
    )
    hosts: str = Field(
        default="",
        description="Host names under which the server is reached, with commas between; empty "
        "means those of this machine where it listens here only, and any elsewhere.",
    )
    per_minute: int = Field(
        default=120,
        ge=1,
        le=1_000_000,
        description="Requests a minute of one key or address; more are told to come back (429). "
        "Not counted on this machine where no key is asked for.",
    )


class LimitSettings(_Group):
    """What one file may cost."""

    max_file_mb: int = Field(default=200, ge=1, le=10_000, description="Largest PDF, in megabytes.")
    max_pages: int = Field(default=5000, ge=1, le=100_000, description="Most pages of one PDF.")
    file_timeout_s: int = Field(
        default=900, ge=1, le=86_400, description="Longest time for reading one PDF, in seconds."
    )
    memory_mb: int = Field(
        default=3000, ge=500, le=1_000_000, description="Most memory for a PDF, in MB (on Linux)."
    )


class LogSettings(_Group):
    """Logging, always to standard error."""

    level: str = Field(
        default="WARNING",
        pattern="^(DEBUG|INFO|WARNING|ERROR)$",
        description="`DEBUG`, `INFO`, `WARNING` or `ERROR`.",
    )
    format: str = Field(
        default="text",
        pattern="^(text|json)$",
        description="`text`, or `json` for one JSON object a line.",
    )
    questions: bool = Field(
        default=False, description="Whether the text of questions is logged (at level INFO)."
    )


def default_home() -> Path:
    """The data folder where none is set: the platform's folder for user data."""
    return Path(platformdirs.user_data_dir("programme-guide-assistant", appauthor=False))


class Settings(_Group):
    """All settings. Immutable; build it with `load_settings`."""

    home: Path = Field(
        default_factory=default_home,
        description="Data folder: models, vectors, ledger, page cache. Default, also where "
        "`GUIDE_HOME` is empty: the platform's folder for user data.",
    )
    embedding: EmbeddingSettings = EmbeddingSettings()
    chunking: ChunkingSettings = ChunkingSettings()
    ocr: OcrSettings = OcrSettings()
    store: StoreSettings = StoreSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    answer: AnswerSettings = AnswerSettings()
    llm: LlmSettings = LlmSettings()
    keep: KeepSettings = KeepSettings()
    server: ServerSettings = ServerSettings()
    access: AccessSettings = AccessSettings()
    limits: LimitSettings = LimitSettings()
    log: LogSettings = LogSettings()


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Reads defaults, the TOML file and the environment, in this order.

    Args:
        environment: variables to read; the process environment where None.

    Raises:
        SettingsError: on an unknown key, a wrong value or an unreadable file, naming it.
    """
    environment = os.environ if environment is None else environment
    from_environment = environment_tree(environment)
    if not from_environment.get("home"):  # an empty path would be the folder we are in
        from_environment.pop("home", None)
    home = Path(str(from_environment.get("home") or default_home())).expanduser()
    named = environment.get(CONFIG_VARIABLE)
    path = Path(named).expanduser() if named else home / CONFIG_FILE
    from_file = read_toml(path) if named or path.is_file() else {}
    if from_file.get("home") == "":
        raise SettingsError(f"The setting home in {path} is empty. Name a folder, or leave it out.")
    try:
        settings = Settings.model_validate(merged(from_file, from_environment))
    except ValidationError as error:
        raise SettingsError(_explain(error, from_environment, path)) from error
    return settings.model_copy(update={"home": settings.home.expanduser().absolute()})


def setting_names(model: type[BaseModel] = Settings, prefix: str = "") -> Iterator[str]:
    """Dotted names of all settings, in order ("home", "embedding.model", ...)."""
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from setting_names(info.annotation, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def _explain(error: ValidationError, environment: dict[str, Any], path: Path) -> str:
    known = ", ".join(setting_names())
    lines = []
    for problem in error.errors():
        names = [str(part) for part in problem["loc"]]
        branch: Any = environment
        for part in names:
            branch = branch.get(part) if isinstance(branch, dict) else None
        source = str(path) if branch is None else PREFIX + "__".join(names).upper()
        if problem["type"] == "extra_forbidden":
            lines.append(f"Unknown setting {'.'.join(names)} ({source}). Known are: {known}.")
        else:
            lines.append(
                f"Setting {'.'.join(names)} ({source}) has a wrong value: {problem['msg']}."
            )
    return "\n".join(lines)
