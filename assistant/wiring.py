"""Puts the parts of the read side together, from settings alone."""

from __future__ import annotations

from assistant.cues import load_cues
from assistant.generation import open_model
from assistant.lexicon import load_lexicon
from assistant.messages import load_messages
from assistant.pipeline import Assistant
from assistant.reading_ahead import ReadingAhead
from assistant.rephrasing import open_rephraser
from assistant.rerank import open_reranker, open_unit_reader
from assistant.retrieval import Retriever, stems_of
from assistant.writing import Writer
from corpus.index import Index
from corpus.language import keep_unpacked
from corpus.settings import Settings


def open_assistant(settings: Settings) -> Assistant:
    """An assistant on the library of the data folder; `close` it after use.

    Raises:
        LibraryError: if the library cannot be opened.
        ModelError: if a model named in the settings cannot be loaded.
        LanguageModelError: if the language model that they name needs a key and has none.
    """
    keep_unpacked(settings.home / "models")
    model = open_model(settings.llm)
    library = Index.open(settings)
    lexicon, cues = load_lexicon(), load_cues()
    unit_reader = open_unit_reader(settings)
    return Assistant(
        library=library,
        retriever=Retriever(
            library=library,
            lexicon=lexicon,
            reranker=open_reranker(settings),
            guide_reranker=unit_reader,
            settings=settings.retrieval,
        ),
        lexicon=lexicon,
        messages=load_messages(),
        cues=cues,
        stems=stems_of,
        settings=settings,
        writer=Writer(model=model, stems=stems_of, lexicon=lexicon, settings=settings)
        if model is not None
        else None,
        rephraser=open_rephraser(settings.llm, lexicon, cues),
        unit_reader=unit_reader,
    )


def reading_ahead(assistant: Assistant) -> ReadingAhead:
    """What works out beforehand, while nobody asks, what questions need of the passages."""
    return ReadingAhead(
        assistant.library,
        assistant.records,
        stems=assistant.stems,
        also=assistant.differences.read,
        busy=lambda: assistant.retriever.readers.count > 0,
    )
