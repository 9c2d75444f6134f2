"""What a line of a news page is, by its form alone: text, caption, byline, bullet or the page's furniture."""

from __future__ import annotations

import functools
import re
from typing import Literal

Kind = Literal["blank", "bullet", "caption", "furniture", "byline", "rule", "list head", "plain"]

LONGEST_CAPTION, LONGEST_BYLINE, LONGEST_FURNITURE = 600, 140, 320
BULLET = re.compile(r"^(?:[•‣▪▸►●◦∙·⁃‧]|[*+](?=\s)|[-–](?=\s(?!\s*$)))\s*(?=\S)")
RULE = re.compile(r"^(?:[*•·~#=_—–-]\s*){3,}$")

AGENCIES = (
    "AFP|AP|Reuters|REUTERS|EPA|EPA-EFE|EFE|Getty|Getty Images|Xinhua|Anadolu|Anadolu Agency|AA|PA|PA Media|PA Wire|"
    "DPA|ANSA|TASS|SPA|NNA|SANA|WAM|Shutterstock|Bloomberg"
)
ORIGINS = "Handout|File|Files|Supplied|Courtesy|Screengrab|Screenshot|Twitter|Facebook|Social media|Telegram"
CREDITS = (
    rf"(?:{AGENCIES}|{ORIGINS})(?: ?(?:/|via|,) ?[^()]{{1,50}})?",
    rf"[^()/]{{1,60}}/ ?(?:{AGENCIES}|{ORIGINS})(?: ?(?:/|via|,) ?[^()]{{1,50}})?",
    r"Photo(?:graph)?s?(?: by| credit)?:? ?[^()]{1,80}",
    r"[\w.,’'/ -]{0,60}(?:[Pp]hoto|Images|[Hh]andout)",
    rf"[\w.,’'/ -]{{0,60}}via (?:{AGENCIES}|Twitter|X)",
)
NAMED = r"\b[A-Z][\w.'’-]+ [A-Z][\w.'’-]+"
CAPTION_ENDS = (
    rf"[\[(](?:{'|'.join(CREDITS)})[\])]$",
    rf"{NAMED}(?:/| via )(?:Pool(?: via)? )?(?:{AGENCIES})(?: via (?:{AGENCIES}))?\.?$",
    r"\bREUTERS/[A-Z][\w.' -]+$",
    r"\b(?:AP|AFP|File|Reuters) [Pp]hoto(?:/[\w. ]+)?\.?$",
)
CAPTION_STARTS = (
    r"(?:FILE|File) ?[-–—:]",
    r"(?:FILE |File )?(?:PHOTO|Photo|PICTURE|Picture|IMAGE|Image|VIDEO|Video)(?: (?:credit|by))?(?: of)? ?[:|]",
    r"(?:Photograph|Picture|Image|Photo|Caption|Illustration|Map|Graphic|Credit)s?(?: (?:by|credit))? ?:",
    r"\((?:Photo|Image|Picture|Map|Video)(?:graph)?s?(?: by| credit)?:? ",
)

NETWORKS = "facebook|twitter|whatsapp|linkedin|telegram|reddit|pinterest|instagram|youtube|messenger|x"
LETTERS = r"\b(?:newsletters?|alerts?|inbox|e-?mails?|today|now|digital|free|updates|channel)\b"
FURNITURE = (
    r"short url",
    r"share(?: this)?(?: (?:article|story|post|page|on .{2,40}))?",
    r"share (?:on|via) .{2,60}",
    rf"(?:{NETWORKS})(?:[ ,|/·]+(?:{NETWORKS}|e-?mail|print|copy link))*",
    r"tweet|e-?mail(?: this)?|print(?: this)?|copy link|save|listen|like this story\? .{2,40}",
    r"(?:\d+ )?comments?(?: \(\d+\))?|leave a (?:comment|reply)|\d+ (?:shares|likes|views)",
    r"\(?advertise?ments?\)?|advertising|sponsored(?: content)?",
    r"(?:story|article) continues (?:below|after)(?: (?:this )?(?:advertisement|ad))?|continue reading(?: below)?",
    r"follow (?:us|@\w+)\b.{0,80}|like us on .{0,60}|join (?:us|our (?:telegram|whatsapp|mailing)).{0,80}",
    rf"(?:sign up|subscribe)\b(?=.{{0,120}}{LETTERS}).{{0,140}}|subscribe|sign in|log in|register",
    r"get (?:the|our|your) .{0,60}\b(?:newsletter|inbox)\b.{0,60}",
    r"(?:click|tap) here\b.{0,100}|download (?:the|our) app\b.{0,60}",
    r"(?:twitter|x|instagram|facebook|follow|e-?mail|contact)(?: [^:]{0,40})?: ?@?[\w.@/-]+",
    r"@\w{2,30}|[\w.+-]+@[\w-]+\.[\w.-]+|https?://\S+",
    r"(?:read|see|watch|hear|listen) (?:more|also|next|now)(?:[:|>» ].{0,200})?|read (?:the )?full (?:story|article)",
    r"also read ?[:|].{0,200}|also on [\w.-]+\.\w+\b.{0,200}",
    r"more (?:here|on this(?: story)?|from .{2,40}|stories)",
    r"(?:©|\(c\) ?|copyright\b).{0,160}|all rights reserved\.?",
    r"(?:we use cookies|this (?:site|website) uses cookies).{0,300}|accept(?: all)?(?: cookies)?",
    r"by (?:continuing|using) .{0,40}(?:site|website).{0,250}",
    r"\d+ ?min(?:ute)?s? read|(?:estimated )?reading time:? .{0,30}",
    r"back to top|(?:next|previous) article|skip to (?:main )?content|menu|search|live updates?|breaking(?: news)?",
    r"(?:home|news) ?[>»/|] ?.{0,80}",
    r"(?:tags|topics|keywords|filed under|categories|related topics) ?:.{0,200}",
    r"\(?(?:end|ends|more|-30-|###)\)?",
)
OTHERS = r"stories|news|headlines|picks|choice|reading|on this topic|(?:in|from) this section|like this"
LIST_HEADS = (
    r"most (?:popular|read|viewed|shared|commented)",
    r"related(?: (?:articles?|stories|news|content|links|topics|coverage|posts))?",
    r"recommended(?: (?:for you|stories|articles|reading))?",
    r"you (?:may|might) (?:also )?(?:like|be interested in)|trending(?: now| stories| news)?",
    rf"(?:more|top|latest|other|editor[’']?s['’]?)(?: (?:{OTHERS}|top|world|news|related))* (?:{OTHERS})",
    r"latest|popular|read more|more on this|see also|(?:what to )?read next|up next",
    r"in case you missed it|don['’]t miss",
)
NAME = r"(?:[A-Z][\w.'’-]*|[a-z]{2,3}(?= [A-Z])|de|al-[A-Z][\w'’-]+)"
BY = r"(?:By|BY|(?:Story|Words|Written|Reported|Report) by)"
BYLINES = (
    rf"{BY} {NAME}(?:,? (?:{NAME}|and|&|in|for|of|the|at))+(?:[,|·•–—-] ?.{{0,80}})?",
    r"(?:By|BY) (?:our |a )?(?:AP|AFP|Reuters|REUTERS|[Ss]taff|[\w ]{0,20}[Cc]orrespondent|Agencies|News)\b.{0,60}",
    r"(?:By|BY) [A-Z][\w’'-]+ ?[|,·].{0,80}",
    r"[\w’' &-]{0,30}\b(?:[Ss]taff [Rr]eporter|[Ss]taff [Ww]riter|[Ss]enior [Rr]eporter|[Cc]orrespondent)",
    r"[A-Z ]{0,30}(?:CORRESPONDENT|STAFF REPORTER)",
    r"[\w’' &-]{0,30}\b(?:[Nn]ews|[Ww]eb) [Dd]esk",
    r"(?:The )?(?:AFP|AP|Reuters|REUTERS|Associated Press|Agence France-Presse|Xinhua|Agencies|Staff report)",
)


def classify_line(line: str) -> Kind:
    """What a cleaned line is on a news page.

    >>> classify_line("Soldiers at the bridge of Karvan. (AFP/File Photo)"), classify_line("Short Url")
    ('caption', 'furniture')
    >>> classify_line("By Lena Okoro"), classify_line("Most popular"), classify_line("• Two bridges closed")
    ('byline', 'list head', 'bullet')
    """
    if not line:
        return "blank"
    if RULE.match(line):
        return "rule"
    if len(line) <= LONGEST_FURNITURE:
        if _one_of(LIST_HEADS, r"\s*:?", False).fullmatch(line):
            return "list head"
        if _one_of(FURNITURE, "", False).fullmatch(line):
            return "furniture"
    if len(line) <= LONGEST_BYLINE and _one_of(BYLINES, "", True).fullmatch(line):
        return "byline"
    if BULLET.match(line):
        return "bullet"
    return "caption" if is_caption(line) else "plain"


def is_caption(line: str) -> bool:
    """True for the words under a picture: they end in a credit, or begin by saying that they are a caption."""
    if len(line) > LONGEST_CAPTION:
        return False
    return bool(_one_of(CAPTION_STARTS, "", True).match(line) or _one_of(CAPTION_ENDS, "", True).search(line))


def drop_bullet(line: str) -> str:
    """The words of a bullet.

    >>> drop_bullet("• Two bridges were closed")
    'Two bridges were closed'
    """
    return BULLET.sub("", line, count=1)


def is_headline_like(line: str) -> bool:
    """True when a line could be a headline by its form: 2 to 35 words, no final stop, starting like a title."""
    if not 8 <= len(line) <= 220 or not 2 <= len(line.split()) <= 35:
        return False
    if line[-1] in ".,;:—–" and not re.search(r"\b[A-Z]\.$", line):
        return False
    return bool(re.match(r"[\"'“‘«\[(¿¡$€£#]*\w", line)) and not line[0].islower()


@functools.cache
def _one_of(patterns: tuple[str, ...], end: str, case: bool) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(patterns)}){end}", 0 if case else re.IGNORECASE)
