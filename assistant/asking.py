"""What a question asks for: the kinds of answers, and where it asks for several things, each.

Pure functions over text. Patterns are matched on folded text (`lexicon.fold`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files

from assistant.facts import find_quantities
from assistant.lexicon import fold, folded_forms
from assistant.model import Asks
from corpus.word_forms import expression_of_any

_OF_TIME = (
    r"\bwhen\b(?! (?:is|are|does|do) (?:an?|the|our|my) [^,?]{1,60} (?:an? |count|considered|"
    r"regarded))(?! (?:an?|the|our|my|we|they|one|some)\b[^?]*,)"
)
"""Not "when is a firm an SME", nor "when a partner leaves, what ..."."""
_WHEN = (
    rf"(?:^|[,;:?.!-] ?|\b(?:and|or|but|by|until|till|from|since|so|know|say|exactly|then) )"
    rf"{_OF_TIME}|{_OF_TIME}(?= (?:can|could|may|must|should|will|would|do|does|did|is|are|was|"
    r"were|to)\b)|\bwhen\W*$"
)
"""The word asks; in the middle of a sentence it mostly does not: "money when she goes abroad"."""

_DEADLINE = (
    r"(?<!\bsame )(?<!\bper )(?<!\bone )(?<!\bsingle )(?<!\beach )(?<!\bevery )deadline"
    r"(?! (?:is|was|has|had)(?: only| just| already)? (?:on|in|tomorrow|today|this|next|"
    r"over|gone|passed|near|close|past)\b)"
)
"""Not where it is told, "the deadline is only on Thursday", or counted by: "twice per deadline"."""
_GREEK_SUM = (
    r"\bποσα(?=\W*$| (?:λεφτα|χρηματα|ευρω|θα)\b| "
    r"(?:παιρν|διν|δοθ|μπορ|κοστιζ|πληρων|δικαιου|λαμβαν)\w*)"
)
"""Otherwise it counts what follows: "πόσα άτομα"."""
_MAY = r"(?:puede|pueden|podria|puo|possono|pode|podem|μπορ\w+ να) "
_HOW_MANY = (
    r"(?:wie ?viele|combien d[e']|cuant[oa]s|quant[eioa]s?|ile|ilu|"
    r"ποσ(?:εσ|ουσ|οι|α)|cate|cati)"
)
_TIMES = (
    r"tage[n]?|wochen|monate[n]?|jahre[n]?|stunden|jours|mois|semaines|heures|ans|annees|dias|meses|"
    r"semanas|horas|anos|giorni|mesi|settimane|ore|anni|dni|miesiecy|miesiacach|tygodni\w*|godzin|lat|"
    r"ημερεσ|μερεσ|μηνεσ|ωρεσ|εβδομαδεσ|χρονια|zile|luni|saptamani|ani"
)


def _in_other_languages() -> Mapping[str, str]:
    """Expressions of the words in `assistant/data/asks.toml`, by kind of answer."""
    raw = tomllib.loads(files("assistant").joinpath("data/asks.toml").read_text("utf-8"))
    words = folded_forms(raw["words"])
    return {
        kind: expression_of_any(forms, words) for kind, forms in folded_forms(raw["forms"]).items()
    }


_OTHERWISE = _in_other_languages()
_COST = (
    r"(?<!\bwhat )(?<!\bwhich )(?<!kind of )(?<!kinds of )(?<!type of )(?<!types of )"
    r"(?<!\beligible )\bcosts?\b"
    r"(?! (?:are|is|be|can be|that are|which are) (?:not )?(?:eligible|covered|allowed|included))"
)
"""What something costs, not which costs are paid."""
_ASKS: tuple[tuple[Asks, re.Pattern[str]], ...] = tuple(
    (asks, re.compile("|".join(each for each in (pattern, _OTHERWISE.get(asks.value)) if each)))
    for asks, pattern in (
        (
            Asks.DATE,
            rf"{_WHEN}|"
            rf"{_DEADLINE}|cut[- ]?off|\bclos(?:es|ing)\b|last day|due date|how soon|"
            r"(?:what|which) (?:dates?|day)\b|\bquel jour\b|\bwelche[nmr]? tag\b|\bque dia\b|"
            r"\b(?:che|quale) giorno\b|\b(?:ktorego|jakiego) dnia\b|\bποια (?:η)?μερα\b|\bce zi\b|"
            r"\bwann\b(?!.{0,20} (?:gelten|gilt|zahlt|zahlen) )|(?<!\bselben )"
            r"(?<!\bgleichen )\bfrist\b|antragsfrist|"
            r"einreichfrist|stichtag|\bquand\b|(?<!\bmeme )date limite|"
            r"\bcuando\b|fecha|(?<!\bmismo )plazo|\bquando\b|(?<!\bstessa )scadenz|"
            r"(?<!\bmesmo )\bprazo|\bkiedy\b|\btermin(?:y|u|ie|em|e|en)?\b|\bποτε\b|"
            r"(?<!\bιδια )προθεσμι|\bcand\b|\btermenul?\b|data limita|"
            r"\bwhat (?:time|hour)\b(?! ?(?:limit|frame|period|zone))",
        ),
        (
            Asks.AMOUNT,
            r"how much|amount|which grant|grant size|\beuros?\b|\beur\b|€|"
            r"lump sum(?! (?:projects?|model|approach|scheme|agreement)\b)|"
            r"max(?:imum)? grant|budget|\brate\b|"
            rf"per day|unit cost|{_COST}|top[- ]?up|\bfee\b|\bfunding do\b|per diem|"
            r"(?<!\bage )\brange\b|\bdaily\b|how many euros?|"
            r"\bwhat(?:'?s| is| are| was| were) (?:the|our|my) (?:[\w-]+ ){0,3}(?:support|grant|"
            r"contribution|scholarship|stipend|allowance)\b|"
            r"\b(?:extra|more|what|any|the) money (?:for|per|do|can|is there)\b|"
            r"wie hoch|\bsatz\b|tagessatz|pauschale|ammonta|s'eleve|\bvalor\b|\bsuma\b|"
            r"wie viel (?:\w*geld|euro|reisekosten)|\bbetrag\b|"
            r"combien (?:d'argent|d'euros)|montant|"
            r"wie ?viel (?:bekomm|bekam|erhalt|gibt|zahl|kostet|kriegen|steht)|"
            r"combien (?:recoit|recevoir|peut-on|peut on|coute|touche|verse|on)|"
            rf"\bcuanto\b(?! (?:{_MAY})?(?:dur|tard|tiempo|antes))|dinero|importe|quanti soldi|"
            rf"quanti euro|importo|\bquanto\b(?! (?:{_MAY})?(?:dur|tempo|prima|antes))|"
            r"\bile wynosi\b|\bile (?:pieniedzy|euro|mozna|mozemy|moze|dosta\w+|kosztuj\w+|"
            r"placi\w*)|kwot|"
            rf"{_GREEK_SUM}|χρηματα|\bποσο\b(?! (?:{_MAY})?(?:καιρο|διαρκ|πριν))|"
            r"quanto dinheiro|cati bani|\bcat (?:primi|prime|costa|se plat|putem primi)",
        ),
        (
            Asks.DURATION,
            r"how long|\bduration\b|length|how short|shortest|longest|how many (?:days|months|"
            r"years|weeks|hours)|how (?:soon|quickly|fast|late|early)|time limit|"
            r"(?:till|until|by|from) when\b(?!.{0,40}\b(?:appl|submi|send|hand))|"
            r"within (?:what|which|how)|"
            rf"combien de temps|wie lange|cuanto (?:{_MAY})?(?:dur|tard|tiempo)|"
            rf"quanto (?:{_MAY})?(?:dur|tempo)|{_HOW_MANY} (?:{_TIMES})\b|"
            r"jak dlugo|czas trwania|\bile (?:czasu |moze |musi )?trwa|\bduree\b|"
            r"\bdauer\b|\bduracion\b|\bduracao\b|\bdurata\b|διαρκ(?:ει|εσ)|ποσο καιρο|"
            r"\bcat (?:timp|dureaza|poate dura)",
        ),
        (
            Asks.NUMBER,
            r"how many|how often|how old|number of|minimum|maximum|at least|at most|\bmax\b|"
            r"\bmin\b|points|score|\btarget for\b|\bbenchmark\b|threshold|"
            r"\bseuil|\bumbral|\bsoglia|\bschwelle|"
            r"\b(?:age|page) limits?\b|\bage (?:groups?|range)\b|\b(?:what|which) ages?\b|"
            r"\bcap\b|ceiling|wie viele|combien|"
            r"cuant[oa]s|quant[ei]|\bile\b|\bilu\b|ποσουσ|ποσεσ|ποσοι|ποσων|"
            rf"(?!{_GREEK_SUM})\bποσα \w|"
            r"quant[oa]s|cate\b|cati\b",
        ),
        (
            Asks.SHARE,
            r"percentage|\b(?:what|which|how many|how much|what is the) ?(?:%|per ?cent)|"
            r"\b(?:what|which|the|maximum|max) share\b|proportion of|\b(?:co-?)?funding rate|"
            r"\bco-? ?financing (?:rate|percentage|share)|\brate of co-? ?financing|"
            r"\b(?:what|which|how (?:much|high)(?: is)?(?: the)?|grant and(?: the)?) "
            r"co-? ?financing\b|"
            r"prozent|\banteil|pourcentage|porcentaje|percentual|\bprocent|\bile %|ποσοστο",
        ),
        (
            Asks.LIST,
            r"\bwhich\b|what (?:kinds?|types?|are the)|"
            r"\bwhat [a-z-]+s (?:are|is|can|may|must|do|does|count|qualify)\b|\blist\b|"
            r"\bwelche[rsnm]?\b|quels|quelles|cuales|"
            r"\bque (?:paises|tipos?|organizaciones|entidades|gastos|costes|actividades|"
            r"prioridades|documentos)\b|\bquali\b|\bktor[eay]\b|\bktorzy\b|\bjakie\b|\bquais\b|"
            r"\bποιεσ\b|\bποιοι\b|\bce (?:tari|costuri|activitati|documente)\b",
        ),
        (
            Asks.DEFINITION,
            r"what counts as|what is an?\b|what does .+ mean|when is an? .+ an? |difference|"
            r"definition|was ist|qu'est-ce|que es\b|cos'e|co to jest|τι ειναι",
        ),
        (
            Asks.YES_NO,
            r"^(?:(?:so|and|but|hi|hello|ok)[, ]+)?(?:can|could|may|do|does|did|is|are|was|were|"
            r"must|should|will|would|has|have|kann|konnen|darf|durfen|muss|mussen|ist|sind|gibt|"
            r"peut|peut-on|pouvons|puis|est-ce|faut-il|doit|puede|pueden|podemos|hay que|"
            r"tenemos que|possono|possiamo|posso|puo|si puo|dobbiamo|czy|mozemy|mozna|pode|podem|"
            r"putem|poate|se poate|trebuie sa|πρεπει|επιτρεπ\w+|γινεται|"
            r"μπορ\w+)\b|\bpossible\b|\ballowed\b|\beligible\b|can (?:i|we)\b|"
            r"\b(?:konnen|durfen|mussen|kann|darf|muss) (?:wir|man|ich|unsere?)\b|"
            r"\b(?:peut|doit|faut)-(?:on|il)\b|\bpouvons-nous\b|\best-ce que\b|"
            r"\b(?:podemos|puedo|se puede|es posible|hay que)\b|"
            r"\b(?:possiamo|si puo|e possibile)\b|\bczy\b|\bmozemy\b|\be possivel\b|\bputem\b",
        ),
    )
)

_SUPPORT = re.compile(
    r"\b(?:organi[sz]ational|individual|travel|inclusion|linguistic|subsistence) "
    r"(?:support|grant)\b|\bcourse fees?\b|\bcoaching costs?\b"
)
"""What guides pay for by the number of people, days or months."""
_SUPPORT_FOR_EACH = re.compile(rf"(?:{_SUPPORT.pattern}) (?:per|for (?:each|every|one|all))\b")

FACTS = frozenset({Asks.AMOUNT, Asks.DATE, Asks.DURATION, Asks.NUMBER, Asks.SHARE})
"""Kinds of answers that are a figure."""

_OF_MONEY_OR_TIME = re.compile(
    rf"how many (?=(?:euros?|days|weeks|months|years|hours)\b)|"
    rf"{_HOW_MANY} (?=(?:{_TIMES}|euros?)\b)|\bquanti (?=soldi\b)|"
    r"\bile (?=(?:pieniedzy|wynosi|mozna|mozemy|moze|dosta\w+|kosztuj\w+|trwa|czasu))|"
    r"\bcombien (?=(?:de temps|d'argent|d'euros)\b)"
)
"""How much, and how long: no number is asked for beside."""

_COUNTS = re.compile(
    r"how many|how often|how old|number of|points|score|wie viele|combien d|"
    r"cuant[oa]s|quant[ei]\b|\bile\b|\bilu\b|ποσουσ|ποσεσ|ποσοι|quant[oa]s|cate\b|cati\b"
)
"""Words that ask for a number whatever else is asked for."""

_WHEN_PAID = re.compile(
    r"\b(?:when|quand|wann|cuando|quando|kiedy|ποτε|cand)\b[^,;?]{0,60}\b(?:paid|payments?|pre-?financing|instal\w+|money|transfer\w*|reimburs\w+|balance|paiements?|"
    r"versement\w*|verse[er]?|argent|zahlung\w*|auszahl\w*|ausgezahlt|geld|pagos?|pagan|dinero|"
    r"pagament\w*|pagat\w*|soldi|platnosc\w*|wyplat\w*|zaliczk\w*|pieniad\w*|πληρωμ\w*|χρηματα|"
    r"dinheiro|plat[aiae]\w*|bani\w*)\b"
)
_AFTER_APPLYING = re.compile(
    r"\b(?:when|quand|wann|cuando|quando|kiedy|ποτε|cand|how (?:long|soon|many))\b[^?;]{0,60}"
    r"\b(?:after|nach|apres|despues de|dopo|po|μετα|depois d[eao]|dupa)\b(?: \w+){0,2} "
    r"(?:deadline|submission|submitting|applying|application|frist|einreich\w*|antrag\w*|"
    r"date limite|depot|candidature|plazo|solicitud|scadenza|domanda|termini\w*|zlozeni\w*|"
    r"προθεσμι\w*|υποβολη\w*|prazo|candidatura|termen\w*|depuner\w*)"
)
_OF_APPLYING = re.compile(
    r"\b(?:deadline|appl[iy]\w*|submi\w+|frist|antrag\w*|delai|candidature\w*|plazo|solicit\w+|"
    r"scadenz\w*|domand\w+|termin\w*|wnios\w+|προθεσμι\w*|αιτησ\w*|prazo|candidatur\w*|cerer\w+)\b"
)

_VERB = r"(?:can|could|may|do|does|did|is|are|must|should|will|would|has|have|were|was)"
_SUBJECT = (
    r"(?:we|i|you|they|it|he|she|there|the|our|my|a|an|this|that|these|those|all|any|teachers|"
    r"students|pupils|partners|participants|organi[sz]ations|schools|staff)"
)
"""After a verb it begins a question: "and do the teachers count", not "who study and are young"."""
_SHORTENED = re.compile(r"\b(min|max|no|nr|incl|excl|approx|etc|vs|ca|e\.g|i\.e|z\.b|art|p)\.(?= )")
_JOINED = {
    r"and|but|plus|&": (
        r"(?:for )?how|what|what's|whats|(?:by |until |till |from |since )?when|to whom|where|why|"
        r"(?:by|until|from|since|in|at|for|to|on|with) (?:which|what)|"
        rf"(?:which|who)(?! {_VERB}\b)|{_VERB} {_SUBJECT}|(?:do|does|did) [a-z-]+"
    ),
    r"und": (
        r"wie|was|wann|wer|wo|welche[rsnm]?|kann|konnen|darf|durfen|muss|mussen|gibt|bis wann"
    ),
    r"et": r"combien|quand|quel(?:le)?s?|qui|comment|est-ce|peut|peut-on|jusqu.a quand",
    r"y|e": (
        r"cuant[oa]s?|cuando|que|quien|como|cual(?:es)?|puede|podemos|quant[oiae]|quando|quale|"
        r"quali|chi|come|possiamo|posso|pode|podem|hasta cuando"
    ),
    r"i|oraz|a": r"ile|kiedy|kto|jak|jaki[ea]?|czy|do kiedy",
    r"και": r"ποτε|ποσο|ποσα|ποσοι|ποσεσ|ποιοσ|ποια|ποιο|ποιοι|ποιεσ|τι|πωσ|μπορ\w+|μεχρι ποτε",
}
"""Words that join two questions, and the words that the second begins with, by language."""
_ASKING = rf"(?:{'|'.join(_JOINED.values())})"
_FIGURE = (
    r"(?:minimum|maximum|min|max)\.? [a-z]|duration|deadlines?|budget|number of|call id|"
    r"(?:co-?)?(?:funding|financing) rate|share of [a-z]|percentage|how (?:long|much|many)"
)
"""What names a kind of figure, where it is joined to another: "minimum age and maximum grant"."""
_BREAK = re.compile(
    rf"[?;!]+\s*|(?<!\b[a-z])\.\s+(?=[a-z])|\s+-\s+(?={_ASKING}\b)|"
    rf",\s*(?={_ASKING}\b)|"
    rf"(?:(?<=how long)|(?<=how much)|(?<=how many)|(?<=when)|(?<=where)) and (?=(?:who|which)\b)|"
    rf"(?<!\bminimum)(?<!\bmaximum)(?<!\bmin)(?<!\bmax),? (?:and|&) (?:the )?(?={_FIGURE}\b)|"
    + "|".join(
        rf",?\s+(?:{joins})\s+(?:also |then )?(?=(?:{asking})\b)"
        for joins, asking in _JOINED.items()
    )
)
"""Where one question may end and the next begin."""
_ASKS_SOMETHING = re.compile(
    rf"(?:(?:^|:\s*)(?:{_VERB}|who|which)\b)|"
    rf"(?:^|[:,]\s*)(?:(?:{'|'.join(_JOINED)}|ok|so)[, ]+)*{_ASKING}\b"
)
_TWO_THINGS = re.compile(
    r"\bdifferen(?:ce|t|ces)\b.{0,40}?\bbetween (?P<a>.{1,80}?) and (?P<b>.{1,80}?)"
    r"(?=[,;?]| and (?:which|what|when|how|who)\b|$)|"
    r"^(?P<c>(?:\S+ ){0,4}\S+) (?:vs\.?|versus) (?P<d>[^?,;]{1,80}?)"
    r"(?=[,;?]| - | and (?:which|what|when|how|who)\b|$)"
)
"""What is set against something else, and that."""
_TELLS = re.compile(
    r"\b(?:we|i|you|they|he|she|our|my|their|is|are|was|were|has|have|had|been|will|wants?|plans?|"
    r"gets?|got|must|can|need|needs|ich|wir|unser\w*|nous|notre|nos|somos|tenemos|nuestr\w+|"
    r"abbiamo|nostr\w+|mamy|nasz\w*)\b"
)
"""Words of a statement: "our budget is small, and how much ..." asks one thing."""
_LISTS = re.compile(r"\s*(?:,\s*(?:and\s+)?|\s(?:and|&|plus|\+)\s|/)\s*")
_IS_SENTENCE = re.compile(
    rf"\b(?:{_VERB}|how|what|which|when|who|where|between|versus|vs|compared?|need\w*|gets?|we|i|"
    r"die|der|das|les?|la|el|los|las|und|et|pour|para|por|di|del|dei|na|dla|za|kac|icin|"
    r"combien|cuant\w+|quant\w+|wie\w*|ile|ilu)\b|[^\x00-\x7f]"
)
"""No list of keywords in English."""
_MOST_PARTS = 3


def kind_of(*texts: str) -> Asks:
    """The kind of answer that the first text which says so wants."""
    for text in texts:
        folded = fold(text)
        for asks, pattern in _ASKS:
            if pattern.search(folded):
                return asks
    return Asks.OTHER


def wants_of(text: str) -> tuple[Asks, ...]:
    """The kinds of facts that a question asks for, in its order.

    "Maximum", "at least" and the like ask for a number only where they say of nothing else how
    much of it: the maximum grant is an amount.
    """
    folded = fold(text)
    counting = _OF_MONEY_OR_TIME.sub("how much ", folded)
    found = [
        (match.start(), asks)
        for asks, pattern in _ASKS
        if asks in FACTS and (match := pattern.search(counting if asks is Asks.NUMBER else folded))
    ]
    paid = _WHEN_PAID.search(folded) and not _OF_APPLYING.search(folded)
    if paid or _AFTER_APPLYING.search(folded):
        # Money and decisions come so many days after something, on no day of the calendar.
        found = [(at, Asks.DURATION if asks is Asks.DATE else asks) for at, asks in found]
    others = any(asks is not Asks.NUMBER for _, asks in found)
    if others and not _COUNTS.search(counting):
        found = [(at, asks) for at, asks in found if asks is not Asks.NUMBER]
    return tuple(dict.fromkeys(asks for _, asks in sorted(found)))


def wants_of_quantity(text: str) -> tuple[Asks, ...]:
    """Who states a distance, or beside a kind of support how many or how long, wants an amount.

    So does who names a kind of support for each of something.
    """
    stated, folded = find_quantities(text), fold(text)
    paid = (stated and _SUPPORT.search(folded)) or _SUPPORT_FOR_EACH.search(folded)
    return (Asks.AMOUNT,) if paid or any(q.unit == "km" for q in stated) else ()


def _asks_something(piece: str) -> bool:
    """Whether a piece of a question asks: as a question does, or by naming a kind of figure."""
    if _ASKS_SOMETHING.search(piece):
        return True
    return bool(wants_of(piece)) and not _TELLS.search(piece)


def parts_of(text: str) -> tuple[str, ...]:
    """The questions that a text asks, in their order; nothing where it is one.

    "how many partners and until when?" asks two things, "A vs B, what's the difference?" asks
    about two. What only tells something belongs to the question that follows it.
    """
    folded = _SHORTENED.sub(r"\1", fold(text))
    if set_against := _TWO_THINGS.search(folded):
        sides = [side.strip(" ?.,") for side in set_against.groups() if side]
        rest = folded[set_against.end() :].strip(" ,?.-")
        also = rest if re.match(rf"(?:and )?{_ASKING}\b", rest) and "differen" not in rest else ""
        return (*sides, *([also] if also else []))
    pieces: list[str] = []
    asked = True
    start = 0
    for match in (*_BREAK.finditer(folded), None):
        end = match.start() if match else len(folded)
        sign = match[0].strip() if match else ""
        if piece := folded[start:end].strip(" ,.:-¿¡"):
            alone = len(piece.split()) > 1 or _ASKS_SOMETHING.search(piece)
            if pieces and (not asked or not alone):
                pieces[-1] = f"{pieces[-1]}, {piece}"
            else:
                pieces.append(piece)
            asked = sign[:1] in {"?", ";"} or _asks_something(pieces[-1])
        start = match.end() if match else end
    if len(pieces) > 1 and not asked:  # what is told after the last question
        last = pieces.pop()
        pieces[-1] = f"{pieces[-1]}, {last}"
    if len(pieces) < 2:
        pieces = _keywords(folded)
    return tuple(pieces[:_MOST_PARTS]) if len(pieces) > 1 else ()


def _keywords(folded: str) -> list[str]:
    """The kinds of facts that words without a verb name one after the other."""
    bare = folded.strip(" ?.!")
    if _IS_SENTENCE.search(bare):
        return []
    pieces = [piece for piece in _LISTS.split(bare) if piece]
    kinds = [wants_of(piece) for piece in pieces]
    told = zip(pieces, kinds, strict=True)
    alone = all(k and (len(p.split()) > 1 or k != (Asks.NUMBER,)) for p, k in told)
    return pieces if alone else []
