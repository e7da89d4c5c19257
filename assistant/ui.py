"""The chat window: Gradio's components, our sentences, our HTML for answers and sources.

The only file that knows Gradio. The window runs under a strict content-security policy, so it
uses nothing that makes Gradio compile code in the browser (`gr.HTML`, `js=`): the window's own
script is a file of its own, `assistant/data/ui/static/window.js`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.service import Answering
from assistant.ui_choices import (
    examples_for,
    filters_of,
    guide_choices,
    in_order,
    library_sentence,
    programme_choices,
    year_choices,
)
from assistant.ui_conversation import Conversation, StopSign, ask, shown, stopped
from assistant.ui_frame import head_html, header_html, notice_html, placeholder_html
from assistant.ui_text import load_examples, load_messages
from assistant.ui_theme import FONT, MONOSPACE, THEME
from corpus.errors import GuideError

if TYPE_CHECKING:
    from fastapi import FastAPI
    from gradio import Blocks

AT_ONCE = 20
"""Questions answered at the same time; more wait in the queue."""
MOST_WAITING = 200
"""Questions that may wait; more are refused."""

Updates = dict[Any, Any]
"""Changes of the window: component to its new value or properties."""


def mount_window(app: FastAPI, service: Answering) -> None:
    """Mounts the chat window at the root of a web application."""
    # Gradio reads this while it is imported. Nothing here calls home.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio

    theme = gradio.themes.Base(font=FONT, font_mono=MONOSPACE, radius_size="sm").set(**THEME)
    gradio.mount_gradio_app(
        app,
        _Window(service).blocks,
        "",
        theme=theme,
        head=head_html(load_messages()),
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        pwa=False,
        enable_monitoring=False,
        mcp_server=False,
    )


class _Window:
    """The components, and what happens when they are used."""

    blocks: Blocks

    def __init__(self, service: Answering) -> None:
        import gradio

        self._gradio = gradio
        self._service = service
        self._text = load_messages()
        self._examples = load_examples()
        title = self._text["title"]
        with gradio.Blocks(title=title, analytics_enabled=False, fill_height=True) as self.blocks:
            self._lay_out()
            self._wire()
        self.blocks.queue(max_size=MOST_WAITING, default_concurrency_limit=AT_ONCE)

    def _lay_out(self) -> None:
        gradio, text = self._gradio, self._text
        self._header = gradio.Markdown(header_html(text, ""), elem_id="header", latex_delimiters=[])
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
            with gradio.Row(elem_id="actions", visible=False) as self._actions:
                self._again, self._edit, self._new = (
                    gradio.Button(text[name], size="sm", min_width=0)
                    for name in ("again", "edit", "new")
                )
            self._notice = gradio.Markdown(elem_id="notice", latex_delimiters=[], visible=False)
            self._box = gradio.Textbox(
                elem_id="question",
                label=text["ask_label"],
                placeholder=text["ask_placeholder"],
                max_lines=6,
                autofocus=True,
                submit_btn=text["ask"],
            )
            with gradio.Row(elem_id="choices"):
                self._guide, self._programme, self._year = (
                    gradio.Dropdown(
                        [(text[unset], "")],
                        value="",
                        label=text[label],
                        filterable=False,
                        interactive=True,
                        min_width=80,
                    )
                    for label, unset in (
                        ("guide", "newest_guide"),
                        ("programme", "any_programme"),
                        ("year", "newest_year"),
                    )
                )
        self._state = gradio.State(())
        self._stop = gradio.State(StopSign())

    def _wire(self) -> None:
        gradio = self._gradio
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        choices = [self._guide, self._programme, self._year]
        every = [self._chat, self._state, self._box, self._notice, self._actions]
        asking = {
            "fn": self._on_ask,
            "inputs": [self._box, self._state, self._stop, *choices],
            "outputs": every,
            **quiet,
        }

        def on_example(event: Any) -> str:
            return str(event.value["text"])

        # Gradio reads the annotation to learn that the event itself is wanted.
        on_example.__annotations__["event"] = gradio.SelectData
        self._box.submit(**asking)
        self._chat.example_select(on_example, None, self._box, **quiet).then(**asking)
        self._again.click(self._on_again, self._state, every, **quiet).then(**asking)
        # Gradio's own `cancels` would leave the next question unheard until a step has ended.
        self._box.stop(self._on_stop, self._stop, self._box, **quiet)
        self._edit.click(self._on_again, self._state, every, **quiet)
        self._new.click(self._on_new, None, every, **quiet)
        settled = [self._programme, self._year, self._notice]
        self._guide.input(self._on_guide, self._guide, settled, **quiet)
        for narrower in (self._programme, self._year):
            narrower.input(lambda: "", None, self._guide, **quiet)
        self.blocks.load(
            self._on_load,
            None,
            [self._header, self._chat, self._notice, *choices],
            **quiet,
        )

    # What may happen: each gives the changes of the window.

    def _on_load(self) -> Updates:
        update, text = self._gradio.update, self._text
        try:
            records = in_order(self._service.records())
        except GuideError as error:
            return self._say(str(error))
        questions = examples_for(records, self._examples)
        return {
            self._header: header_html(text, library_sentence(records, text)),
            self._chat: update(
                placeholder=placeholder_html(text, records=bool(records), examples=bool(questions)),
                examples=[{"text": question} for question in questions],
            ),
            self._guide: update(choices=guide_choices(records, text), value=""),
            self._programme: update(choices=programme_choices(records, text), value=""),
            self._year: update(choices=year_choices(records, text), value=""),
        }

    def _on_ask(
        self,
        question: str,
        before: Conversation,
        stop: StopSign,
        guide: str,
        programme: str,
        year: str,
    ) -> Iterator[Updates]:
        filters = filters_of(guide, programme, year)
        box: Any = self._gradio.update(value="", submit_btn=False, stop_btn=self._text["stop"])
        now = before
        stop.given = False
        try:
            for now in ask(self._service, question, before, filters, self._text):
                if stop.given:
                    now = stopped(now, self._text)
                    break
                # The box is emptied once only: the next question may be typed meanwhile.
                first = {self._box: box, **self._say(""), self._actions: self._visible(False)}
                yield {**self._view(now), **(first if box else {})}
                box = None
        except GuideError as error:
            yield self._refused(before, question, str(error))
        except Exception:
            # A fault of ours: the window is put in order, and the fault goes on into the log.
            yield self._refused(before, question, self._text["failed"])
            raise
        else:
            yield self._idle(now)

    def _on_stop(self, stop: StopSign) -> Any:
        """Lets the answer end with the step that is being done."""
        stop.given = True
        return self._gradio.update(stop_btn=self._text["stopping"])

    def _on_again(self, conversation: Conversation) -> Updates:
        """Takes the last exchange back and puts its question into the box."""
        if not conversation:
            return self._idle(conversation)
        *kept, last = conversation
        return {**self._idle(tuple(kept)), self._box: self._ready(last.question)}

    def _on_new(self) -> Updates:
        return {**self._idle(()), **self._say(""), self._box: self._ready("")}

    def _on_guide(self, guide: str) -> Updates:
        """Shows programme and year of the chosen guide."""
        try:
            records = self._service.records()
        except GuideError as error:
            return self._say(str(error))
        edition = next((r.edition for r in records if r.id == guide), None)
        return {
            self._programme: (edition and edition.programme) or "",
            self._year: str((edition and edition.year) or ""),
        }

    # Pieces of changes.

    def _view(self, conversation: Conversation) -> Updates:
        return {self._chat: shown(conversation), self._state: conversation}

    def _idle(self, conversation: Conversation) -> Updates:
        return {
            **self._view(conversation),
            self._box: self._ready(),
            self._actions: self._visible(bool(conversation)),
        }

    def _refused(self, before: Conversation, question: str, why: str) -> Updates:
        return {**self._idle(before), **self._say(why), self._box: self._ready(question)}

    def _ready(self, value: str | None = None) -> Any:
        changes: dict[str, Any] = {} if value is None else {"value": value}
        return self._gradio.update(submit_btn=self._text["ask"], stop_btn=False, **changes)

    def _visible(self, visible: bool) -> Any:
        return self._gradio.update(visible=visible)

    def _say(self, sentence: str) -> Updates:
        shown = self._gradio.update(value=notice_html(sentence), visible=bool(sentence))
        return {self._notice: shown}
