"""What a mail asks, without greeting, thanks and what happened before.

Who pastes a whole mail asks in one or two of its sentences; the others drown them. What is left are
the sentences that ask, said straight, led by what the others say of their subject: the names of
actions and fields, what is wished for, and what "is that right?" is about. Sentences that only
tell are left out of mails in English; in other languages the mail loses what is polite alone.
Quantities, countries and the asker's own facts are read in the whole mail elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.indirect import ASK, straight
from assistant.lexicon import Lexicon, fold, folded_letters
from assistant.off_topic import plain_terms
from corpus.language import DEFAULT, detect_language

LONG, FORMAL = 45, 35
"""Words of a mail at least; with a greeting or a closing formula."""
_SENTENCES = 3
"""Of a mail without either."""
_FEW_WORDS = 3
"""Words of content: a question with no more of them is about what was said before."""

_TITLE = r"(?:(?:dr|mr|mrs|ms|prof|hr|fr|m|mme|sr|sra)\.\s*)"
_NO_NAME = (
    r"(?:i|we|my|our|is|are|am|can|could|may|do|does|how|what|when|where|which|who|whether|if|it|"
    r"there|ich|wir|je|j'ai|nous|somos|soy|tengo|tenemos|sono|siamo|ho|abbiamo)"
)
_GREETS = (
    r"(?:dear|hello|hi|hey|good (?:morning|afternoon|evening|day)|greetings|to whom it may concern|"
    r"sehr geehrte\w*|guten (?:tag|morgen|abend)|hallo|lieb[er]\w*|bonjour|bonsoir|madame|monsieur|"
    r"chere?s?|buen(?:os|as) (?:dias|tardes|noches)|hola|estimad[oa]s?|muy (?:senor|senora)\w*|"
    r"buongiorno|buonasera|salve|gentil[ei]\w*|egregi[oa]|spettabile|bom dia|boa (?:tarde|noite)|"
    r"ola|car[oa]s?|prezad[oa]s?|exm[oa]s?|dzien dobry|szanown[ai]\w*|witam|buna (?:ziua|seara)|"
    r"stimat[aei]\w*|αγαπητ\w+|αξιοτιμ\w+|καλημερα\w*|καλησπερα\w*|γεια)"
)
_GREETING = re.compile(
    rf"^(?:{_GREETS}\b(?:{_TITLE}|(?! ?\b{_NO_NAME}\b)[^,.!?:;]){{0,60}}(?:[,.!:;]+\s*|$))+|"
    rf"^(?:hello|hi|hey)\s+(?={_NO_NAME}\b)"
)
_REGARDS = re.compile(
    r"(?:^|(?<=[\s,.!?;]))(?:with |mit |avec )?(?:(?:my |our |the )?(?:kind(?:est)?|best|"
    r"warm(?:est)?|many|friendly|sincere) (?:regards|wishes|greetings)|"
    r"(?:yours )?(?:sincerely|faithfully)|yours truly|regards|cheers|best|all the best|"
    r"(?:with )?greetings|(?:viele|beste|liebe|freundliche[nr]?|"
    r"herzliche) gru(?:ss|sse|ß|ße)[n]?|(?:bien )?cordialement|"
    r"(?:meilleures |sinceres )?salutations|(?:un |atentos )?saludos?(?: cordial(?:es)?)?|"
    r"atentamente|cordial[ei] saluti|(?:distinti|cordiali|tanti) saluti|"
    r"(?:com )?(?:os )?(?:melhores )?cumprimentos|atenciosamente|z powazaniem|pozdrawiam|"
    r"cu (?:stima|respect)|με εκτιμηση)\b(?:\s*[,.!-]|\s*$|\s+from\b)[^?]{0,80}$"
)
"""A closing formula with the name after it."""
_POLITE = re.compile(
    r"^(?:and |so )?(?:(?:many |a lot of |a thousand )?thanks?\b|thank you\b|"
    r"we thank|i thank|(?:i|we) (?:really |do )?(?:hope (?:you|this|that you|all)|appreciate|"
    r"look forward|am looking|are looking forward|apologi[sz]e)|looking forward|sorry (?:to|for)|"
    r"have a (?:nice|good|great|lovely)|(?:i|we) (?:would|will|'d) be (?:very |most |really )?"
    r"(?:grateful|thankful|glad|happy|obliged) (?:for|to (?:hear|receive|get)|about)|"
    r"my name is (?:\w+ ?){1,3}$|(?:i|we) hope (?:some|any)one|apologies|it was (?:nice|great)|"
    r"(?:viele[nr]? |besten |herzlichen |ganz herzlichen )?dank\b|danke\b|wir danken|ich danke|"
    r"(?:je|nous) vous? remerci|merci\b|d'avance|(?:muchas |muchisimas )?gracias|"
    r"le agradec|les agradec|agradec|(?:molte |mille )?grazie|(?:vi|la) ringrazi|"
    r"(?:muito )?obrigad[oa]|(?:z gory )?dziekuj|multumesc|multumim|ευχαριστ)"
)
_META = re.compile(
    r"^(?:(?:i|we) (?:have|had|got) (?:a|an|some|two|three|several|another|the following) (?:\w+ )?"
    r"questions?\b[^?]{0,30}$|(?:can|could|would) (?:you|any(?:one|body)|some(?:one|body)) "
    r"(?:please )?(?:help|assist|advise|answer|reply)\b(?: \w+){0,5}\W*$|"
    r"(?:my|our|the|here is my) questions? (?:is|are)(?: the following| as follows)?\W*$|"
    r"what (?:do|does)? ?the (?:programme )?(?:guide|rules|guidelines|handbook)s? says?"
    r"(?: (?:about|on) (?:it|this|that))?\W*$)"
)
"""Says that something is asked, not what."""

_PLEASE = r"(?:also |please |kindly |perhaps |maybe |can you |could you |be so kind as to )*"
_TELL = r"(?:tell|inform|let|advise|explain|confirm|clarify|say|specify)"
_STILL = r"(?: also| therefore| really| just| only| still| now| very much)*"
_FIND_OUT = r"(?: also)? (?:know|ask|understand|find out|learn|hear|be sure|clarify|check)"
_OTHERS = (
    r"(?:my (?:boss|director|colleagues?)|(?:our|the) (?:\w+ )?"
    r"(?:director|head(?:master|mistress|teacher)?|management|principal|rector|teachers?|"
    r"colleagues?|parents|students?|pupils?))"
)
_WRAPPER = re.compile(
    r"\b(?:and |but |so |therefore |thus |also )?(?:"
    rf"(?:can|could|would|will) you {_PLEASE}{_TELL}\b|please {_PLEASE}{_TELL}\b|"
    rf"(?:what )?(?:i|we|{_OTHERS})(?: would|'d| will)?{_STILL} (?:like|love|wants?|needs?|wish|"
    rf"wishes|wanted|have|has)(?: you)?(?: to)?{_FIND_OUT}\b|"
    rf"(?:(?:would|'d)(?: also)? like|want|wish|need) to{_FIND_OUT}\b|"
    rf"(?:i|we)(?: am| are| was| were|'m|'re| have been)?{_STILL} "
    r"(?:wonder|wondering|asking (?:myself|ourselves))\b|"
    rf"(?:i|we){_STILL} (?:do not|don't|dont|did not|didn't|cannot|can't|could not|couldn't)"
    r"(?: really| quite| exactly)? (?:know|understand|find|see)\b(?: out)?"
    r"(?: (?:in|from) the (?:programme )?guide)?|"
    rf"(?:i|we)(?: am| are|'m|'re){_STILL} (?:not sure|unsure|uncertain|not certain|"
    r"interested (?:in|to know)|curious)\b|"
    r"(?:my|our|the|one|another) (?:first |second |third |last |main |only )?question is\b|"
    r"(?:i|we) (?:would|'d) be (?:very )?(?:grateful|thankful|glad|happy) if you could "
    rf"{_PLEASE}{_TELL}\b|asked (?:me|us) to{_FIND_OUT}\b|{_OTHERS} ask(?:s|ed)?\b|"
    r"it is (?:not |un)clear(?: to (?:me|us))?"
    r")(?: (?:us|me|you))?(?: (?:please|know|out|also|is|of|about|exactly|in|sure))*[,:]?\s+"
    rf"(?={ASK}\b|the \w)"
)
"""What only says that something is asked, before what is: "could you please tell us whether"."""
_WRAPPER_ELSEWHERE = re.compile(
    r"\b(?:(?:und |aber |auch )?(?:konn|koenn|konnt|koennt|wurd|wuerd)en sie (?:mir|uns) (?:bitte |"
    r"auch )*(?:sagen|mitteilen|erklaren|erlautern)|(?:ich|wir) (?:mocht|moecht|wurd|wuerd)en? "
    r"(?:gern\w* |auch )*wissen|(?:et )?pourriez[- ]vous (?:s'il vous plait )?(?:me|nous) (?:dire|"
    r"indiquer|preciser|informer)|(?:je|nous) (?:voudr|aimer|souhaiter)(?:ais|ions) savoir|"
    r"(?:je|nous) souhait\w+ savoir|(?:podrian?|pueden?) (?:decir|informar|indicar)(?:me|nos)|"
    r"(?:quisiera(?:mos)?|(?:me|nos) gustaria|quiero|queremos) saber|(?:potreste|potrebbe|puo|"
    r"potete) (?:dir|indicar)(?:mi|ci)|vorr(?:ei|emmo) sapere)\b(?: bitte| por favor)?[,:]?\s+"
)
"""The same in other languages."""
_HEARSAY = re.compile(
    r"^(?:but |and |however,? )?(?:(?:my|our|a|an|the|some) (?:[\w-]+ ){1,3}?(?:says?|said|"
    r"thinks?|claims?|believes?|told (?:me|us)|mentioned)|(?:i|we) (?:have |was |were )?(?:heard|"
    r"read|think|believe|understand|understood|told|assume)|i am told)(?: that)? ",
    re.IGNORECASE,
)
_ONE_OF_OURS = (
    r"(?:i|we|and|an? [\w-]+ of (?:ours|mine)(?: [\w-]+){0,4}|"
    r"(?:one|two|three|some|several|\d+) of (?:our|my) [\w-]+|(?:our|my)(?: [\w-]+){1,4}?)"
)
_WISH = re.compile(
    rf"\b{_ONE_OF_OURS}(?: all| also| now| both)? (?:(?:would|'d)(?: really)? (?:like|love)|wants?|"
    r"plans?|intends?|hope|wish|(?:are|is|am|have been) (?:now |currently )?"
    r"(?:planning|thinking (?:about|of)|considering|going|hoping|about|"
    r"preparing)|will)(?: to| on)? (?P<what>[^.!?;]+)"
)
"""What somebody wants to do."""
_LACK = re.compile(
    r"\b(?:i|we) (?:do not|don't|are not|aren't|have no|have not|haven't|cannot|can't)\b[^.!?;,]+"
)
"""What somebody says not to be, to have or to be able to do."""
_WHEN = re.compile(
    r"\s+(?:(?:in )?(?:next|this|last) \w+|in (?:january|february|march|april|may|june|july|august|"
    r"september|october|november|december|spring|summer|autumn|winter)|(?:for|of) (?:an?|one|two|"
    r"three|four|five|six|\d+) (?:days?|weeks?|months?|years?)|for the first time)\b"
)
"""When and for how long: it is read elsewhere and is no word to look for."""
_ABOUT_IT = re.compile(
    r"^(?:and |so |but )?(?!is it [a-z]+ (?:to|that|if|for|when)\b)"
    r"(?:(?:is|was|would|are|does) (?:that|this|it|these|they|he|she)|can (?:that|this|it)|"
    r"(?:do|must|can|may|should|have) (?:we|i)|does (?:he|she|it|that|this)|"
    r"how does (?:that|this|it)|what (?:do|can|should|must) (?:we|i) do)\b"
)
"""May be about what was said before."""
_NO_CONTENT = re.compile(
    r"(?:an?|the|and|or|but|so|if|is|its?|this|that|these|those|there|be|been|being|are|was|were|am|"
    r"do|does|did|have|has|had|can|could|may|might|must|should|will|would|we|i|you|he|she|they|our|"
    r"my|your|his|her|us|me|them|to|of|in|on|at|for|with|by|from|as|not|no|yes|right|true|correct|"
    r"possible|allowed|ok|okay|enough|really|actually|just|also|then|how|what|when|where|who|which|"
    r"why|whether|much|many|long|get|got|go|one|all|any|some)"
)
_HELD = re.compile(
    r"\b(?:ha(?:s|ve)|hold(?:s|ing)?|with(?:out)?|got|received|no|are|is)\b[^.;,]{0,30}\b"
    r"accredit(?:ation|ed)\b",
    re.IGNORECASE,
)
"""An accreditation that somebody has or lacks is not what is asked about."""
_IS_IT_PAID = re.compile(
    r"^(?:does|do|is|will|would|can) (?:erasmus\+?|the programme|it|this|that|you|we)(?: [a-z]+)? "
    r"?(?:pay for|fund|cover|support|finance|paid|funded|covered|supported|financed|possible|get)?"
    r"(?: (?:it|this|that|for (?:it|this|that)))?(?:,| and)+ (?:and )?"
    r"(?=(?:for |by |until )?(?:how|what|when|which|who)\b)",
    re.IGNORECASE,
)
"""Asks no more than what is asked next takes for granted."""
_PART = re.compile(r"\b(?:lot|strand|type|round|action type) ?(?:\d|I{1,3})\b", re.IGNORECASE)
"""Of an action."""
_SINCE = re.compile(r"\b(?:since|seit|depuis|desde|dal|od|din|από)\s+(?:\w+\s+)?(?:19|20)\d\d\b")
_YEAR_OF = re.compile(
    r"\b(?:projects?|calls?|grants?|guide|edition|application|applied|submitted|approved|rules)\b"
)
_YEAR = re.compile(r"\b20\d\d\b")
_ENDS = re.compile(r"(?<=[.!?…])[\s\"')]+(?=\S)|\n\s*\n\s*|\n(?=\s*(?:[-•*]|\d{1,2}[.)])\s)")
_SHORT_FORM = re.compile(
    r"(?:^|[\s(])(?:\w|dr|mr|mrs|ms|prof|st|no|nr|max|min|approx|incl|excl|ca|etc|e\.g|i\.e|vs|z\.b|"
    r"art|hr|fr|mme|sr|sra|ing)\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence: what it tells, and what it asks, perhaps besides something else."""

    tells: str
    asks: str = ""
    besides: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text asks.

    Attributes:
        question: the question, or several; of a plain one all of it.
        subject: what a mail tells that this is about; "" for a plain question.
    """

    question: str
    subject: str = ""

    @property
    def text(self) -> str:
        """Both, as one line."""
        return f"{self.subject}: {self.question}" if self.subject else self.question

    def led(self, pieces: Sequence[str]) -> tuple[str, ...]:
        """Parts of the text, each with the subject."""
        subject = fold(self.subject)
        return tuple(
            p if not at or not subject else f"{subject}: {p}" for at, p in enumerate(pieces)
        )


def what_is_asked(text: str, lexicon: Lexicon) -> Asked:
    """What a text asks; a plain question as it is, in one line.

    Args:
        text: as typed, with its lines.
        lexicon: actions, terms and fields, which are kept.
    """
    plain = " ".join(text.split())
    bare = _without_formulas(text)
    sentences = _sentences(bare, lexicon)
    formal = len(bare.split()) < len(plain.split())
    words = len(plain.split())
    if words < FORMAL or (not formal and (words < LONG or len(sentences) < _SENTENCES)):
        return Asked(plain)
    said = [_said(each) for each in sentences]
    in_english = detect_language(plain, default=DEFAULT) == DEFAULT
    if any(each.asks for each in said) and (in_english or _named(bare, "action", lexicon)):
        return _asked(said, lexicon)
    return Asked(" ".join(sentences) or plain)


def _without_formulas(text: str) -> str:
    """A text without greeting and closing formula."""
    stripped = text.strip()
    folded, places = folded_letters(stripped)
    greeting = _GREETING.match(folded)
    start = places[greeting.end()] if greeting else 0
    closing = _REGARDS.search(folded, greeting.end() if greeting else 0)
    end = places[closing.start()] if closing else len(stripped)
    return stripped[start:end].strip(" ,-\n\t")


def _sentences(text: str, lexicon: Lexicon) -> list[str]:
    """Sentences and paragraphs, but for those that are polite alone or only say that one asks."""
    pieces: list[str] = []
    start = 0
    for end in (*_ENDS.finditer(text), None):
        stop = end.start() if end else len(text)
        if end and "\n" not in end[0] and _SHORT_FORM.search(text[start:stop]):
            continue
        pieces.append(" ".join(text[start:stop].split()))
        start = end.end() if end else stop
    return [p for p in pieces if p and (not _says_nothing(p) or _named(p, "action", lexicon))]


def _says_nothing(sentence: str) -> bool:
    folded = fold(sentence)
    polite = _POLITE.search(folded) and "?" not in sentence and not _WRAPPER.search(folded)
    return bool(polite or _META.search(folded))


def _said(sentence: str) -> _Said:
    """What a sentence tells and what it asks."""
    folded, places = folded_letters(sentence)
    wrapper = _WRAPPER.search(folded) or _WRAPPER_ELSEWHERE.search(folded)
    if wrapper is None:
        return _Said("", sentence) if "?" in sentence else _Said(sentence)
    asks = straight(sentence[places[wrapper.end()] :])
    tells = sentence[: places[wrapper.start()]].strip(" ,;")
    asks = "" if _META.search(fold(asks)) else asks
    return _Said(tells, asks, besides=not tells and " also " in f" {wrapper[0]} ")


def _asked(said: Sequence[_Said], lexicon: Lexicon) -> Asked:
    """The sentences that ask, and before them what the others say of their subject."""
    asks: list[str] = []
    told_before = ""
    for each in said:
        told_before = each.tells or told_before
        if each.asks:
            if told_before and _is_about_it(each.asks):
                asks.append(_ended(_HEARSAY.sub("", told_before)))
                told_before = ""
            asks.append(each.asks)
    question = " ".join(asks)
    bare = _IS_IT_PAID.sub("", question)
    subject = _subject(said, bare, lexicon)
    return Asked(bare if subject else question, subject)


def _subject(said: Sequence[_Said], question: str, lexicon: Lexicon) -> str:
    """What the telling sentences name that the question does not."""
    tells = [each.tells for each in said if each.tells]
    asked = lexicon.find(question)
    asked_kinds = {match.kind for match in asked}
    actions = _actions(tells, lexicon)
    names = [] if "action" in asked_kinds else [*actions]
    found = lexicon.find(f"{question} {' . '.join(names)}")
    fields = {lexicon.actions[match.key].field for match in found if match.kind == "action"}
    if "field" not in asked_kinds and not any(fields):
        names += [name for text in tells for name in _named(text, "field", lexicon)]
    for text in tells:
        names += _PART.findall(text)
        if _YEAR_OF.search(fold(text)) or _named(text, "action", lexicon):
            names += _YEAR.findall(_SINCE.sub(" ", fold(text)))
    own = len(_content(question))
    if own <= _FEW_WORDS and not any(fields) and not actions:
        names += _wishes(tells)[-1:]
    known = any(m.kind == "term" and m.key not in plain_terms() for m in asked)
    if not known or own < _FEW_WORDS:
        names += _named(_last_told(said), "term", lexicon)
    names += [lack for text in tells for lack in _LACK.findall(text)]
    return ", ".join(_once(names, question, lexicon))


def _actions(tells: Sequence[str], lexicon: Lexicon) -> list[str]:
    """What the first telling sentence names that names an action; first of all what is wished."""
    sentences = [*_wishes(tells)[::-1], *tells]
    named = (_named(_HELD.sub(" ", text), "action", lexicon) for text in sentences)
    return next((names for names in named if names), [])


def _named(text: str, kind: str, lexicon: Lexicon) -> list[str]:
    """Words of a text that name something of a kind, as typed; those that stand together at once.

    "Vocational school" names two fields.
    """
    _, places = folded_letters(text)
    found: list[tuple[int, int]] = []
    for match in lexicon.find(text):
        if match.kind == kind:
            start, end = places[match.start], places[match.end]
            if found and text[found[-1][1] : start].strip(" ") == "":
                start = found.pop()[0]
            found.append((start, end))
    return [text[start:end] for start, end in found]


def _wishes(tells: Sequence[str]) -> list[str]:
    """What somebody wants to do, as typed."""
    found = ((text, match) for text in tells for match in _WISH.finditer(text.casefold()))
    return [_WHEN.sub("", text[m.start("what") : m.end("what")]) for text, m in found]


def _last_told(said: Sequence[_Said]) -> str:
    """What was told last before something is asked; nothing where that is asked besides."""
    last = ""
    for each in said:
        last = each.tells or last
        if each.asks:
            return "" if each.besides else last
    return last


def _once(names: Sequence[str], question: str, lexicon: Lexicon) -> list[str]:
    """Names that neither the question nor another name holds, in their order, each once."""
    kept: list[str] = []
    known = {match.key for match in lexicon.find(question)}
    for name in dict.fromkeys(names):
        folded = fold(name)
        within = any(folded in fold(other) for other in names if other != name)
        told = {match.key for match in lexicon.find(name)}
        said = re.search(rf"(?<!\w){re.escape(folded)}(?!\w)", fold(question))
        known_too = told and told <= known and len(name.split()) <= _FEW_WORDS
        if not (within or said or known_too):
            kept.append(name)
            known |= told
    return kept


def _is_about_it(asked: str) -> bool:
    """Whether what is asked first is about what was told before."""
    first = re.split(r",\s|\?| and (?=how|what|when|where|who)", fold(asked))[0]
    return bool(_ABOUT_IT.search(first)) and len(_content(first)) <= _FEW_WORDS


def _content(text: str) -> list[str]:
    return [w for w in re.findall(r"[\w+'-]+", fold(text)) if not _NO_CONTENT.fullmatch(w)]


def _ended(sentence: str) -> str:
    return sentence if not sentence or sentence[-1] in ".!?:" else f"{sentence}."
