"""The chat window: Gradio's components, our sentences, our HTML for answers and sources.

The only file that knows Gradio, with `assistant.ui_blocks` and `assistant.starting`. The window
runs under a strict content-security policy, so it uses nothing that makes Gradio compile code in
the browser (`gr.HTML`, `js=`): its scripts are files of their own, in `assistant/data/ui/static`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from assistant.api_access import is_admin
from assistant.api_jobs import Jobs
from assistant.api_problems import add_problems
from assistant.extensions import AdminPage, Links
from assistant.kept import KeptAnswers
from assistant.model import Answer, Filters
from assistant.service import Answering
from assistant.starting import routes_later
from assistant.ui_choices import CHOICES, choices_html, filters_of, in_order, library_sentence
from assistant.ui_client import client_endpoint
from assistant.ui_conversation import (
    Conversation,
    ask,
    edited,
    has_answer,
    is_edited,
    restored,
    shown,
)
from assistant.ui_errors import reason
from assistant.ui_first import FirstOfAll
from assistant.ui_frame import first_html, head_html, header_html, notice_html, placeholder_html
from assistant.ui_library import LINK as LIBRARY
from assistant.ui_library import add_library
from assistant.ui_queue import Line
from assistant.ui_routes import add_window_routes
from assistant.ui_sent import heard_html, sent_of
from assistant.ui_starts import Starts, fits_some
from assistant.ui_stop import StopSign
from assistant.ui_streams import KnownStreams
from assistant.ui_text import FALLBACK, language_for, load_every_language
from assistant.ui_theme import FONT, MONOSPACE, THEME
from assistant.ui_turn import Shown, turn
from corpus.errors import GuideError
from corpus.records import DocumentRecord

if TYPE_CHECKING:
    from fastapi import FastAPI
    from gradio import Blocks

AT_ONCE = 40
"""Questions taken at the same time; more wait in Gradio's queue, unseen."""
AT_WORK = 20
"""Questions worked on at the same time: more would all end late. The others see their place.

More than there are cores, for each waits now and then: twenty at once need a tenth less processor
time, and the last of them has its first words sooner, than with two at a time."""
MOST_WAITING = 200
"""Questions that may wait; more are refused."""

_ACTIONS = (
    ("cancel", "leave"),
    ("new", "new"),
    ("edit", "edit"),
    ("again", "again"),
    ("save", "talks.save"),
)
_UNSEEN = "unseen"
"""The class of boxes that only the window's scripts write into."""

Updates = dict[Any, Any]
"""Changes of the window: component to its new value or properties."""


def mount_window(
    app: FastAPI,
    service: Answering,
    kept: KeptAnswers | None = None,
    jobs: Jobs | None = None,
    pages: Sequence[AdminPage] = (),
) -> None:
    """Mounts the chat window at the root of a web application.

    Args:
        app: gets the window and its routes.
        service: answers.
        kept: where answers are kept for links and feedback; nowhere where it is None.
        jobs: changes of the library; without it there is no library page.
        pages: more pages for admins.
    """
    # Gradio reads these while it is imported and as windows are made. Nothing here calls home;
    # and nothing is reckoned for Gradio's own monitoring page, which is off: it would, after each
    # event, from a table (of pandas) of the last 10,000.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(sys.maxsize)
    import gradio

    languages = load_every_language()
    add_window_routes(app, service, languages, kept)
    links: Links = tuple((page.address, page.name) for page in pages)
    if jobs is not None:
        links = (LIBRARY, *links)
        add_library(app, service, languages, jobs, links)
    for page in pages:
        page.add(app, languages, links)
    theme = gradio.themes.Base(font=FONT, font_mono=MONOSPACE, radius_size="sm").set(**THEME)
    blocks = _Window(service, languages, kept, links).blocks
    gradio.mount_gradio_app(
        app,
        blocks,
        "",
        theme=theme,
        head=head_html(languages),
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        pwa=False,
        enable_monitoring=False,
        mcp_server=False,
    )
    mounted = cast(Any, app.routes[-1])
    add_problems(mounted.app)  # it is an application with errors of its own
    mounted.app = FirstOfAll(KnownStreams(mounted.app, blocks._queue), first_html())


class _Window:
    """The components, and what happens when they are used."""

    blocks: Blocks

    def __init__(
        self,
        service: Answering,
        languages: Mapping[str, Mapping[str, str]],
        kept: KeptAnswers | None,
        links: Links,
    ) -> None:
        import gradio

        from assistant.ui_blocks import Window

        self._gradio = gradio
        self._service = service
        self._kept = kept
        self._links = links
        self._line = Line(AT_WORK)
        self._languages = languages
        self._text = languages[FALLBACK]
        self._starts = Starts(service, languages)
        title = self._text["title"]
        with (
            routes_later(),
            Window(title=title, analytics_enabled=False, fill_height=True) as self.blocks,
        ):
            self._lay_out()
            self._wire()
            for_programs = client_endpoint(service, kept, gradio.Error)
            gradio.api(  # type: ignore[attr-defined] # not in __all__
                for_programs, api_name="ask", concurrency_limit=AT_WORK
            )
        self.blocks.queue(max_size=MOST_WAITING, default_concurrency_limit=AT_ONCE)

    def _lay_out(self) -> None:
        gradio, text = self._gradio, self._text
        self._header = gradio.Markdown(header_html(text), elem_id="header", latex_delimiters=[])
        self._chat = gradio.Chatbot(
            elem_id="chat",
            label=text["conversation"],
            show_label=False,
            container=False,
            layout="panel",
            buttons=[],
            latex_delimiters=[],
            allow_tags=False,
            autoscroll=False,
            scale=1,
            height="100%",
            placeholder="",
        )
        with gradio.Column(elem_id="composer"):
            # `window.css` shows the actions below a whole answer, the notice where there is one,
            # and of the two buttons of the box the one that can be used. Told from here, each
            # change would have Gradio make the component anew: a tenth of a question's work.
            with gradio.Row(elem_id="actions"):
                self._cancel, self._new, self._edit, self._again, self._save = (
                    gradio.Button(text[label], size="sm", min_width=0, elem_id=f"act-{name}")
                    for name, label in _ACTIONS
                )
            self._notice = gradio.Markdown(elem_id="notice", latex_delimiters=[])
            self._box = gradio.Textbox(
                elem_id="question",
                label=text["ask_label"],
                placeholder=text["ask_placeholder"],
                max_lines=6,
                autofocus=True,
                interactive=True,
                submit_btn=text["ask"],
                stop_btn=text["stop"],
            )
            # The browser's own lists: Gradio's open on focus, stay open, and take leaving one for
            # a choice. `choices.js` puts what is chosen into boxes that nobody sees.
            self._lists = gradio.Markdown(elem_id="choices", latex_delimiters=[])
            self._choices = [
                gradio.Textbox(elem_id=f"choice-{name}", elem_classes=_UNSEEN, label=text[name])
                for name, _ in CHOICES
            ]
            # The browser puts a conversation that it kept in here.
            self._kept_talk = gradio.Textbox(
                elem_id="kept-talk", elem_classes=_UNSEEN, label=text["talks.title"]
            )
            # It sends questions by this: the box is its own, and is emptied as one is sent.
            self._asking = gradio.Textbox(elem_id="asking", elem_classes=_UNSEEN, label=text["ask"])
            self._heard = gradio.Markdown(elem_id="heard", elem_classes=_UNSEEN)
        self._state = gradio.State(())
        self._stop = gradio.State(StopSign())
        self._language = gradio.State(FALLBACK)

    def _wire(self) -> None:
        gradio, tongue = self._gradio, self._language
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        every = [self._chat, self._state, self._box, self._notice]

        def on_load(request: Any) -> Updates:
            links = self._links if is_admin(request.request.scope) else ()
            return self._on_load(request.headers.get("accept-language", ""), links)

        # Gradio reads the annotation to learn that the request itself is wanted.
        on_load.__annotations__["request"] = gradio.Request
        asked = [self._asking, self._state, self._stop, tongue, *self._choices]
        self._asking.submit(self._on_ask, asked, [*every, self._heard], **quiet)
        # Gradio's own `cancels` would leave the next question unheard until a step has ended.
        self._box.stop(self._on_stop, self._stop, None, **quiet)
        changed = [self._state, self._notice]
        self._edit.click(self._on_edit, [self._state, tongue], changed, **quiet)
        self._cancel.click(self._on_cancel, self._state, changed, **quiet)
        self._new.click(self._on_new, [self._state, self._stop, tongue], every, **quiet)
        latest: dict[str, Any] = {"trigger_mode": "always_last", **quiet}
        chosen = {"inputs": [tongue, *self._choices], "outputs": self._chat, **latest}
        every_choice = [choice.change for choice in self._choices]
        gradio.on(every_choice, self._on_choose, **chosen)
        kept = [self._kept_talk, self._state, self._stop, tongue]
        # Another may be opened while one is still coming.
        self._kept_talk.submit(self._on_kept_talk, kept, every, **latest)
        loaded = [self._header, tongue, *every[:1], *every[2:4], *self._buttons(), self._lists]
        self.blocks.load(on_load, None, loaded, **quiet)

    def _buttons(self) -> tuple[Any, ...]:
        return self._cancel, self._new, self._edit, self._again, self._save

    # What may happen: each gives the changes of the window.

    def _on_load(self, accept_language: str, links: Links) -> Updates:
        update = self._gradio.update
        language = language_for(accept_language, self._languages)
        text = self._languages[language]
        changes: Updates = {
            self._header: header_html(text, links),
            self._language: language,
            self._box: update(
                label=text["ask_label"],
                placeholder=text["ask_placeholder"],
                submit_btn=text["ask"],
                stop_btn=text["stop"],
            ),
        }
        for button, (_, label) in zip(self._buttons(), _ACTIONS, strict=True):
            changes[button] = text[label]
        try:
            records = in_order(self._service.records())
            empty = self._empty(records, text, Filters())
        except GuideError as error:
            return {**changes, **self._say(reason(error, text))}
        changes[self._chat] = update(placeholder=empty, label=text["conversation"])
        changes[self._lists] = choices_html(records, text)
        return changes

    def _on_choose(self, language: str, *choices: str) -> Any:
        """Offers what can be answered under the choices; why one cannot be made, asking says."""
        try:
            records = in_order(self._service.records())
            empty = self._empty(records, self._languages[language], filters_of(*choices))
            return self._gradio.update(placeholder=empty)
        except GuideError:
            return self._gradio.skip()

    def _empty(
        self, records: Sequence[DocumentRecord], text: Mapping[str, str], chosen: Filters
    ) -> str:
        starts = self._starts.of(records, text["language"], chosen)
        fits = bool(starts) or fits_some(records, chosen)
        return placeholder_html(text, library_sentence(records, text), starts, fits=fits)

    def _on_ask(
        self, sent: str, before: Conversation, stop: StopSign, language: str, *choices: str
    ) -> Iterator[Updates]:
        number, question = sent_of(sent)
        if not stop.hears(number):
            return
        first: Updates = {self._heard: heard_html(number), **self._say("")}
        whole = before
        if question is None:
            if not before:
                yield first
                return
            question, whole = before[-1].question, edited(before, True)
        for seen in self._turn(question, whole, stop, language, choices):
            if seen.why:
                changing = is_edited(before)
                more = f" {self._languages[language]['replaces']}" if has_answer(before) else ""
                said = self._say(f"{seen.why}{more}", edited=changing)
                back = heard_html(number, back=True)
                yield {**self._view(before), **said, self._heard: back}
            else:
                yield {**self._view(seen.conversation), **first}
            first = {}

    def _turn(
        self,
        question: str,
        before: Conversation,
        stop: StopSign,
        language: str,
        choices: Sequence[str],
    ) -> Iterator[Shown]:
        text = self._languages[language]

        def steps(kept: Conversation) -> Generator[Conversation, None, None]:
            return ask(
                self._service,
                question,
                kept,
                filters_of(*choices),
                text,
                keep=self._keep,
                line=self._line,
                anew=is_edited(before),
                language=language,
            )

        return turn(steps, before, stop, text)

    def _keep(self, answer: Answer) -> str:
        return self._kept.keep(answer) if self._kept else ""

    def _on_stop(self, stop: StopSign) -> None:
        """Lets the answer end with the step that is being done; `stopping.js` says so."""
        stop.give()

    def _on_edit(self, conversation: Conversation, language: str) -> Updates:
        """Begins to change the last question, which the browser puts into the box.

        It and its answer stay until another is asked.
        """
        if not conversation:
            return {self._state: conversation}
        changed: Updates = {self._state: edited(conversation, True)}
        return {**changed, **self._say(self._languages[language]["editing"], edited=True)}

    def _on_cancel(self, conversation: Conversation) -> Updates:
        return {self._state: edited(conversation, False), **self._say("")}

    async def _on_new(self, before: Conversation, stop: StopSign, language: str) -> Updates:
        await stop.leave()
        said = self._languages[language]["edit_left"] if is_edited(before) else ""
        return {**self._view(()), **self._say(said)}

    async def _on_kept_talk(
        self, talk: str, before: Conversation, stop: StopSign, language: str
    ) -> Updates:
        """Goes on with a conversation that the browser kept."""
        text = self._languages[language]
        try:
            kept, said = restored(talk, text)
        except GuideError as error:
            return self._say(reason(error, text))
        await stop.leave()
        if is_edited(before) and not said:
            said = text["edit_left"]
        return {**self._view(kept), **self._say(said, edited=is_edited(kept))}

    # Pieces of changes.

    def _view(self, conversation: Conversation) -> Updates:
        return {self._chat: shown(conversation), self._state: conversation}

    def _say(self, sentence: str, *, edited: bool = False) -> Updates:
        return {self._notice: notice_html(sentence, edited=edited)}
