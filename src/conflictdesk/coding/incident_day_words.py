"""The words by which the day of a deed is told from the day of what came of it, as patterns for a date's clause."""

from __future__ import annotations

import re

_DEED = (
    r"(?:shot|shooting|stabb\w+|beat\w*|burn\w+|hacked|trampled) (?:to )?deaths?"
    r"|shots?|shoot(?:s|ings?|out)?|shoot-out|gunned|gunfire|gun(?: ?battle|fight)|fired|drive-by|discharged"
    r"|kill(?:ed|ing|ings|s)|slain|slaying|murder(?:ed|s)?|massacred?|stabb(?:ed|ing)|wound(?:ed|ing)|injur(?:ed|ing)"
    r"|robb(?:ed|ery|eries|ing)|robs|burglar(?:y|ies|ized)|carjack\w*|break-in|broke in|hold-?up|held up|home invasion"
    r"|attack(?:ed|s|ing)?|ambush(?:ed)?|raid(?:ed|s)?|assault(?:ed)?|beat(?:en|ing)?|explo(?:ded|sion|sions)|blasts?"
    r"|bomb(?:ed|ing|ings)|detonated|air ?strikes?|air raids?|shell(?:ed|ing)|struck|hit|clash(?:ed|es)?|fight(?:ing)?"
    r"|fought|brawl|dispute|argument|altercation|abducted|kidnapp\w+|stormed|overran|captured|riot(?:ed|ing)?|torched"
    r"|burn(?:ed|t)|set fire|rape[ds]?|crash(?:ed)?|collapsed|happen(?:ed|s)|occurred|took place|erupted|broke out"
    r"|unfolded|incident|stand-?off|(?:called|sent) to|called 911|respond(?:ed|ing)|dispatched|approached|entered"
    r"|confronted|fled|escaped|stole|stolen|(?:were|was|been) reported"
    r"|protest(?:ed|s|ers)?|rall(?:y|ied|ies)|marched|demonstrat\w+|gathered|blocked"
)
_AFTERMATH = (
    r"arrest\w*|charg(?:ed?|es|ing)|arraign\w*|plead(?:ed|ing|s)?|pled|sentenc\w*|convict\w*|indict\w*|jail(?:ed)?"
    r"|booked|custody|court|hearing|trial|testif\w*|judge|jury|identified|identify|named|releas\w+|issued|ask(?:ed|ing)"
    r"|appeal\w*|seek\w*|sought|search(?:ing|ed)|look(?:ed|ing) for|vigil|funeral|buried|memorial|mourn\w*"
    r"|hospitali[sz]ed|remain\w*|recovering|condition|surrender\w*|turned|updat\w+|publish\w+|posted|original|photos?"
    r"|photographs?|reward|unseal\w*|filed|obtained|statement|(?:news|press) conference|interview\w*|prosecut\w+"
    r"|investigat(?:e|ed|ing|ors)|as of|scheduled|bail|bond|extradit\w*|warrants?|returned|freed|tweet\w*|denied"
    r"|claimed|condemn\w*|visit(?:ed|ing)?|met|reopen\w*|closed|evacuated|expected|accus\w+|admitted|due|announc\w+"
    r"|last seen|missing|born|bought|purchased|married|moved"
)
_OPEN = (
    r"die[ds]|deaths?|search warrant|traffic stop|stopped|pulled over|pronounced|found|discovered|seized|recovered"
    r"|reported|attend(?:ed|ing)"
)
# The word that governs a date: of a deed, of what came of it, or open to both.
CUE = re.compile(
    rf"(?i)\b(?:(?P<open>{_OPEN})|(?P<aftermath>{_AFTERMATH})|(?P<deed>{_DEED}))\b(?!-year| police| detectives?)"
)

_EVENT = (
    r"shootings?|robbery|robberies|attacks?|killings?|slayings?|murders?|stabbings?|incident|raids?|blasts?|bombings?"
    r"|explosions?|clash(?:es)?|ambush|assault|strikes?|massacre|carjacking|burglary|crash|fire|standoff|fight|brawl"
)
# "the [Thursday] bombing", "[Sunday]'s raid"
NAMED_BY_ITS_DAY = re.compile(
    rf"(?i) (?:(?!(?:in|at|on|for|by|to|after|following|and|near) )[\w-]+ ){{0,3}}(?:{_EVENT})\b"
)
BEFORE_A_NOUN = re.compile(r"(?i)\b(?:an?|the|this|that|fatal|deadly|of|in)\s+$")
OWNED = re.compile(r"['’]s? ((?:[\w-]+ ?){1,4})")

# "on Monday ([Sept. 20])": what governs the weekday governs the date in brackets.
BRACKETED = re.compile(r"\w+day(?: \w+)? \($")
# "@user) [20 September 2021]", "(Photo: agency, [Sept. 20]", "Updated: [Sept. 20]"
STAMPED = re.compile(
    r"(?i)(?:@\w+\) ?|\((?:photo|image)[^()]*|\b(?:published|updated|posted|uploaded)\b[^.;()]{0,40})$"
)
# "on [Tuesday] | after a raid": what stands behind these words has a day of its own.
CLAUSE_END = re.compile(r"(?i)\b(?:after|over|following|in connection|related to|stemming from)\b")
# Another incident than the one the article is about.
ASIDE = re.compile(
    r"(?i)\b(?:another|again|unrelated|separate|previous(?:ly)?|similar|other|earlier|second|also|anniversary)\b[^,;]*$"
)
SPOKEN = re.compile(
    r"(?i)\b(?:said|says|told \w+|announced|identified|(?:news|press) (?:release|conference)|statement|as of"
    r"|update[d:]*|published:?|posted:?)(?: (?:on|late|early|at|around|noon|about|[0-9:]+|[ap]\.m\.?))* ?$"
)

HOUR_WITHIN = re.compile(r"(?i)night|morning|afternoon|evening|overnight|early|late|dawn|tonight")
HOUR_BEFORE = re.compile(
    r"(?i)(?:[0-9] ?[ap]\.?m?\.?m\b\.?|[0-9]{1,2}:[0-9]{2}|midnight|noon|o['’]clock)[,.]?"
    r"(?: on| early| late| ET| local time)*(?: \w+day,?)? ?$"
)
HOUR_AFTER = re.compile(
    r"(?i),? ?(?:\([^()]{3,20}\),? )?(?:at|around|about|shortly|just|near)?(?: (?:around|about|before|after))?"
    r" ?(?:[0-9]{1,2}(?::[0-9]{2})? ?[ap]\.?m|midnight|noon)\b"
)
