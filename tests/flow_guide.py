"""A small guide with the tables of amounts that depend on two countries, as guides print them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from corpus.model import ChunkKind, Document
from tests.builders import make_document
from tests.test_conditions import NAMES, OTHERS, TAKERS

MEMBERS = "Member States of the European Union (EU)"
ASSOCIATED = "Third countries associated to the Programme"
REGIONS = (
    "Neighbourhood East (Region 2) | Georgia, Ukraine\n"
    "South-Mediterranean countries (Region 3) | Morocco, Tunisia\n"
    "Region 5 Asia | a) Vietnam b) High income countries: Japan\n"
    "Russian Federation (Region 4) | Russia\n"
    "Region 9 Sub-Saharan Africa | Kenya, Nigeria\n"
    "Region 12 US and Canada | United States of America, Canada\n"
    "Region 14 | Faroe Islands, Switzerland, United Kingdom"
)
EU = "EU Member States and third countries associated to the Programme"
THIRD = "Third countries not associated to the Programme"
GROUPS = (
    "Countries are divided into three groups:\n"
    "Group 1 Countries with higher living costs | Austria, Germany, Italy. "
    f"{THIRD} from Regions 13 and 14."
)
ONLY = f"⁷⁸ {THIRD} from regions 13 and 14 are only receiving countries."
MEDIUM = (
    "Medium range EU grant: between 292 and 606 EUR per month, will apply to mobility activities "
    "a) from Group 1 to Group 1, b) from Group 2 to Group 2 and c) from Group 3 to Group 3."
)
HIGHER = (
    "Higher range EU grant: between 348 and 674 EUR per month. It applies to mobility activities "
    "a) from Group 2 to Group 1 countries and b) from Group 3 to Group 1 and 2 countries."
)
LOWER = (
    "Lower range EU grant: between 225 and 550 EUR per month. It applies to mobility activities "
    "a) Group 1 to Group 2 and 3 countries and b) from Group 2 to Group 3."
)
RANGES = (
    "Group 2 Countries with medium living costs | Latvia, Portugal, Spain.\n"
    "Group 3 Countries with lower living costs | Hungary, Poland, Türkiye.\n"
    "The amounts will be set within the following ranges:\n"
    f"• {MEDIUM}\n• {HIGHER}\n• {LOWER}\nWhen defining the amounts, agencies will consider:"
)
TRAINEES = (
    "Students carrying out traineeships receive a top-up amount to the individual support of "
    "their grant with an amount of 150 EUR per month."
)
FROM_OUTERMOST = (
    "They will receive higher amounts:\nFrom | To | Amount\n"
    f"Outermost regions and OCTs | {EU} | 786 EUR per month"
)
FROM_TO = (
    "The base amount is set as follows:\nFrom | To | Amount\n"
    f"{EU} | {THIRD} from Regions 1 to 3 and 5 to 12. | 700 EUR per month\n"
    f"{THIRD} from Regions 1-12. | Group 1 of {EU} | 900 EUR per month\n"
    f"Group 2 of {EU} | 850 EUR per month\nGroup 3 of {EU} | 800 EUR per month\n"
    f"{TRAINEES}"
)
STAFF = (
    "The amounts depend on the receiving country.\n"
    "Receiving country | Outgoing staff | Incoming staff\nMin-Max (per day) | Amount (per day)\n"
    "Austria, Germany, Italy. | 96-190 | 190\n"
    f"{THIRD} from Regions 13 and 14. | 96-190 | Not eligible\n"
    "Latvia, Portugal, Spain. | 84-170 | 170\n"
    f"{THIRD} from Regions 1-3, 5-12. | 190 | Not eligible\nWhat follows is another rule."
)
BY_GROUP = (
    "Individual support | Costs of subsistence.¹²⁵ | "
    "Category of participants | Country group 1 | Country group 2 | Country group 3\n"
    "Staff | 107-191 EUR | 95-169 EUR | 84-148 EUR\n"
    "VET learners | 48-127 EUR | 41-110 EUR | 36-93 EUR\n"
    "The above are the allowed ranges for base rates per day of activity.\n"
    "¹²⁵ In case of accompanying persons, the rates for staff apply. Other costs are exceptional.\n"
    "¹²⁶ Receiving country groups: Country group 1: Austria, Germany Country group 2: Latvia, "
    "Spain Receiving country groups for third countries: Country group 1: Japan, United States."
)
MORE_GROUPS = "Country group 2: Brazil, Kenya. Country group 3: Nepal."

ABROAD = (
    "Activities must take place abroad, in an EU Member State or in a third country associated to "
    "the Programme."
)
FARTHER = (
    "In addition, organisations holding an Erasmus accreditation can send learners to third "
    "countries not associated to the Programme (Regions 1 to 3 and 5 to 14)."
)
NOT_RUSSIA = "Nota bene: Mobility activities to Belarus and Russia are not eligible."
INTERNAL = (
    "For mobility projects supported by internal policy funds: from EU Member States and third "
    "countries associated to the Programme to any country in the world."
)
EXTERNAL = (
    "For mobility projects supported by external policy funds: between EU Member States or third "
    "countries associated to the Programme and others, excluding Regions 13 and 14."
)
VENUES = "Eligible venues"


@cache
def flow_guide() -> Document:
    """Lists of countries and amounts of higher education and VET."""
    pages = [
        [f"{TAKERS}\nThey take part.", f"{MEMBERS}⁴¹\n{NAMES}", f"{ASSOCIATED}⁴²\nNorway Türkiye"],
        [f"{OTHERS}\nThey can take part in certain Actions.", REGIONS],
        [GROUPS, ONLY],
        [RANGES],
        [FROM_OUTERMOST, FROM_TO],
        [STAFF],
        [BY_GROUP],
        [MORE_GROUPS],
        [f"{VENUES}\n{ABROAD} Each activity is in one country."],
        [f"{VENUES}\n{ABROAD}\n{FARTHER} {NOT_RUSSIA}"],
        [f"{VENUES}\nActivities of staff must take place abroad, anywhere."],
        [f"The flows are:\n▪ {INTERNAL}\n▪ {EXTERNAL}\n{NOT_RUSSIA}"],
    ]
    unit = "Table A (amounts in euro per day)"
    headings = [TAKERS, OTHERS, "Students", "Students", "Students", unit, "VET", "VET"]
    chapters = [
        "MOBILITY IN SCHOOL EDUCATION › LEARNER MOBILITY",
        "MOBILITY IN VOCATIONAL EDUCATION AND TRAINING › LEARNER MOBILITY",
        "MOBILITY IN SCHOOL EDUCATION › STAFF MOBILITY",
    ]
    headings += [f"{chapter} › {VENUES}" for chapter in chapters]
    document = make_document(pages=pages, headings=headings)
    tables, contexts = {1, 2, 4}, {1: MEMBERS, 2: ASSOCIATED}
    chunks = tuple(
        replace(
            chunk,
            kind=ChunkKind.TABLE if number in tables else ChunkKind.TEXT,
            context=contexts.get(number, ""),
        )
        for number, chunk in enumerate(document.chunks)
    )
    return replace(document, chunks=chunks)
