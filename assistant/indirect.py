"""Indirect questions said straight: "whether we can apply" asks "can we apply".

English alone. What asks by "how", "what" or "whether" after "could you tell us" is read by the
other modules as people ask it by itself.
"""

from __future__ import annotations

import re

ASK = r"(?:whether|if|how|what|when|where|who|which|why|by when|until when|till when|for how|about)"
"""Words that begin an indirect question."""
_VERBS = (
    r"(?:can|could|may|might|must|should|shall|will|would|is|are|was|were|has|have|had|does|do|did)"
)
_CLAUSE = r"(?P<before>^|,\s*(?:and |or |but )?(?:also )?|\b(?:and|or|but) (?:also )?)"
_INDIRECT = re.compile(
    rf"{_CLAUSE}(?:(?P<if>whether|if)(?: or not)?|(?P<ask>(?:for |by |until |to )?"
    r"(?:how(?: long| often| (?:much|many)(?: [a-z-]+){0,3}?)?|when|where|why|whom))"
    r"(?= (?:we|i|he|she|they|it|you|one|there|the|our|my|his|her|such|an?) )) "
    r"(?P<who>(?!so\b|yes\b|not\b|no\b|possible\b)"
    rf"(?:(?!{ASK}\b|{_VERBS}\b)[\w'’+/()-]+ ){{1,9}}?)"
    rf"(?P<verb>{_VERBS}) (?P<to>(?:(?<=have )|(?<=has ))to )?"
)
"""An indirect question: "whether the mother can be funded" asks "can the mother be funded"."""
_WHAT_IS = re.compile(
    rf"{_CLAUSE}(?P<ask>what) (?P<who>the [^,.?]{{3,60}}?) (?P<verb>is|are)(?=$|[,.?]| and\b)"
)
_PAYS = re.compile(
    rf"{_CLAUSE}(?:whether|if) (?P<who>erasmus\+?|it|he|she|(?:this|that|the|our|my|a)"
    r"(?: [\w-]+){1,3}?) (?P<verb>[a-z]{2,}?)s "
    r"(?=(?:for|the|an?|to|this|that|it|us|in|our|my|more)\b)",
    re.IGNORECASE,
)
_WE_PAY = re.compile(rf"{_CLAUSE}(?:whether|if) (?P<who>we|i|they|you) (?P<verb>[a-z]+)\b")
_ABOUT = re.compile(r"^about (?=the |our |an? )")
_AND_AND = re.compile(r",? and(?:,? and)+\b")
_IF_SO = re.compile(
    r"\b(?:and |or )?(?:if (?:so|yes|it does|it is|possible)|in (?:that|this) case)\b,?\s*(?:and )?"
)


def straight(asked: str) -> str:
    """Indirect questions as direct ones."""
    asked = _AND_AND.sub(" and", _IF_SO.sub("and ", _ABOUT.sub("", asked)))
    direct = _INDIRECT.sub(_turned, asked[:1].lower() + asked[1:])
    direct = _WHAT_IS.sub(r"\g<before>what \g<verb> \g<who>", direct)
    direct = _PAYS.sub(r"\g<before>does \g<who> \g<verb> ", direct)
    return _WE_PAY.sub(r"\g<before>do \g<who> \g<verb>", direct)


def _turned(match: re.Match[str]) -> str:
    asked = match["ask"]
    before, who, verb = match["before"], match["who"], match["verb"]
    first = f"{before}{asked} " if asked else before
    if match["to"]:
        return f"{first}{'does' if verb == 'has' else 'do'} {who}have to "
    return f"{first}{verb} {who}"
