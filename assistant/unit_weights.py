"""What each feature of a unit is worth, in log odds of its answering (`worth`).

Fitted on the development questions, those of counting, limits, lists, parts and titles set by
hand; docs/answers.md says how.
"""

from __future__ import annotations

COVER = 11.5
"""Share of the question's words (rare ones weigh more) that the unit holds."""
CONTEXT = 6.7
"""The same for words that only its heading path or context holds."""
LEAD = 9.0
"""The same for words that only the sentence above its list holds."""
LISTED = 2.0
"""It is of a list with a sentence above it, where a list is asked for."""
FACT = 2.9
"""It holds the kind of fact asked for (an amount, a date, ...)."""
NO_FACT = -1.7
"""It does not, though one is asked for."""
TABLE_NUMBER = 1.2
"""It is of a table and holds a number whose unit stands in the head."""
PASSAGE = 2.2
"""Score of its passage as a share of the best one's."""
FIRST = 2.2
"""1 / rank of its passage."""
VERDICT = 1.5
"""It says what must, may or cannot be, where a yes or no is asked for."""
ALIKE = 30.0
"""Cosine of the unit and a question in another language, where that was compared."""
LENGTH = -0.5
"""For each doubling of its length (natural logarithm of its words)."""
LABEL = -1.5
"""It is a heading or the label of a row."""
NO_ANSWER = -6.0
"""It is a heading that asks itself, or one without a figure where a figure is asked for."""
BAND = 3.8
"""Its band ("500-1999 km") holds a quantity that the question states."""
LIMIT = 1.5
"""It limits what the question states ("maximum of 30 participants" for "34 pupils, ok?")."""
COUNTRY = 4.7
"""It names a country that the question names."""
REGION = 4.5
"""It names the region of third countries in which such a country lies."""
COUNTRY_ABOVE = 1.5
"""The head of a column of its row does: large tables name all countries."""
DEFINITION = 2.0
"""It is what a glossary says first of a term."""
DEADLINE = 3.0
"""It tells a deadline of the action whose deadline is asked for, as its chapter has it."""
UNTOLD_DEADLINE = 12.0
"""The same in a guide that is not in English: questions are given no words of such guides."""
OF_CHAPTER = 4.0
"""It is of the chapter that is asked about, in a guide of another language than the question."""
TERM = 3.0
"""It is, and the question asks what that term means."""
REFERENCE = -5.0
"""It is the code of a call or the caption of a table, where nobody asks for one."""
POINTS_ELSEWHERE = -2.0
"""It says where something stands, not what: "as indicated in the table below"."""
FOR_SOME = -4.0
"""It is for some only (a top-up, fewer opportunities), whom the question does not name."""
OTHER_LINE = -4.0
"""It is of another line of the budget, period or duration than is asked for (`budget_lines`)."""
OF_LINE = 2.0
"""It is the row of the line of the budget that is asked for."""
LASTING = 3.0
"""It says how long that lasts whose duration is asked for, project or activity."""
TRAVEL_DAYS = 6.0
"""It says how many days of travel count, in words that are no duration ("six travel days")."""
GOES_ON = -0.7
"""It goes on from what was said before ("However, ..."): seldom what is asked."""
TITLED = 2.0
"""The title of its document, which is of no call year, says what the question is about."""
NO_YEAR = -3.0
"""Its document is of no call year, where the question names one."""
EXAMPLE = -4.0
"""It is an example: its figures are those of the example."""
NAME_SHARE = 0.5
"""Weight of words that only name the action asked about: its whole chapter holds them."""

OTHER_PART = 0.35
"""Weight of words of the other things that a question asks for, where one is looked for."""

OF_PART = 0.5
"""What the rank of a passage, found for all that is asked, says of one part of it."""
COUNTED = 3.0
"""A number stands before what is counted: "7 different sports" for "how many sports"."""
TERM_OF_PART = 0.5
"""Weight of words that the vocabulary adds to one of several things asked for."""
HISTORY = -5.0
"""It is a row of what was changed in which version of the document."""
SPARE_ROUND = -3.0
"""It is the deadline of a round that may be opened, where the question asks for deadlines."""
