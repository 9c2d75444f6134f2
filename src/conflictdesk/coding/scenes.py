"""What one sentence shows: triggers with the same time and place, their parties, weapons and tolls."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from conflictdesk.coding.dates import DateExpression
from conflictdesk.coding.grammar import Tree
from conflictdesk.coding.party_phrases import (
    Party,
    ResolveActor,
    find_speakers,
    read_parties,
    read_sufferer,
)
from conflictdesk.coding.roles import read_roles
from conflictdesk.coding.settings import When, date_trigger, is_answered, place_trigger
from conflictdesk.coding.standing import read_standing
from conflictdesk.coding.surrounding_words import Standing
from conflictdesk.coding.tolls import Toll
from conflictdesk.coding.triggers import Trigger, find_triggers, find_weapons
from conflictdesk.records import Sentence, Span, Toponym

_NOVEL = frozenset(
    "another separate separately also elsewhere second third similar additional other simultaneous fresh new".split()
)
_POINTING = frozenset("the this that these those its their his such".split())


@dataclass(frozen=True, slots=True)
class Frame:
    """One trigger with how it stands and who takes part."""

    trigger: Trigger
    standing: Standing
    why: str
    agents: tuple[Party, ...]
    patients: tuple[Party, ...]
    mutual: bool
    pronoun: bool
    when: When | None
    toponyms: tuple[Toponym, ...]
    shown: Span
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The frames of a sentence that tell of one thing at one time and place."""

    sentence: int
    paragraph: int
    text: str
    whole: Span
    span: Span
    frames: tuple[Frame, ...]
    when: When | None
    toponyms: tuple[Toponym, ...]
    tolls: tuple[Toll, ...]
    weapons: tuple[tuple[str, Span], ...]
    definite: bool
    novel: bool
    heading: bool = False

    @property
    def acts(self) -> frozenset[str]:
        """The acts of the frames that are told as fact."""
        return frozenset(f.trigger.act for f in self.frames)


def read_frames(
    sentence: Sentence, dates: Sequence[DateExpression], toponyms: Sequence[Toponym], resolve: ResolveActor
) -> list[Frame]:
    """Every trigger of the sentence as a frame, whatever its standing."""
    tree = Tree(sentence)
    frames = []
    for trigger in find_triggers(sentence.tokens):
        standing, why = read_standing(tree, trigger)
        roles = read_roles(tree, trigger)
        places = place_trigger(tree, trigger.head, toponyms)
        country = next((t.place.country for t in places), None)
        when = date_trigger(tree, trigger.head, dates)
        if standing == "fact" and trigger.noun and not places and is_answered(tree, trigger.head):
            standing, why = "named", f"{_words(tree, trigger)}: told as the reason of something else"
        if (standing == "habit" or why.endswith("told as earlier")) and _is_precise(when):
            standing, why = "fact", f"{why}, but its day is said"
        if tree.tokens[trigger.head].lemma == "come" and not trigger.noun:  # "a patrol came under fire"
            roles = replace(roles, agents=(), patients=roles.agents)
            if not _IN_FIELD.search(tree.sentence.text):
                standing, why = "named", "under fire: words, not arms"
        agents = read_parties(tree, roles.agents, country, resolve, bare=trigger.head)
        if roles.pronoun and not any(p.reading for p in agents):
            agents = (*agents, *find_speakers(tree, trigger.head, resolve))
        frames.append(
            Frame(
                trigger=trigger,
                standing=standing,
                why=why,
                agents=agents,
                patients=tuple(
                    read_sufferer(p, trigger.act) for p in read_parties(tree, roles.patients, country, resolve)
                ),
                mutual=roles.mutual,
                pronoun=roles.pronoun,
                when=when,
                toponyms=places,
                shown=_shown(tree, trigger),
                words=_words(tree, trigger),
            )
        )
    return _tell_of_claimed(tree, frames)


def _tell_of_claimed(tree: Tree, frames: list[Frame]) -> list[Frame]:
    """Let "the bombing that killed five in Baidoa" be told as fact, though the words about it only claim or deny it.

    A clause of its own with a place or a day tells of the deed; "a bombing that killed five" alone tells of none.
    """
    facts = {f.trigger.head: f for f in frames if f.standing == "fact"}
    told = []
    for frame in frames:
        if frame.standing == "named" and frame.trigger.noun and frame.why.endswith("is only spoken of"):
            clauses = [facts[c] for c in tree.children(frame.trigger.head, "relcl", "acl") if c in facts]
            if any(c.toponyms or (c.when is not None and not c.when.by_report) for c in clauses):
                frame = replace(frame, standing="fact", why=f"{frame.words}: its own clause tells of it")
        told.append(frame)
    return told


_IN_FIELD = re.compile(
    r"\b(?:patrols?|convoys?|positions?|posts?|bases?|outposts?|checkpoints?|villages?|towns?|troops|soldiers|"
    r"peacekeepers|forces|vehicles?|cars?|bus(?:es)?|helicopters?|ships?|vessels?|tankers?|police(?:men)?|stations?|"
    r"camps?|border|gunmen|rebels|militants|rocket|mortar|sniper|shelling|artillery)\b"
)


def _is_precise(when: When | None) -> bool:
    dates = when.expression.dates if when is not None and not when.by_report and when.cost < _RUN_REACH else None
    return dates is not None and dates.precision == 1


def _words(tree: Tree, trigger: Trigger) -> str:
    return " ".join(t.text.lower() for t in tree.tokens[trigger.first : trigger.last + 1])


def _shown(tree: Tree, trigger: Trigger) -> Span:
    """The trigger with its weapon subject and its object's head, when they stand close: "rockets struck the market"."""
    first, last = trigger.first, trigger.last
    if not trigger.noun:
        for subject in tree.children(trigger.head, "nsubj", "nsubjpass"):
            if 0 < first - subject <= 6:
                first = subject
        for thing in tree.children(trigger.head, "dobj"):
            if 0 < thing - last <= 6:
                last = thing
    return tree.span(first, last)


def drop_long_runs(tree: Tree, frames: Sequence[Frame], windows: Sequence[DateExpression]) -> list[Frame]:
    """A trigger whose nearest time is a long window ("have been fighting since 2017") tells of no one event."""
    kept = []
    for frame in frames:
        window = date_trigger(tree, frame.trigger.head, windows)
        own = frame.when.cost if frame.when is not None and not frame.when.by_report else 99.0
        if frame.standing == "fact" and window is not None and window.cost < min(own, _RUN_REACH):
            frame = replace(frame, standing="habit", why=f"{frame.words} over a long time")
        kept.append(frame)
    return kept


_RUN_REACH = 9.0


def build_scenes(sentence: Sentence, frames: Sequence[Frame], tolls: Sequence[Toll]) -> list[Scene]:
    """Group the factual frames of a sentence by time and place; a toll goes with the nearest frame."""
    tree = Tree(sentence)
    groups: list[list[Frame]] = []
    for frame in frames:
        group = next((g for g in groups if _go_together(tree, g, frame)), None)
        if group is None:
            groups.append([frame])
        else:
            group.append(frame)
    scenes = [_scene(tree, group, frames) for group in groups]
    return [
        replace(scene, tolls=tuple(t for t in tolls if _nearest(tree, scenes, t) == n))
        for n, scene in enumerate(scenes)
    ]


def _go_together(tree: Tree, group: list[Frame], frame: Frame) -> bool:
    """Two triggers tell of one thing unless each has its own place or its own date."""
    for other in group:
        if _stands_beside(tree, other, frame):
            return False
        if _differ_in_place(tree, other, frame) or _differ_in_date(other, frame):
            return False
    return True


def _stands_beside(tree: Tree, a: Frame, b: Frame) -> bool:
    """True when "while" parts two deeds, each with people of its own, or "and" what two sides did from afar."""
    if _are_exchanged(a, b) or _ends_fight(tree, a, b) or _ends_fight(tree, b, a):
        return True
    for x, y in ((a, b), (b, a)):
        verb = tree.verb_above(x.trigger.head)
        if verb is None or tree.tokens[verb].dep != "advcl" or y.trigger.head in tree.subtree(verb):
            continue
        if any(tree.tokens[c].text.lower() in ("while", "whereas") for c in tree.children(verb, "mark")):
            return (
                bool(x.patients or x.agents)
                and bool(y.patients or y.agents)
                and {p.span for p in x.agents} != {p.span for p in y.agents}
            )
    return False


_BEFORE = frozenset(("after", "following"))


def _ends_fight(tree: Tree, deal: Frame, deed: Frame) -> bool:
    """ "They agreed to a ceasefire after their troops traded fire": the deal is one thing, the fight another."""
    if deal.trigger.act != "agree" or deal.trigger.noun or deed.trigger.act in ("agree", "disrupt", "change"):
        return False
    verb = tree.verb_above(deed.trigger.head)
    ups = (verb, *tree.ancestors(verb)) if verb is not None else ()
    return any(
        tree.tokens[up].dep == "advcl"
        and tree.tokens[up].head == deal.trigger.head
        and any(tree.tokens[c].text.lower() in _BEFORE for c in tree.children(up, "mark"))
        for up in ups
    )


_FROM_AFAR = frozenset(("airstrike", "shelling", "strike"))


def _are_exchanged(a: Frame, b: Frame) -> bool:
    """ "Jets struck Gaza and militants fired rockets at cities": two sides, two deeds from afar."""
    if not {a.trigger.act, b.trigger.act} <= _FROM_AFAR or a.trigger.noun or b.trigger.noun:
        return False
    doers = [{p.reading.actor.name for p in f.agents if p.reading} for f in (a, b)]
    return bool(doers[0]) and bool(doers[1]) and not doers[0] & doers[1]


def _differ_in_place(tree: Tree, a: Frame, b: Frame) -> bool:
    if not a.toponyms or not b.toponyms:
        return False
    names_a, names_b = {t.place.name for t in a.toponyms}, {t.place.name for t in b.toponyms}
    if names_a & names_b:
        return False
    if any(_holds(x, y) or _holds(y, x) for x in a.toponyms for y in b.toponyms):
        return False
    return all(t.place.kind in ("town", "site", "admin2", "admin1", "area") for t in (*a.toponyms, *b.toponyms))


def _holds(outer: Toponym, inner: Toponym) -> bool:
    """True when a district, province or region may hold the other place."""
    if outer.place.kind in ("town", "site") or outer.place.country != inner.place.country:
        return False
    return outer.place.kind in ("area", "country") or (outer.place.admin1 or outer.place.name) == inner.place.admin1


def _differ_in_date(a: Frame, b: Frame) -> bool:
    if a.when is None or b.when is None or a.when.by_report or b.when.by_report:
        return False
    x, y = a.when.expression.dates, b.when.expression.dates
    if x is None or y is None or x == y:
        return False
    return x.end < y.start or y.end < x.start


_CLINIC = re.compile(r"\bhospitals? (?:in|at) (?:\w+ (?:\w+ )?of )?$", re.IGNORECASE)


def _scene(tree: Tree, group: Sequence[Frame], all_frames: Sequence[Frame]) -> Scene:
    sentence = tree.sentence
    dated = [f for f in group if f.when is not None]
    best = min(dated, key=lambda f: (f.when.by_report, f.when.cost) if f.when else (True, 99.0), default=None)
    placed = [f for f in group if f.toponyms]
    spot = min(placed, key=lambda f: _coarseness(f.toponyms), default=None)
    low = min(f.shown.start for f in group)
    weapons = tuple(
        (kind, tree.span(first, last))
        for kind, first, last in find_weapons(sentence.tokens)
        if not any(t.span.meets(tree.span(first, last)) for f in all_frames for t in f.toponyms)
        if len(group) == len(all_frames)
        or _near_group(tree, group, first, all_frames)
        or any(p.span.holds(tree.span(first, last)) for f in group for p in f.agents)
    )
    when = best.when if best else None
    toponyms = spot.toponyms if spot else ()
    if all(f.trigger.act == "harm" for f in group):  # "died at a hospital in Srinagar" is not told of Srinagar
        toponyms = tuple(t for t in toponyms if not _CLINIC.search(sentence.text[: t.span.start - sentence.span.start]))
    return Scene(
        sentence=sentence.index,
        paragraph=sentence.paragraph,
        text=sentence.text,
        whole=sentence.span,
        span=Span(low, max(f.shown.end for f in group)),
        frames=tuple(group),
        when=when,
        toponyms=toponyms,
        tolls=(),
        weapons=weapons,
        definite=_is_definite(tree, group, when, toponyms),
        novel=_is_novel(tree, group),
        heading=is_heading(sentence),
    )


_STOPS = (".", "!", "?", "”", '"', "’", ";", ")", "…")
_HEADING_WORDS = 16


def is_heading(sentence: Sentence) -> bool:
    """The headline, or a line between paragraphs that ends without a stop."""
    return sentence.paragraph == 0 or (
        not sentence.text.rstrip().endswith(_STOPS) and len(sentence.text.split()) <= _HEADING_WORDS
    )


def _coarseness(toponyms: Sequence[Toponym]) -> int:
    return min(
        {"site": 0, "town": 0, "admin2": 2, "area": 2, "admin1": 3, "water": 3, "country": 4}[t.place.kind]
        for t in toponyms
    )


def _near_group(tree: Tree, group: Sequence[Frame], n: int, frames: Sequence[Frame]) -> bool:
    nearest = min(frames, key=lambda f: (tree.distance(f.trigger.head, n), abs(f.trigger.head - n)))
    return nearest in group


_THE_ATTACKERS = re.compile(
    r"(?:the|these|those) (?:\w+ )?"
    r"(?:attackers?|assailants?|gunm[ae]n|bombers?|shooters?|raiders|kidnappers|captors|intruders|men)\b",
    re.IGNORECASE,
)


def _is_definite(tree: Tree, group: Sequence[Frame], when: When | None, toponyms: Sequence[Toponym]) -> bool:
    """True for "the attack", "this raid": words that point back to what was told before."""
    if when is None and any(_THE_ATTACKERS.match(p.text) for f in group for p in f.agents):
        return True
    if any(_goes_on(f) and "also" in {tree.tokens[c].lemma for c in tree.children(f.trigger.head)} for f in group):
        return True  # "they also fired at the building"
    if when is None and all(f.trigger.act == "harm" and f.pronoun for f in group):
        return True  # "it wounded four"
    deeds = [f for f in group if f.trigger.act != "harm"] or list(group)
    nouns = [f.trigger for f in deeds if f.trigger.noun]
    if len(nouns) < len(deeds):
        return False
    for trigger in nouns:
        marks = tree.children(trigger.head, "det", "poss")
        dated = any(tree.tokens[c].entity == "DATE" for c in marks)
        if not dated and not {tree.tokens[c].text.lower() for c in marks} & _POINTING:
            return False
    return True


def _is_novel(tree: Tree, group: Sequence[Frame]) -> bool:
    harms = {f.trigger.head for f in group if f.trigger.act == "harm" and not f.toponyms}
    for frame in group:
        head = frame.trigger.head
        verbs = [n for n in tree.ancestors(head) if tree.tokens[n].pos == "VERB"]
        verbs = [v for v in verbs if v not in harms]
        told = [c for v in verbs for c in tree.children(v, "advmod") if tree.tokens[c].lemma in ("also", "separately")]
        if _goes_on(frame):
            continue
        marks = {tree.tokens[c].lemma for c in tree.children(head, "amod", "det", "advmod")} & _NOVEL
        if head in harms and marks <= {"also"}:
            continue  # "the bomber also died": one more of the same
        if told or marks:
            return True
    start = [t.text.lower() for t in tree.tokens[:4]]
    return any(w in ("separately", "elsewhere", "meanwhile") for w in start) or (
        start[:1] == ["in"] and bool({"another", "separate"} & set(start[1:3]))
    )


_SAME_THING = re.compile(r"(?:the|this|that|these|those) \w+(?:$| with )", re.IGNORECASE)


def _goes_on(frame: Frame) -> bool:
    """ "They also fired at the building": the thing is known, and neither a day nor a place is new."""
    return frame.when is None and not frame.toponyms and any(_SAME_THING.match(p.text) for p in frame.patients)


def _nearest(tree: Tree, scenes: Sequence[Scene], toll: Toll) -> int:
    def gap(scene: Scene) -> tuple[int, int]:
        return min(
            (tree.distance(f.trigger.head, toll.predicate), abs(f.trigger.head - toll.predicate)) for f in scene.frames
        )

    return min(range(len(scenes)), key=lambda n: gap(scenes[n])) if scenes else -1
