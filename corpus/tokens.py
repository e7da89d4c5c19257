"""Words of a text for lexical search: the tokens that BM25 counts. The only home of PyStemmer.

A token is a stem in lower case without accents, or a number or code kept whole. What people
write in different ways becomes the same token:

* numbers: "120 000", "120.000", "120,000" and "120000" are `120000`; "7.50" and "7,5" stay
  decimals, `7.5`;
* codes and hyphenated words: "KA122-SCH" gives `ka122-sch`, `ka122`, `sch`;
* "€" is `eur`; footnote marks set as superscripts ("learners¹³") are dropped;
* accents: "Προθεσμία" and "ΠΡΟΘΕΣΜΙΑ" are the same word.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from corpus.accents import unaccented

_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish",
    "fr": "french", "ga": "irish", "hu": "hungarian", "hy": "armenian", "it": "italian",
    "lt": "lithuanian", "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip

_SUPERSCRIPTS = re.compile("[\u00b2\u00b3\u00b9\u2070\u2074-\u2079]+")
_SPACES_IN_NUMBERS = re.compile(
    "(?<![\\w.,])(\\d{1,3}(?:[ \u00a0\u2007\u2009\u202f]\\d{3})+)(?![\\w])"
)
_GROUPED = re.compile(r"\d{1,3}(?:([.,'’])\d{3})(?:\1\d{3})*(?:[.,]\d{1,2})?")
_TOKEN = re.compile(r"\d+(?:[.,'’]\d+)+|\w+(?:[-‐‑–/.&]\w+)*(?:\+\w*)?")
_PARTS = re.compile(r"[-‐‑–/.&+]")

# Function words alone: question words, articles, pronouns, prepositions, auxiliaries. Negations
# and quantities stay ("not", "only", "at least"): they carry conditions.
_STOP_WORDS = {
    "en": """a an and are as at be been being but by can could did do does for from had has have
        he her his how i if in into is it its just me my of on or our she should so some such
        than that the their them then there these they this those to was we were what when where
        which who whom whose why will with would you your am us about""",
    "el": """ο η το οι τα του της των τον την τη τους τις στο στη στην στον στα στους στις και κι
        να θα με σε για απο ως που πως τι ποιος ποια ποιο ποιοι ποιες ειναι ηταν εχει εχουν εχω
        ειμαι ενας μια ενα μου σου μας σας αν η οτι οπως αυτο αυτη αυτος αυτα κατα προς επισης
        δηλαδη οταν ποσο ποσα ποση ποτε πρεπει μπορω μπορει μπορουν""",
    "de": """der die das den dem des ein eine einer eines einem einen und oder aber in im ins zu
        zum zur von vom mit auf an am aus bei für ist sind war waren wird werden wurde hat haben
        ich wir sie er es ihr man als wie was wer wo wann welche welcher welches dass daß ob so
        sich kann können muss müssen soll sollen über nach auch""",
    "es": """el la los las un una unos unas y o u de del al a en con por para que qué es son fue
        ser ha han hay se su sus lo le les me mi como cómo cuál cuáles cuándo cuánto cuánta
        cuántos dónde quién si este esta estos estas puede pueden debe deben sobre""",
    "fr": """le la les un une des du de et ou à au aux en dans par pour avec sur que qui quoi quel
        quelle quels quelles est sont été être a ont il elle ils elles on nous vous je se sa son
        ses leur leurs ce cet cette ces comment quand où combien si peut peuvent doit doivent
        d l qu s n j c m t y""",
    "it": """il lo la i gli le un uno una e o di del della dei delle dello degli a al alla ai alle
        in nel nella nei con su per da dal dalla che chi cosa come quando dove quale quali quanto
        quanti è sono ha hanno essere si se può possono deve devono l d""",
    "pt": """o a os as um uma uns umas e ou de do da dos das em no na nos nas ao à com por para
        que quem qual quais como quando onde quanto quantos é são foi ser tem têm se seu sua pode
        podem deve devem""",
    "ro": """un o unui unei și sau de la în din cu pe pentru prin că ce cine care cum când unde
        cât câți câte este sunt a fost fi are au se sa său al ale ai lor poate pot trebuie dacă
        mai""",
    "nl": """de het een en of van in op aan met voor door uit te bij naar om over als dat die dit
        deze er is zijn was waren wordt worden heeft hebben kan kunnen moet moeten ik wij we zij
        u hij hoe wat wie waar wanneer welke""",
    "pl": """i oraz lub albo w we z ze na do od dla po za przez przy o u jest są był była było być
        się to ten ta te tego tej jak kiedy gdzie kto co który która które jaki jaka jakie czy
        może mogą ile""",
    "sv": """och eller i på av till för med om som den det de en ett är var har hade kan ska skall
        att vad vem hur när vilka vilken vilket jag vi ni man""",
    "tr": """ve veya ile bir bu şu o da de mi mı mu mü ne nasıl nerede kim hangi için gibi kaç
        olan olarak""",
    "ru": """и или в во на с со к ко по из от до для о об у за при что как когда где кто какой
        какая какие сколько это этот эта эти быть есть был была были я мы вы он она они ли""",
}  # fmt: skip


_PIECES_IN_MEMORY = 50_000
"""Different words of one language that are looked up rather than stemmed again."""


@lru_cache(maxsize=64)
def tokenizer(language: str) -> Callable[[str], list[str]]:
    """The tokenizer of a language, safe to call from several threads.

    Args:
        language: BCP-47 code; a language without a stemmer keeps its words as they are.
    """
    base = language.lower().partition("-")[0]
    stop = frozenset(_fold(word.casefold()) for word in _STOP_WORDS.get(base, "").split())
    stem = _stemmer(base)

    @lru_cache(maxsize=_PIECES_IN_MEMORY)
    def of(piece: str) -> tuple[str, ...]:
        number = normal_number(piece)
        if number is not None:
            return (number,)
        parts = [part for part in _PARTS.split(piece.casefold()) if part]
        whole = [_fold("-".join(parts))] if len(parts) > 1 else []
        return (*whole, *(_word(part, stem) for part in parts if _fold(part) not in stop))

    def tokens(text: str) -> list[str]:
        return [token for piece in _TOKEN.findall(_clean(text)) for token in of(piece)]

    return tokens


def normal_number(text: str) -> str | None:
    """A number in one writing: no thousands separators, a dot before decimals; else None.

    Three digits after a single separator are thousands ("1.500" is 1500), as amounts in the
    guides are always written; anything else after it are decimals ("7,5", "0.25", "12.75").

    >>> [normal_number(n) for n in ("120 000", "120.000", "120,000", "120000", "7,5", "1.234,50")]
    ['120000', '120000', '120000', '120000', '7.5', '1234.5']
    """
    compact = re.sub("[ \u00a0\u2007\u2009\u202f]", "", text)
    if compact.isdecimal():
        return _plain(compact, "")
    grouped = _GROUPED.fullmatch(compact)
    if grouped and not compact.startswith("0"):
        separator = grouped.group(1)
        whole, _, decimals = compact.replace(separator, "").replace(",", ".").partition(".")
        return _plain(whole, decimals)
    decimal = re.fullmatch(r"(\d+)[.,](\d+)", compact)
    if decimal:
        return _plain(*decimal.groups())
    return None


def _plain(whole: str, decimals: str) -> str:
    digits = "".join(str(unicodedata.decimal(digit)) for digit in whole)
    rest = "".join(str(unicodedata.decimal(digit)) for digit in decimals).rstrip("0")
    return (digits.lstrip("0") or "0") + (f".{rest}" if rest else "")


def _clean(text: str) -> str:
    text = _SUPERSCRIPTS.sub("", text).replace("€", " EUR ")
    return _SPACES_IN_NUMBERS.sub(lambda match: re.sub(r"\s", "", match.group()), text)


def _fold(word: str) -> str:
    # Case folding of "Σ" gives "σ" everywhere; a typed final "ς" must meet it.
    return unaccented(word, "NFKD").replace("ς", "σ")


def _word(word: str, stem: Callable[[str], str]) -> str:
    if any(c.isdigit() for c in word):
        return normal_number(word) or _fold(word)
    # Stemmers know their language's accents, so these go last.
    return _fold(stem(word))


def _stemmer(language: str) -> Callable[[str], str]:
    name = _SNOWBALL.get(language)
    if name is None:
        return str
    import Stemmer

    # A Stemmer object must not be used by two threads at once.
    local = threading.local()

    def stem(word: str) -> str:
        stemmer = getattr(local, "stemmer", None)
        if stemmer is None:
            stemmer = local.stemmer = Stemmer.Stemmer(name)
        return str(stemmer.stemWord(word))

    return stem
