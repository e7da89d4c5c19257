"""Our retrieval as a LangChain retriever, for chains of others.

    retriever = GuideRetriever.open(top_k=8)
    documents = retriever.invoke("How much can a Small-scale Partnership get?")

Each document is a passage with its place in the metadata: `document_id`, `title`, `programme`,
`year`, `page`, `last_page`, `headings`, `score`, `url`.
"""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field

from assistant.model import Filters, Passage, page_url
from assistant.service import Answering
from corpus.settings import Settings, load_settings


class GuideRetriever(BaseRetriever):
    """Finds passages of the guides.

    Attributes:
        service: what searches, usually an opened assistant.
        top_k: most passages.
        filters: what narrows the search.
    """

    service: Any = Field(exclude=True)
    top_k: int = Field(default=10, ge=1, le=100)
    filters: Filters = Filters()

    @classmethod
    def open(cls, settings: Settings | None = None, **fields: Any) -> GuideRetriever:
        """A retriever on the library of the data folder.

        Args:
            settings: read as the command line does where None.
            fields: `top_k`, `filters`.

        Raises:
            LibraryError: if the library cannot be opened.
        """
        from assistant.wiring import open_assistant

        return cls(service=open_assistant(settings or load_settings()), **fields)

    def close(self) -> None:
        """Lets go of models and files."""
        service: Answering = self.service
        service.close()

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - the base class hands it over
    ) -> list[Document]:
        service: Answering = self.service
        _, passages = service.search(query, filters=self.filters, top_k=self.top_k)
        return [_document(passage) for passage in passages]


def _document(passage: Passage) -> Document:
    first, last = passage.pages
    edition = passage.document.edition
    return Document(
        id=passage.chunk.id,
        page_content=passage.chunk.text,
        metadata={
            "document_id": passage.document.id,
            "title": edition.title,
            "programme": edition.programme,
            "year": edition.year,
            "page": first,
            "last_page": last,
            "headings": list(passage.chunk.headings),
            "score": passage.score,
            "url": page_url(passage.document.id, first),
        },
    )
