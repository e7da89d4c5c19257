"""Whether a question is to be answered by yes or no, in the languages of the assistant.

Such a question may name money, points or a limit without asking how much of it: "will they pay a
half finished work package?". Pure functions over folded text (`lexicon.fold`).
"""

from __future__ import annotations

import re

from assistant.lexicon import fold

_VERB = (
    r"(?:can|could|may|might|do|does|did|is|are|was|were|am|must|should|shall|will|would|has|have|"
    r"had|cant|dont|doesnt|isnt|arent|wont)"
)
_BEFORE = (
    r"(?:(?:ok|okay|so|and|but|or|then|hi|hello|also|now|please|just|question|dear \w+|"
    r"good (?:morning|afternoon|day)|if so|in that case)[, ]+)*"
)
_ENGLISH = re.compile(
    rf"(?:^|[.,;:?!)]\s*|\s[-\u2013]\s*|\b(?:and|but|so|or|then|now) ){_BEFORE}{_VERB}(?:n't)? \w"
    rf"|\b(?:can|could|may|should|shall|do|must|would|will|are|have) (?:we|i|they|you|he|she) |"
    r"\b(?:ok|okay|fine|possible|allowed|right|correct|enough|same thing|eligible|permitted)\W*$|"
    r"\b(?:ok|okay|fine|allowed|"
    r"too (?:young|old|late|early|long|short|many|much|few|small|big)) for\b"
)
"""A clause that begins with a verb, or a statement held out for a yes: "two weeks, ok?"."""
_OTHERS = re.compile(
    # German
    r"\b(?:kann|konnen|konnte\w*|darf|durfen|durfte\w*|muss|mussen|musste\w*|sollen?|ist|sind|"
    r"wird|werden|bekommen?|bekommt|zahlt|zahlen|gilt|gelten|gibt|haben|hat|reicht|braucht|"
    r"brauchen|geht) (?:wir|man|ich|er|sie|es|das|die|der|den|dem|des|ein|eine|einer|einen|auch|"
    r"unser\w*|mein\w*|sich|bei|jede\w*|alle|so)\b|"
    # French
    r"\b(?:peut|peuvent|doit|doivent|faut|est|sont|a|ont|va|vont|y a)-t?-?(?:on|il|elle|ils|elles|"
    r"ce|nous)\b|\bon (?:peut|doit|a le droit)\b|\bpeut on\b|\best[- ]ce (?:que|qu)\b|"
    r"\b(?:pouvons|devons|avons)[- ]nous\b|\b(?:c'est|est-il|est il) (?:possible|permis|autorise)|"
    r"\b(?:puis|dois)[- ]je\b|\b(?:peut|peuvent|doit|doivent|faut il|il faut)\b|"
    # Spanish, Portuguese, Italian
    r"\b(?:puede|pueden|puedo|podemos|podria\w*|debe|deben|debemos|hay que|tenemos que|es posible|"
    r"vale|cuenta|cuentan|necesitamos|nos pasamos|sirve|se puede)\b|"
    r"\b(?:pode|podem|posso|podemos|podia\w*|deve|devem|temos de|temos que|e possivel|precisamos|"
    r"conta|contam)\b|"
    r"\b(?:puo|possono|possiamo|potrebbe\w*|dobbiamo|devono|bisogna|e possibile|e ammess\w|vale|"
    r"valgono|serve|basta|si puo)\b|"
    # Polish, Romanian, Greek
    r"\b(?:czy|mozemy|mozna|moze|moga|musimy|wolno|da sie)\b|"
    r"\b(?:putem|poate|pot|avem voie|trebuie|se poate|este posibil|e posibil|e permis)\b|"
    r"\b(?:μπορ\w+|πρεπει|επιτρεπ\w+|γινεται|καλυπτεται|ισχυει|δικαιουται|δικαιουμαστε|αρκει|"
    r"χρειαζεται)\b"
)
"""Verbs of leave and duty, and verbs before their subject."""
_OPEN_ENGLISH = re.compile(
    r"\bhow (?:much|many|long|often|old|big|high|far|soon|late|early|large|do|does|can|should|is|"
    r"are|will|would|to|was|were|did)\b|\bwhats?\b|\bhow\W*$|"
    r"(?:^|[.,;:?!] ?|\b(?:and|but|or|so|to|by|until|till|for|from|in|on|at|with|of|under) )"
    r"(?:which|who|whom|whose|where|why|how)\b|"
    r"(?:^|[.,;:?!] ?|\b(?:and|or|by|until|till|since|from|roughly|approximately|about|exactly|"
    r"usually|normally|typically) )when\b|\bwhen\W*$|"
    r"\b(?:chang\w*|differ\w*|compar\w*|versus|vs)\b|"
    r"\b(?:go|gone|went|become|worth) (?:up|down|less|more|higher|lower)\b"
)
"""Words that ask for more than yes or no, or for what differs between editions."""
_OPEN_OTHERS = re.compile(
    r"\b(?:wie|wieviel\w*|was|wann|wer|wen|wem|welche\w*|woher|wohin|warum|wofur)\b|"
    r"\b(?:combien|quand|quel(?:le)?s?|comment|pourquoi|lesquel\w*)\b|\bqu.est.ce (?:que|qui)\b|"
    r"\b(?:cuant\w+|cuando|cual(?:es)?|como|donde|quien(?:es)?)\b|"
    r"\bque (?:porcentaje|documentos)\b|"
    r"^[\u00bf ]*que\b|"
    r"\b(?:quant\w+|quando|quale?|quali|come|dove|chi|cosa)\b|^che\b|"
    r"\b(?:ile|ilu|kiedy|kto|jak|jaki\w*|ktor\w+|gdzie|co)\b|"
    r"\b(?:quais|qual|quem|onde)\b|"
    r"\b(?:cat|cati|cate|cand|cine|care|cum|unde)\b|(?:^|[,;:?!] ?)ce\b|"
    r"\b(?<!το )(?<!του )(?<!τα )(?:ποσ\w*|ποτε|ποι\w+|πωσ|τι|γιατι)\b"
)
_LIMIT = re.compile(
    r"\b(?:is|are|was|were|do|does|have|has|had|any|with) (?:there |we |you |it |they |have )*"
    r"(?:an?|any|some|no|still an?) (?:[\w-]+ ){0,2}(?:cap|ceiling|limits?|maximum|"
    r"minimum|max|min|threshold|rate|rates|amount|deadline|budget|grant size|lump sum)\b|"
    r"\b(?:gibt es|y a-t-il|existe|hay un\w?|c'e un\w?|existe um|jest|exista|υπαρχει) "
    r"(?:\w+ )?(?:obergrenze|hochstgrenze|grenze|plafond|limite|limit\w*|tetto|plafon\w*|οριο)\b"
)
"""Who asks whether there is a limit wants to know it."""


def is_polar(text: str, language: str) -> bool:
    """Whether a text asks for yes or no, and for nothing else.

    Args:
        text: a question, or a part of one.
        language: its BCP-47 code.
    """
    folded = fold(text)
    if _LIMIT.search(folded):
        return False
    if language == "en":
        return bool(_ENGLISH.search(folded)) and not _OPEN_ENGLISH.search(folded)
    return bool(_OTHERS.search(folded)) and not _OPEN_OTHERS.search(folded)
