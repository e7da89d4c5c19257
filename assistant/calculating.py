"""Arithmetic on what a guide says and the asker states, only where it cannot be misread.

A rate for each participant, day or month times the number that the question states, or a share of
an amount that it states: the unit that leads the answer must hold exactly one such rate, and the
question exactly one number that fits it. The travel rate of the band that holds a stated distance
times the people that are stated. A daily rate of the stated country times people and days, where
the rule that counts the days of travel is quoted too. Rates that change with the number
(`rates`). In every other case rates are shown alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from assistant.certain import is_complete, is_doubtful, is_fixed, without_codes
from assistant.facts import FactKind, find_facts, find_quantities, parse_number
from assistant.model import Calculation, Citation, Factor
from assistant.products import Source, amounts, as_written, product, stated
from assistant.rates import FOR_ONE, STEP, by_formula, by_rates, how_many_for, paid_for
from assistant.rows import in_one_line
from corpus.countries import countries_in
from corpus.model import CELL_SEPARATOR, Document

_PER = re.compile(
    r"^\s?(?:EUR|€|euros?)?\s?(?:[-–:]\s?)?(?:/|per\b|for each\b|pro\b|par\b|por\b|ανά\b)\s?"
    r"(?P<unit>[^\W\d_]+)",
    re.IGNORECASE,
)
_UNITS = {
    "person": re.compile(
        r"participant|person|pupil|student|learner|trainee|invited expert|teilnehm|schüler|alumn|"
        r"élève|συμμετέχ",
        re.IGNORECASE,
    ),
    "day": re.compile(r"day|tag|jour|día|ημέρα", re.IGNORECASE),
    "week": re.compile(r"week|woche|semaine|semana", re.IGNORECASE),
    "month": re.compile(r"month|monat|mois|mes\b|μήνα", re.IGNORECASE),
}
_SHARE = re.compile(r"(?:maximum of|up to|at most|not exceed|more than|maximum)\D{0,20}$")
_GREEN = re.compile(r"(?P<no>\bnon[- ]?|\bnot |\bno |\bwithout )?\bgreen\b", re.IGNORECASE)
_BY_GREEN = re.compile(
    r"\b(?:(?P<no>non[- ]*green|standard)|green) travel:\s*(?P<amount>\d[\d ]*)\s?EUR\b",
    re.IGNORECASE,
)
_NORMAL = re.compile(r"\b(?:normal|standard|ordinary|regular) travel\b", re.IGNORECASE)
"""As guides call what is not green."""
_BOTH_WAYS = re.compile(
    r"\b(?:round[- ]?trip|return|both (?:ways|directions)|there and back|back and forth|"
    r"two[- ]way|total distance)\b",
    re.IGNORECASE,
)
_NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)"
_PART = re.compile(
    rf"\b(?:half|some|partly|part|most|several|others?|the rest)\b|"
    rf"\b{_NUMBER} (?:(?:out )?of (?:our|the|these|those|my|them|us|whom)|by|with|using|go\w*|"
    r"travel\w*)\b",
    re.IGNORECASE,
)
"""What is said of some of those who are counted only."""
_EACH = re.compile(
    r"\b(?:each|every|respectively)\b(?! way)|"
    r"\bper (?:activity|exchange|project|group|partner|country|organi[sz]ation|school|year|"
    r"universit\w+|college|institution|ngo|club)\b",
    re.IGNORECASE,
)
"""What makes a number one of several that add up."""
_OTHERS_TOO = re.compile(
    r"\b(?:leaders?|facilitators?|accompan\w+|teachers?|trainers?|staff|adults?|drivers?)\b",
    re.IGNORECASE,
)
_COUNTED_OTHERS = re.compile(rf"\b{_NUMBER} (?:\w+ )?{_OTHERS_TOO.pattern[2:]}", re.IGNORECASE)
_PEOPLE = re.compile(
    rf"\b{_NUMBER} (?:\w+ )?(?:participants|people|persons|learners|students|pupils|kids)\b",
    re.IGNORECASE,
)
_ANYBODY = re.compile(r"participant|person", re.IGNORECASE)
_ONLY_IN = re.compile(r"^\s(?:in|of|for) (?!an? |the )(?P<kind>[^.;:(]+)")
"""The kind of activity that a rate is only for; "in a Youth Exchange" is the action itself."""
_FORMULA = re.compile(r"^\s?[x×*]\s?\w+\s?[x×*]\s?\w+")
"""More than one factor: "/month x DR x NRS"."""
_NO_KIND = frozenset({"learning", "mobility", "activity", "project", "with", "from", "term"})
_OF_GRANT = re.compile(r"\b(?:grant|lump sum|contribution|award\w*)\b", re.IGNORECASE)
_OF_COSTS = re.compile(r"\b(?:costs?|expens\w+|budget|spend\w*|pay)\b", re.IGNORECASE)
_OF_ANY_LINE = re.compile(
    r"maximum|projects?|budget|allocated|awarded|eligible|amounts?|programme|support|"
    r"(?:participant|person|student|pupil|learner|trainee|member)s?|mobility|activity|activities"
)
"""Words that do not say what a line pays for."""
_LUMP_SUM = re.compile(r"\blump sum grant (?:amount )?of\b", re.IGNORECASE)
_DAILY = re.compile(
    r"^(?P<who>[^:;|\d]+): (?:(?P<head>[^:;|\d]*\beuros? per day\b[^:;|\d]*): )?(?P<rate>\d{1,3})$"
)
_EUROS_A_DAY = re.compile(r"\b(?:euros?|EUR) per day\b", re.IGNORECASE)
_EACH_PERSON = re.compile(r"\bper participant\b", re.IGNORECASE)
_SUPPORT = re.compile(
    r"\b(organi[sz]ational|individual|linguistic|inclusion|travel|course|preparatory)\b",
    re.IGNORECASE,
)
_COUNTED_SOME = re.compile(r"\d (?:\w+ ){1,3}with fewer opportunities\b", re.IGNORECASE)
_GREEN_DOUBTED = re.compile(
    r"\bnot (?!green\b)[^.?]*\bgreen\b|(?i:\bfl(?:y|ies|ying|ights?)\b|\bplane\b|\bby air\b|"
    r"\bis\b[^?]*\bgreen\?)|\bGreen (?!Travel)[A-Z]"
)
"""Words beside "green" that leave open whether the travel is."""
_TRAVEL_DAYS = re.compile(
    r"\bincluding also one travel day before the activity and one travel day following the "
    r"activity\b(?P<more>.*\bgreen travel\b)?",
    re.IGNORECASE | re.DOTALL,
)
_IN_ALL = re.compile(
    r"\btravel days? (?:(?:are |is )?(?:already |both )?)?included\b|"
    r"\b(?:including|incl\.?|with) (?:the |all |both )?(?:\w+ )?travel days?\b",
    re.IGNORECASE,
)
"""The days of travel are among those that are stated."""
_MOST_EACH = re.compile(
    r"\bmaximum (?:of )?(?P<most>\d{1,3}(?:[ .,]\d{3})*) ?EUR per participant\b", re.IGNORECASE
)
_WANTS_SUM = re.compile(
    r"\b(?:total|how much|what is the most|altogether|in all|whole (?:thing|stay|time)|combien|"
    r"what (?:do|does|will|would|can) (?:we|i|they|it|the \w+|our \w+) (?:get|receive|claim)|"
    r"wie viel|cu[aá]nto|quanto|πόσ\w+|(?:organi[sz]ational|individual) support|"
    r"travel (?:support|grant|money|costs)|for (?:all|everyone|everybody|both|the whole))\b",
    re.IGNORECASE,
)


def calculate(question: str, sources: Sequence[Source]) -> Calculation | None:
    """The sum that a question asks for, None where it is not certain.

    Args:
        question: its numbers are the asker's.
        sources: lines of the answer, the leading one first.
    """
    question = without_codes(question)
    if not sources or is_doubtful(question):
        return None
    found = _calculated(question, sources)
    if found is None:
        return None
    counted = [f.label for f in found.factors if _UNITS["person"].match(f.label)]
    if counted and not any(_ANYBODY.match(label) for label in counted):
        question = _COUNTED_OTHERS.sub(" ", question)  # a rate for each pupil is for pupils alone
    if FOR_ONE.search(question):
        question = _PEOPLE.sub(" ", question)  # however many there are
    return found if is_complete(question, found, sources) else None


def _calculated(question: str, sources: Sequence[Source]) -> Calculation | None:
    if not _WANTS_SUM.search(question):
        return by_formula(question, sources) or how_many_for(question, sources)
    share = _share_of_amount(question, sources)
    if share is not None or _PART.search(question) or _EACH.search(question):
        return share
    return (
        _travel(question, sources)
        or _days(question, sources)
        or by_rates(question, sources)
        or _rate_times_number(question, sources)
    )


def with_working(text: str, calculation: Calculation | None, *, last: bool) -> str:
    """The text of an answer with the working of its sum after the line that the rate is from.

    Args:
        text: with markers, line by line.
        calculation: None for no sum.
        last: whether the lines were shown already, so that it can only stand at the end.
    """
    if calculation is None:
        return text
    lines = text.splitlines()
    factors = calculation.factors
    rate = next((f for f in factors if f.citation is not None), factors[0])
    digits = re.sub(r"\D*$|\s", "", rate.value)
    shown = re.compile(r"(?<![\d.,])" + r"\s?".join(map(re.escape, digits)) + r"(?!\d)")
    holding = (
        n
        for n, line in enumerate(lines, start=1)
        if shown.search(line) and f"[{rate.citation}]" in line
    )
    at = len(lines) if last else next(holding, 1)
    known = dict.fromkeys(f.citation for f in factors if f.citation is not None)
    cited = "".join(f"[{citation}]" for citation in known)
    lines.insert(at, f"{calculation.working} {cited}")
    return "\n".join(lines)


def column_heads(document: Document, citation: Citation) -> tuple[str, ...]:
    """Heads of the columns that quoted rows of two cells are from, on this or an earlier page."""
    page = document.page(citation.page)
    return tuple(
        head
        for table in document.tables
        if table.span.overlaps(page.span)
        for cell in table.cells
        if cell.row_headers and page.span.contains(cell.span)
        if CELL_SEPARATOR.join((cell.row_headers[-1], in_one_line(document, cell.span)))
        in citation.quote
        for head in cell.column_headers
    )


def _travel(question: str, sources: Sequence[Source]) -> Calculation | None:
    """The travel rate of the band that holds the stated distance, times the stated people."""
    distance, people = stated(question, "km"), stated(question, "person")
    green = _said_green(question)
    if distance is None or people is None or green is None:
        return None
    if _BOTH_WAYS.search(question) or _OTHERS_TOO.search(question):
        return None
    rates = []
    for source in sources:
        bands = [q for q in find_quantities(source.text) if q.unit == "km" and q.low < q.high]
        if len(bands) != 1 or not bands[0].low <= distance <= bands[0].high:
            continue
        named = [m for m in _BY_GREEN.finditer(source.text) if (m["no"] is None) is green]
        rates += [(parse_number(m["amount"].strip()), source.citation) for m in named]
    if len({rate for rate, _ in rates}) != 1:
        return None  # none, or the tables of several actions differ
    rate, citation = rates[0]
    return product(rate, citation, ((people, "participants", None),))


def _days(question: str, sources: Sequence[Source]) -> Calculation | None:
    """The daily rate of the stated country, times people and days, those of travel among them."""
    people, days = stated(question, "person"), stated(question, "day")
    if people is None and FOR_ONE.search(question):
        people = Decimal(1)
    if people is None or days is None or _OTHERS_TOO.search(question):
        return None
    rules = [
        (match, source.citation)
        for source in sources
        if _EACH_PERSON.search(source.text)
        for match in _TRAVEL_DAYS.finditer(source.text)
    ]
    in_all = _IN_ALL.search(question) is not None
    if not in_all:
        if len(rules) != 1 or re.search(r"\btravel days?\b|\bdays? of travel\b", question, re.I):
            return None
        if rules[0][0]["more"] and _said_green(question) is not False:
            return None  # how many days more for green travel is not said
    named = countries_in(question)
    rates = [
        (Decimal(match["rate"]), source.citation)
        for source in sources
        if (match := _DAILY.match(source.text.strip())) is not None
        and countries_in(match["who"]) == named
        and (match["head"] or any(_EUROS_A_DAY.search(head) for head in source.heads()))
    ]
    if len(named) != 1 or len(rates) != 1:
        return None
    rate, citation = rates[0]
    each = ((people, "participants", None),) if people > 1 else ()
    if in_all:
        return _up_to_most(product(rate, citation, (*each, (days, "days", None))), people, sources)
    counted = f"days ({as_written(days)} and 2 of travel)"
    found = product(rate, citation, (*each, (days + 2, counted, rules[0][1])))
    return _up_to_most(found, people, sources)


def _up_to_most(
    found: Calculation, people: Decimal, sources: Sequence[Source]
) -> Calculation | None:
    """A sum of daily rates; None where it is more than a line says that each may have."""
    each = parse_number(found.result.removesuffix(" EUR").replace(" ", "")) / people
    limits = [parse_number(m["most"]) for s in sources for m in _MOST_EACH.finditer(s.text)]
    return None if any(each > limit for limit in limits) else found


def _said_green(question: str) -> bool | None:
    """Whether travel is said to be green; None where it is not said, or said both ways."""
    if _GREEN_DOUBTED.search(question):
        return None
    said = {match["no"] is None for match in _GREEN.finditer(question)}
    said |= {False for _ in _NORMAL.finditer(question)}
    return said.pop() if len(said) == 1 else None


def _rate_times_number(question: str, sources: Sequence[Source]) -> Calculation | None:
    source = _line_with(FactKind.AMOUNT, question, sources)
    if source is None or STEP.search(source.text):
        return None  # holds up to some number only
    rates = [f for f in find_facts(source.text) if f.kind is FactKind.AMOUNT]
    if len(rates) != 1:
        return None
    rate = rates[0]
    if not is_fixed(source.text, rate.start) or not _is_of_kind(question, source.text):
        return None
    per = _PER.match(source.text[rate.end :])
    if per is None:
        return None
    unit = next((name for name, words in _UNITS.items() if words.search(per["unit"])), None)
    second = re.search(rf"{re.escape(per[0])}\s(?:per|/)\s", source.text[rate.end :])
    exactly = [q for q in find_quantities(question) if q.unit == unit and q.low == q.high]
    others = {q.unit for q in find_quantities(question)} & {"person", "day", "week", "month"}
    if unit is None or second or len(exactly) != 1 or others != {unit}:
        return None
    if _ANYBODY.match(per["unit"]) and _COUNTED_OTHERS.search(question):
        return None  # whether these are participants, too, is not said
    rest = source.text[rate.end + per.end() :]
    if _FORMULA.match(rest):
        return None
    if not _names_kind(question, rest) and any(_for_one_kind(s.text) for s in sources[1:]):
        return None
    counted = paid_for(exactly[0].low, f"{per['unit'].lower()}s", rest, source.citation)
    return product(rate.value, source.citation, (counted,))


def _line_with(kind: FactKind, question: str, sources: Sequence[Source]) -> Source | None:
    """The leading line, if it holds such a fact; else the only one, if it is what is asked."""
    lines = [s for s in sources if any(f.kind is kind for f in find_facts(s.text))]
    if sources[0] in lines:
        return sources[0]
    return lines[0] if len(lines) == 1 and _telling(lines[0].text, question) else None


def _is_of_kind(question: str, text: str) -> bool:
    """Whether a rate is of the support that is asked for, and for those that are counted."""
    line = text.casefold().replace("z", "s")
    kinds = {m.casefold().replace("z", "s") for m in _SUPPORT.findall(question)}
    if "inclusion support" in line and not _COUNTED_SOME.search(question):
        return False
    return all(kind in line for kind in kinds)


def _names_kind(question: str, rest: str) -> bool:
    """Whether a question names the kind of activity that a rate, as it goes on, is only for."""
    only = _ONLY_IN.match(rest)
    if only is None:
        return True
    words = set(re.findall(r"[a-z]{4,}", only["kind"].casefold())) - _NO_KIND
    telling = {word for word in words if not _UNITS["person"].match(word)}
    return all(word[:5] in question.casefold() for word in telling)


def _for_one_kind(text: str) -> bool:
    """Whether a line has a rate for each person that is only for one kind of activity."""
    for fact in find_facts(text):
        per = _PER.match(text[fact.end :]) if fact.kind is FactKind.AMOUNT else None
        if per is not None and _UNITS["person"].search(per["unit"]):
            return _ONLY_IN.match(text[fact.end + per.end() :]) is not None
    return False


def _telling(text: str, question: str) -> bool:
    """Whether a line and a question have a word in common that says what is paid for."""
    words = set(re.findall(r"[a-z]{6,}", text.casefold()))
    telling = {word for word in words if not _OF_ANY_LINE.fullmatch(word)}
    return any(re.search(rf"\b{word}", question.casefold()) for word in telling)


def _share_of_amount(question: str, sources: Sequence[Source]) -> Calculation | None:
    """A share of an amount that is stated: of the leading line, or of the one line with a share."""
    source = _line_with(FactKind.PERCENT, question, sources)
    if source is None:
        return None
    lump_sum = any(_LUMP_SUM.search(s.text) for s in sources)
    facts = find_facts(source.text)
    shares = [f for f in facts if f.kind is FactKind.PERCENT]
    said = amounts(question)
    if len(shares) != 1 or len(said) != 1 or len(facts) != 1:
        return None
    share = shares[0]
    base = source.text[share.end :]
    if not _SHARE.search(source.text[: share.start]):
        return None
    of_grant, of_costs = _OF_GRANT.search(question), _OF_COSTS.search(question)
    if _OF_GRANT.search(base) and of_costs and not of_grant:
        return None  # a share of the grant, and the costs are stated
    if _OF_COSTS.search(base) and of_grant and not of_costs and not lump_sum:
        return None  # the budget is larger than the grant, but where a lump sum is all of it
    result = said[0] * share.value / 100
    return Calculation(
        factors=(
            Factor(value=f"{as_written(share.value)}%", label="", citation=source.citation),
            Factor(value=f"{as_written(said[0])} EUR", label=""),
        ),
        result=f"{as_written(result)} EUR",
    )
