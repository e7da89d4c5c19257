"""Records of a question set, as JSON or YAML give them, checked and made into questions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from assistant.model import Filters, Turn
from corpus.errors import EvaluationError
from eval.questions import FIELDS, FILTER_TYPES, GoldPage, Problem, Question

MAX_PROBLEMS_SHOWN = 20
MAX_CHARS_SHOWN = 60
"""Of one value or name in a message."""
ROLES = ("user", "assistant")


def parse_record(record: object, line: int) -> tuple[Question | None, list[Problem]]:
    """One record as a question, or what is wrong with it.

    Args:
        record: what a file holds for one question, as read from JSON or YAML.
        line: where it stands, for the messages.

    Returns:
        The question and no problems, or None and at least one problem.
    """
    if not isinstance(record, Mapping):
        return None, [Problem(line, f"a question is an object with fields, not {_shown(record)}")]
    reader = _Reader(record, line)
    try:
        json.dumps(record, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        reader.wrong("holds half of a character (a lone surrogate), which no text file can hold")
    except (TypeError, ValueError, RecursionError) as error:
        # YAML knows more than JSON: names of fields that are dates, lists that hold themselves.
        return None, [Problem(line, f"holds what no JSON can hold ({error})")]
    unknown = [str(name) for name in record if name not in FIELDS]
    if unknown:
        reader.wrong(f"unknown {_fields(unknown)}; known are {', '.join(FIELDS)}")
    question = Question(
        id=reader.text("id", required=True),
        question=reader.text("question", required=True),
        lang=reader.text("lang"),
        kind=reader.text("kind"),
        topic=reader.text("topic"),
        history=reader.history(),
        filters=reader.filters(),
        answerable=reader.flag("answerable"),
        gold=reader.gold(),
        alternatives=reader.flag("alternatives"),
        key_facts=reader.key_facts(),
        answer=reader.text("answer"),
        note=reader.text("note"),
        line=line,
    )
    if not question.answerable and (question.gold or question.key_facts):
        reader.wrong("answerable is false, but gold pages or key facts are given")
    return (None, reader.problems) if reader.problems else (question, [])


def collect(records: Iterable[tuple[int, object]], source: str) -> tuple[Question, ...]:
    """All records of a set as questions.

    Args:
        records: (line, record) in the order of the file.
        source: name of the file, for the message.

    Raises:
        EvaluationError: if a record is no question, an id occurs twice or there is none at all;
            the message lists the problems with their lines.
    """
    questions: list[Question] = []
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    for line, record in records:
        question, wrong = parse_record(record, line)
        problems += wrong
        if question is None:
            continue
        if question.id in lines:
            problems.append(
                Problem(
                    line,
                    f"id {_shown(question.id)} occurs twice, first in line {lines[question.id]}",
                )
            )
        lines.setdefault(question.id, line)
        questions.append(question)
    if problems:
        raise EvaluationError(describe(problems, source))
    if not questions:
        raise EvaluationError(f"{source} holds no questions.")
    return tuple(questions)


def describe(problems: Sequence[Problem], source: str) -> str:
    """The problems as one message, the first `MAX_PROBLEMS_SHOWN` in full."""
    count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
    shown = [f"  {problem}" for problem in problems[:MAX_PROBLEMS_SHOWN]]
    rest = len(problems) - len(shown)
    if rest:
        shown.append(f"  and {rest} more")
    return "\n".join([f"{source} cannot be used as a question set ({count}):", *shown])


class _Reader:
    """Takes typed fields out of one record and notes what is wrong with them."""

    def __init__(self, record: Mapping[str, object], line: int) -> None:
        self._record = record
        self._line = line
        self.problems: list[Problem] = []

    def wrong(self, message: str) -> None:
        self.problems.append(Problem(self._line, message))

    def text(self, name: str, *, required: bool = False) -> str:
        value = self._record.get(name)
        if value is None:
            if required:
                self.wrong(f'the field "{name}" is missing')
            return ""
        if not isinstance(value, str):
            hint = " (put it in quotes)" if isinstance(value, (int, float)) else ""
            self.wrong(f'"{name}" must be text, not {_shown(value)}{hint}')
            return ""
        if required and not value.strip():
            self.wrong(f'"{name}" is blank')
        return value

    def flag(self, name: str) -> bool:
        value = self._record.get(name)
        if value is None:
            return True
        if not isinstance(value, bool):
            self.wrong(f'"{name}" must be true or false, not {_shown(value)}')
            return True
        return value

    def _list(self, name: str) -> Sequence[object]:
        value = self._record.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(f'"{name}" must be a list, not {_shown(value)}')
            return []
        return value

    def history(self) -> tuple[Turn, ...]:
        turns = []
        for number, item in enumerate(self._list("history"), 1):
            place = f'turn {number} of "history"'
            if not isinstance(item, Mapping) or set(item) != {"role", "content"}:
                self.wrong(f'{place} must have "role" and "content" and nothing else')
            elif item["role"] not in ROLES or not isinstance(item["content"], str):
                self.wrong(f'{place}: role is "user" or "assistant" and content is text')
            else:
                turns.append(Turn(role=str(item["role"]), content=item["content"]))
        return tuple(turns)

    def filters(self) -> Filters:
        value = self._record.get("filters") or {}
        if not isinstance(value, Mapping):
            self.wrong(f'"filters" must be an object, not {_shown(value)}')
            return Filters()
        good: dict[str, object] = {}
        for name, chosen in value.items():
            kind = FILTER_TYPES.get(str(name))
            if kind is None:
                self.wrong(f"unknown filter {_shown(name)}; known are {', '.join(FILTER_TYPES)}")
            elif chosen is not None and type(chosen) is not kind:
                wanted = "a whole number" if kind is int else "text"
                self.wrong(f'the filter "{name}" must be {wanted}, not {_shown(chosen)}')
            else:
                good[str(name)] = chosen
        return Filters(**good)  # type: ignore[arg-type]  # each value was checked just above

    def gold(self) -> tuple[GoldPage, ...]:
        pages = []
        for number, item in enumerate(self._list("gold"), 1):
            page = self._gold_page(item, f'entry {number} of "gold"')
            if page is not None:
                pages.append(page)
        return tuple(pages)

    def _gold_page(self, item: object, place: str) -> GoldPage | None:
        if not isinstance(item, Mapping):
            self.wrong(f"{place} must be an object, not {_shown(item)}")
            return None
        unknown = [str(name) for name in item if name not in ("document", "page", "quote")]
        if unknown:
            self.wrong(f"{place} has unknown {_fields(unknown)}; known are document, page, quote")
        document, page, quote = item.get("document"), item.get("page"), item.get("quote", "")
        if not isinstance(document, str) or not document.strip():
            self.wrong(f'{place} needs "document", the file name of a PDF')
        elif type(page) is not int or page < 1:
            self.wrong(f'{place}: "page" is a whole number from 1, not {_shown(page)}')
        elif not isinstance(quote, str):
            self.wrong(f'{place}: "quote" must be text, not {_shown(quote)}')
        else:
            return GoldPage(document=document, page=page, quote=quote)
        return None

    def key_facts(self) -> tuple[tuple[str, ...], ...]:
        facts = []
        for number, item in enumerate(self._list("key_facts"), 1):
            spellings = item if isinstance(item, list) else []
            if not spellings or not all(isinstance(s, str) and s.strip() for s in spellings):
                self.wrong(
                    f'entry {number} of "key_facts" must be a list of spellings, each some text, '
                    f"not {_shown(item)}"
                )
            else:
                facts.append(tuple(str(s) for s in spellings))
        return tuple(facts)


def _fields(names: Sequence[str]) -> str:
    quoted = shortened(f'"{name}"' for name in names)
    return f"field{'s' if len(names) > 1 else ''} {quoted}"


def shortened(names: Iterable[str]) -> str:
    """Names for a message: the first of them, none longer than a line."""
    known = list(names)
    shown = [n if len(n) <= MAX_CHARS_SHOWN else f"{n[:MAX_CHARS_SHOWN]}..." for n in known]
    rest = len(known) - MAX_PROBLEMS_SHOWN
    return ", ".join(shown[:MAX_PROBLEMS_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _shown(value: object) -> str:
    """The value for a message, short."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MAX_CHARS_SHOWN else text[: MAX_CHARS_SHOWN - 3] + "..."
