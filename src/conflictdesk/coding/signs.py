"""What speaks for and against each value of a mention: named signs that hold or do not, in a reviewer's words.

A sign is a plain yes or no about how a value came about ("no day is said", "several sentences tell it"). How much each
counts is learnt and stands in `confidence.toml`; a sign that speaks against never raises a probability.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from conflictdesk.coding.anchors import Dated, Placed
from conflictdesk.coding.clues import Clues
from conflictdesk.coding.incidents import Incident, own_dates
from conflictdesk.coding.kinds import decide_kind, is_soft
from conflictdesk.coding.parties import Cast, Role
from conflictdesk.coding.toll_sums import TollSum, is_countable
from conflictdesk.coding.tolls import Toll
from conflictdesk.records import Article, Span, Toponym

_LATE = 6  # paragraphs
_OLD = 30  # days
_SHORT = 900  # characters
_FAR = 8.0  # cost of a date in the tree
_SURE = 0.9  # of a place name's ranking
_WIDE = 3  # place precision
_WEAK_ACTS = frozenset(("strike", "raid", "hit", "harm", "kill", "arrest", "other", "change", "transfer", "agree"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that the coder knows of a mention when its values are chosen; `places` counts those the incident has."""

    mention_id: str
    article: Article
    incident: Incident
    dated: Dated
    placed: Placed
    cast: Cast
    tolls: tuple[Toll, ...]
    deaths: TollSum | None
    injured: TollSum | None
    places: int = 1


@dataclass(frozen=True, slots=True)
class Sign:
    """A yes or no about a value.

    `expected` is the weight that we would give it before any text is counted: below 0 it speaks against the value,
    above 0 for it. What is learnt never changes that side.
    """

    name: str
    expected: float
    holds: Callable[[Known], bool]

    @property
    def speaks_for(self) -> bool:
        """True for a sign that can only raise a probability."""
        return self.expected > 0


def list_signs(field: str, known: Known) -> tuple[str, ...]:
    """The names of the signs that hold for a field of a mention, in the order of the table.

    Raises:
        KeyError: no field of `confidence` is called so.
    """
    return tuple(sign.name for sign in SIGNS[field] if sign.holds(known))


# ---------------------------------------------------------------- where the words stand


def _first_paragraph(k: Known) -> int:
    return min(s.paragraph for s in k.incident.scenes)


def _is_apart(k: Known, spans: Sequence[Span]) -> bool:
    """True when a value's words stand in no sentence that tells what was done."""
    told = [s.whole for s in k.incident.scenes if s.frames and not is_soft([s])] or [k.incident.scenes[0].whole]
    return bool(spans) and not any(w.holds(span) for w in told for span in spans)


def _in_body(k: Known) -> int:
    return len({s.sentence for s in k.incident.scenes if s.paragraph > 0})


def _whys(k: Known) -> str:
    return " ".join(f.why for s in k.incident.scenes for f in s.frames)


# ---------------------------------------------------------------- day and place


def _reason(reason: str | None, *words: str) -> bool:
    return reason is not None and any(word in reason for word in words)


def _days(k: Known) -> set[tuple[object, object]]:
    return {(d.start, d.end) for _, d in k.incident.own_dates() if d.precision == 1}


def _is_far_date(k: Known) -> bool:
    return any(
        s.when is not None and s.when.cost > _FAR and s.when.expression.span in k.dated.spans for s in k.incident.scenes
    )


def _is_date_kind(k: Known, *kinds: str) -> bool:
    return any(
        s.when is not None and s.when.expression.kind in kinds and s.when.expression.span in k.dated.spans
        for s in k.incident.scenes
    )


def _coarser(k: Known, precision: int) -> bool:
    return k.dated.dates is None or k.dated.dates.precision >= precision


def _is_old(k: Known) -> bool:
    published, dates = k.article.published_on, k.dated.dates
    return published is not None and dates is not None and (published - dates.end).days > _OLD


def _toponym(k: Known) -> Toponym | None:
    return next((t for t in k.incident.toponyms() if t.phrase in k.placed.spans and t.place == k.placed.place), None)


def _is_doubtful_name(k: Known) -> bool:
    found = _toponym(k)
    return found is not None and found.score < _SURE


def _other_places(k: Known) -> bool:
    names = {t.place.name for t in k.incident.toponyms() if t.place.kind in ("town", "site", "admin2")}
    return len(names) > 1


def _place_precision(k: Known) -> int:
    return 4 if k.placed.place is None else k.placed.place.precision


# ---------------------------------------------------------------- parties


def _is_stand_in(role: Role) -> bool:
    return role.actor is not None and role.actor.name.startswith(("Unidentified", "Civilians", "Protesters", "Rioters"))


def _is_named(role: Role) -> bool:
    return role.actor is not None and role.reason is None and not _is_stand_in(role)


def _is_general_force(role: Role) -> bool:
    """True for "the army" and "police": whose they are comes from the place."""
    name = role.actor.name if role.actor is not None and role.reason is None else ""
    return name.startswith(("Military Forces", "Police Forces", "Government of"))


def _candidates(k: Known, side: str) -> int:
    names = {a.name for a in Clues(tuple(k.incident.scenes)).actors(side)}
    return len({n for n in names if not n.startswith(("Unidentified", "Civilians"))})


def _is_pronoun(k: Known) -> bool:
    return any(f.pronoun for s in k.incident.scenes for f in s.frames)


def _is_mutual(k: Known) -> bool:
    return any(f.mutual for s in k.incident.scenes for f in s.frames)


def _role_signs(role: Callable[[Known], Role], side: str) -> tuple[Sign, ...]:
    return (
        Sign("nobody is coded", -1, lambda k: role(k).actor is None),
        Sign("inferred, no words name it", -0.5, lambda k: role(k).reason is not None),
        Sign("no perpetrator is named", -0.5, lambda k: _reason(role(k).reason, "no perpetrator")),
        Sign("a stand-in for people without a name", -0.3, lambda k: _is_stand_in(role(k))),
        Sign("the country's forces, by a general word", -0.4, lambda k: _is_general_force(role(k))),
        Sign("named in another sentence", -0.5, lambda k: _is_apart(k, role(k).spans)),
        Sign("several could be meant", -0.5, lambda k: _candidates(k, side) > 1),
        Sign("a pronoun stands for it", -0.8, lambda k: _is_pronoun(k) and _is_named(role(k))),
        Sign("the day is not of the news", -0.2, _is_old),
        Sign("part of a long article", -0.3, lambda k: len(k.article.text) > _SHORT),
        Sign("both sides of one verb", 0.4, _is_mutual),
        Sign("a name of the register", 0.5, lambda k: _is_named(role(k))),
    )


# ---------------------------------------------------------------- tolls


def _figures(k: Known, measure: str) -> set[int]:
    return {t.estimate.best for t in k.tolls if t.measure == measure and is_countable(t) and not t.weak}


def _some(k: Known, measure: str, test: Callable[[Toll], bool]) -> bool:
    return any(t.measure == measure and test(t) for t in k.tolls)


def _toll_signs(total: Callable[[Known], TollSum | None], measure: str) -> tuple[Sign, ...]:
    def of(test: Callable[[TollSum], bool]) -> Callable[[Known], bool]:
        def holds(k: Known) -> bool:
            found = total(k)
            return found is not None and test(found)

        return holds

    return (
        Sign("none is told", -0.3, lambda k: total(k) is None),
        Sign(
            "none is told, though others were harmed", -0.5, lambda k: total(k) is None and bool(k.deaths or k.injured)
        ),
        Sign(
            "none is told of an attack",
            -0.5,
            lambda k: total(k) is None and k.incident.family in ("armed", "explosive"),
        ),
        Sign("figures were set aside", -0.8, lambda k: total(k) is None and _some(k, measure, lambda t: True)),
        Sign("a word without a figure", -1, of(lambda t: t.imputed is not None)),
        Sign("added up from several figures", -0.8, of(lambda t: t.rule == "added" or len(t.spans) > 1)),
        Sign("sources differ", -0.5, of(lambda t: t.rule == "competing")),
        Sign("not an exact figure", -0.3, of(lambda t: t.value_is != "exact")),
        Sign("other figures are told too", -0.8, lambda k: total(k) is not None and len(_figures(k, measure)) > 1),
        Sign("only wounds or care are told", -0.8, of(lambda t: t.rule == "shot less killed")),
        Sign("one person, counted from words", -0.2, of(lambda t: t.estimate.best == 1)),
        Sign("told away from the deed", -0.5, lambda k: _toll_apart(k, total(k))),
        Sign("the incident has several places", -0.6, lambda k: k.places > 1),
        Sign("its sentences name other places", -0.5, lambda k: total(k) is not None and _other_places(k)),
        Sign("part of a long article", -0.3, lambda k: len(k.article.text) > _SHORT),
        Sign("several sentences give it", 0.5, lambda k: _is_repeated(k, total(k), measure)),
    )


def _toll_apart(k: Known, total: TollSum | None) -> bool:
    return total is not None and _is_apart(k, total.spans)


def _is_repeated(k: Known, total: TollSum | None, measure: str) -> bool:
    if total is None:
        return False
    same = [t for t in k.tolls if t.measure == measure and t.estimate.best == total.estimate.best]
    return len({t.sentence for t in same}) > 1


# ---------------------------------------------------------------- kind


def _kinds(k: Known) -> set[str]:
    decided = (decide_kind([s]) for s in k.incident.scenes if s.frames and not is_soft([s]))
    return {found[0] for found in decided if found}


def _is_weakly_named(k: Known) -> bool:
    acts = {f.trigger.act for s in k.incident.scenes for f in s.frames}
    return bool(acts) and acts <= _WEAK_ACTS


SIGNS: Mapping[str, tuple[Sign, ...]] = {
    "event": (
        Sign("told late in the article", -0.5, lambda k: _first_paragraph(k) > _LATE),
        Sign("only the headline tells it", -0.8, lambda k: _in_body(k) == 0 and _first_paragraph(k) == 0),
        Sign("only harm is told, not what was done", -0.8, lambda k: k.incident.soft),
        Sign(
            "the words point back at something told before", -0.8, lambda k: all(s.definite for s in k.incident.scenes)
        ),
        Sign("a weak word tells it", -0.3, _is_weakly_named),
        Sign("a strategic development", -0.8, lambda k: k.incident.family == "strategic"),
        Sign("no day of its own", -0.8, lambda k: k.dated.reason is not None or k.dated.dates is None),
        Sign("no one day", -0.4, lambda k: _coarser(k, 2)),
        Sign("no better than a month", -0.8, lambda k: _coarser(k, 3)),
        Sign("no place of its own", -0.8, lambda k: k.placed.reason is not None or k.placed.place is None),
        Sign("no town", -0.4, lambda k: _place_precision(k) >= _WIDE),
        Sign("long before the article", -0.5, _is_old),
        Sign("usual or repeated, by its words", -0.8, lambda k: "but its day is said" in _whys(k)),
        Sign("nobody is named", -0.3, lambda k: not _is_named(k.cast.actor1) and not _is_named(k.cast.actor2)),
        Sign("one of several places", -0.5, lambda k: k.places > 1),
        Sign("part of a long article", -0.3, lambda k: len(k.article.text) > _SHORT),
        Sign("several sentences tell it", 0.5, lambda k: _in_body(k) > 1),
        Sign("a toll is told", 0.5, lambda k: k.deaths is not None or k.injured is not None),
        Sign("the article leads with it", 0.5, lambda k: _first_paragraph(k) <= 1),
    ),
    "event_type": (
        Sign("only harm is told, not what was done", -1, lambda k: k.incident.soft),
        Sign("a weak word tells it", -0.5, _is_weakly_named),
        Sign("its sentences tell of different kinds", -0.8, lambda k: len(_kinds(k)) > 1),
        Sign("the kind of the event before", -0.8, lambda k: k.incident.rule.startswith("another attack like")),
        Sign("the weapon is told elsewhere", -0.8, lambda k: "told before" in k.incident.rule),
        Sign("a strategic development", -0.5, lambda k: k.incident.family == "strategic"),
        Sign("crowds, whose violence decides", -0.3, lambda k: k.incident.family == "crowd"),
        Sign("no perpetrator is named", -0.2, lambda k: _reason(k.cast.actor1.reason, "no perpetrator")),
        Sign("no weapon is named", -0.3, lambda k: not any(s.weapons for s in k.incident.scenes)),
        Sign("part of a long article", -0.3, lambda k: len(k.article.text) > _SHORT),
        Sign("several sentences agree on it", 0.4, lambda k: _in_body(k) > 1 and len(_kinds(k)) == 1),
    ),
    "date": (
        Sign("inferred, not said of it", -0.8, lambda k: k.dated.reason is not None),
        Sign(
            "carried from another sentence", -0.5, lambda k: _reason(k.dated.reason, "sentence before", "article tells")
        ),
        Sign("the day of the report", -0.3, lambda k: _reason(k.dated.reason, "reported")),
        Sign("no day is said", -0.5, lambda k: _reason(k.dated.reason, "no day is said")),
        Sign("said in another sentence", -0.4, lambda k: _is_apart(k, k.dated.spans)),
        Sign("said far from the verb", -0.5, _is_far_date),
        Sign("its sentences give different days", -0.8, lambda k: len(_days(k)) > 1),
        Sign("no one day", -0.4, lambda k: _coarser(k, 2)),
        Sign("no better than a month", -0.4, lambda k: _coarser(k, 3)),
        Sign("counted from another day in the text", -0.5, lambda k: _is_date_kind(k, "anaphoric")),
        Sign("counted from the day of publication", -0.1, lambda k: _is_date_kind(k, "relative", "month")),
        Sign("a period", -0.5, lambda k: _is_date_kind(k, "period")),
        Sign("the day of publication is not known", -0.8, lambda k: k.article.published_on is None),
        Sign("long before the article", -0.3, _is_old),
        Sign("part of a long article", -0.3, lambda k: len(k.article.text) > _SHORT),
        Sign(
            "several sentences give it",
            0.4,
            lambda k: k.dated.dates is not None and sum(own_dates(s) == k.dated.dates for s in k.incident.scenes) > 1,
        ),
    ),
    "place": (
        Sign("carried from another sentence", -0.8, lambda k: k.placed.reason is not None),
        Sign("the article's main place", -0.5, lambda k: _reason(k.placed.reason, "speaks of")),
        Sign("named in another sentence", -0.4, lambda k: k.placed.reason is None and _is_apart(k, k.placed.spans)),
        Sign("near a place, not in it", -0.3, lambda k: _place_precision(k) >= 2),
        Sign("no better than a province", -0.5, lambda k: _place_precision(k) >= _WIDE),
        Sign("only a country", -0.8, lambda k: _place_precision(k) >= _WIDE + 1),
        Sign("several places bear the name", -0.5, _is_doubtful_name),
        Sign(
            "in no list of places", -0.3, lambda k: k.placed.place is not None and k.placed.place.gazetteer_id is None
        ),
        Sign("its sentences name other places", -0.4, _other_places),
        Sign("one of several places", -0.3, lambda k: k.places > 1),
        Sign("long before the article", -0.2, _is_old),
        Sign("part of a long article", -0.3, lambda k: len(k.article.text) > _SHORT),
        Sign(
            "several sentences name it",
            0.4,
            lambda k: (
                k.placed.place is not None
                and sum(any(t.place == k.placed.place for t in s.toponyms) for s in k.incident.scenes) > 1
            ),
        ),
    ),
    "actor1": _role_signs(lambda k: k.cast.actor1, "agents"),
    "actor2": _role_signs(lambda k: k.cast.actor2, "patients"),
    "deaths": _toll_signs(lambda k: k.deaths, "deaths"),
    "injured": _toll_signs(lambda k: k.injured, "injured"),
}
