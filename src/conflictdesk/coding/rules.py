"""The default coder: rules over grammar, dates, tolls and places. It works offline and says which rule spoke."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from conflictdesk.codebook.actors import ActorRegister, load_actors
from conflictdesk.codebook.countries import CountryTable, load_countries
from conflictdesk.coding.actor_credits import credit_claim, credit_speaker, note_unsaid, share_agents, share_opponents
from conflictdesk.coding.actors import ActorReading, resolve_actor
from conflictdesk.coding.anchors import date_incident, is_background, place_incident
from conflictdesk.coding.blame import read_blame
from conflictdesk.coding.carrying import carry_agents, carry_lead_ins, is_lead_in
from conflictdesk.coding.claims import is_total, read_claims
from conflictdesk.coding.confidence import Rate, rate_mention
from conflictdesk.coding.dates import DateExpression, read_dates
from conflictdesk.coding.drafts import Draft, Settings, claim_shared, gather_settings, is_mishap, make_mention
from conflictdesk.coding.grammar import Tree
from conflictdesk.coding.incidents import Incident, link_scenes
from conflictdesk.coding.parties import cast_incident
from conflictdesk.coding.place_shares import place_apart, place_bare_tolls
from conflictdesk.coding.scenes import Frame, Scene, build_scenes, drop_long_runs, read_frames
from conflictdesk.coding.second_opinion import Opinion
from conflictdesk.coding.tolls import Toll, read_tolls
from conflictdesk.coding.topics import name_article_topic, name_sentence_topic
from conflictdesk.coding.unlisted_places import add_unlisted
from conflictdesk.records import (
    Actor,
    Article,
    Claim,
    Coding,
    Mention,
    Parse,
    Reading,
    Sentence,
    Span,
    Toponym,
    Verdict,
)

NAME = "rules 0.1"
_HARD = frozenset(("strike", "airstrike", "shelling", "blast", "suicide", "attack", "shoot"))
_ORIGIN = re.compile(r"[-–](?:based|born|led|backed|made|style|educated|bound|trained|registered|flagged)\b")
_NAME_GOES_ON = re.compile(r"[A-ZÀ-Þ]\w+ (?:du|de|des|del|della|dello|do|da|dos) (?:la |l[’'])?$")
_BORDER = re.compile(
    r"\b(?:(?:borders?|frontiers?) (?:with|to)|bordering|across the border (?:in|into|from)) (?:the )?$"
)
_LEAD_PARAGRAPHS = 3
_WITH_BODY = 3  # sentences: a headline and some text
_NEAR_DAY = 4.0  # steps in the tree
_CLAIM_REACH = 12  # sentences
_BACK = frozenset(("they", "it", "the group", "the militia", "the rebels", "the movement"))
_ELSEWHERE = re.compile(r"(?:Separately|Elsewhere|Meanwhile|In (?:another|a separate))\b")
_BACK_REACH = 400
_LONGEST_DAYS = 14  # a longer window dates a claim, not an event


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """An article with all that was read in it."""

    article: Article
    parse: Parse
    toponyms: tuple[Toponym, ...]
    dates: tuple[DateExpression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What one sentence came to."""

    scenes: tuple[Scene, ...] = ()
    claims: tuple[Claim, ...] = ()
    verdict: Verdict = "nothing"
    rule: str = ""


class RuleCoder:
    """A Coder by rules. `register`, `countries` and `rate` (how sure it is) may be replaced by a desk's own."""

    def __init__(
        self,
        register: ActorRegister | None = None,
        countries: CountryTable | None = None,
        rate: Rate = rate_mention,
        opinion: Opinion | None = None,
    ) -> None:
        self._register = register or load_actors()
        self._countries = countries or load_countries()
        self._rate = rate
        self._opinion = opinion
        self.name = f"{NAME} with {opinion.name}" if opinion else NAME

    def code(self, article: Article, parse: Parse, toponyms: Iterable[Toponym]) -> Coding:
        """Code one article: its mentions, its claims, and what became of every sentence."""
        page = _Page(
            article=article,
            parse=parse,
            toponyms=self._places_only(article, parse, toponyms),
            dates=read_dates(article.text, article.published_on),
        )
        topic = name_article_topic(article.text)
        told = {
            s.index: _Told(rule=f"the article is about: {topic}") if topic else self._read_sentence(page, s)
            for s in parse.sentences
        }
        scenes = carry_agents(place_bare_tolls([s for t in told.values() for s in t.scenes], page.toponyms))
        scenes = carry_lead_ins(scenes, parse, page.dates, page.toponyms)
        incidents = link_scenes(scenes)
        self._weigh_kinds(incidents)
        # A lead that sums up several incidents is none itself, and yet names their day.
        linked = gather_settings(incidents)
        days = {s.when.expression for s in scenes if s.when and not s.when.by_report and _sums_up(s)}
        dates = sorted(days | set(linked.dates), key=lambda d: d.span)
        settings = replace(linked, dates=tuple(dates))
        mentions, shared, kept, dropped = self._make_mentions(page, incidents, settings)
        claims = [*(c for t in told.values() for c in t.claims), *shared]
        readings = tuple(_reading(article, s, told[s.index], kept, dropped) for s in parse.sentences)
        return Coding(
            mentions=_distinct(mentions), claims=tuple({c.claim_id: c for c in claims}.values()), readings=readings
        )

    def _places_only(self, article: Article, parse: Parse, toponyms: Iterable[Toponym]) -> tuple[Toponym, ...]:
        """Leave out names that are groups in the register ("Hamas"), and "London-based"; add those in no list."""
        groups = [Span(start, end) for start, end, _ in self._register.scan(article.text)]
        known = tuple(
            t
            for t in toponyms
            if not any(g.holds(t.span) and g.start == t.span.start for g in groups)
            and not _ORIGIN.match(article.text, t.span.end)
            and not (
                t.place.kind == "country" and _BORDER.search(article.text, max(0, t.span.start - 40), t.span.start)
            )
            and not _NAME_GOES_ON.search(article.text, max(0, t.span.start - 40), t.span.start)
        )
        return add_unlisted(article, parse, known, groups)

    # ------------------------------------------------------------ sentences

    def _read_sentence(self, page: _Page, sentence: Sentence) -> _Told:
        if not sentence.tokens:
            return _Told(rule="no word that could tell of an event")
        if sentence.text.rstrip(' "”’').endswith("?"):
            return _Told(rule="a question")
        dates = [d for d in page.dates if sentence.span.holds(d.span)]
        tolls = read_tolls(sentence)
        claims = read_claims(page.article, sentence, tolls, dates, self._namer(page, sentence))
        own = tuple(replace(t, historic=False) for t in tolls if not is_total(sentence, t, dates) and not t.unreal)
        frames = self._frames(page, sentence, dates)
        if self._opinion is not None:
            frames = self._opinion.weigh_frames(sentence.text, frames)
        facts = [f for f in frames if f.standing == "fact"]
        own = _tell_by_clause(Tree(sentence), own, frames)
        topic = name_sentence_topic(sentence.text)
        if topic and not (
            topic == "commemoration"
            and any(f.trigger.act in _HARD and f.when and f.when.cost < _NEAR_DAY for f in facts)
        ):
            return _Told(rule=f"the sentence is about: {topic}")
        marched = any(f.trigger.act == "protest" and f.toponyms for f in facts)
        if claims and (not own or all(t.negated for t in own)) and not _has_own_day(facts) and not marched:
            return _Told(claims=tuple(claims), verdict="claim", rule="a figure over a period or many events")
        scenes = place_apart(build_scenes(sentence, facts, own), page.toponyms)
        if not scenes and own:
            scenes = [_toll_scene(sentence, own)]
        if scenes:
            return _Told(
                scenes=tuple(scenes), claims=tuple(claims), verdict="event", rule=facts[0].why if facts else "a toll"
            )
        refused = next((f for f in frames if f.standing != "fact"), None)
        return _Told(
            claims=tuple(claims),
            verdict="background" if refused else "nothing",
            rule=f"{refused.standing}: {refused.why}" if refused else "no trigger told",
        )

    def _frames(self, page: _Page, sentence: Sentence, dates: Sequence[DateExpression]) -> list[Frame]:
        own = [t for t in page.toponyms if sentence.span.holds(t.span)]
        usable = [
            d
            for d in dates
            if not d.future
            and not (d.duration and d.dates and (d.dates.end - d.dates.start).days > _LONGEST_DAYS)
            and d.kind != "dateline"
        ]

        frames = read_frames(sentence, usable, own, lambda phrase, country: self._resolve(page, phrase, country))
        if any(
            s.paragraph == sentence.paragraph and is_lead_in(s)
            for s in page.parse.sentences[max(0, sentence.index - 3) : sentence.index]
        ):
            # A dated entry of a chronicle tells in the present: "19 July: rebels ambush a patrol".
            frames = [
                replace(f, standing="fact", why="an entry of a chronicle") if f.standing == "habit" else f
                for f in frames
            ]
        return drop_long_runs(Tree(sentence), frames, [d for d in dates if d not in usable and d.duration])

    def _name_actor(self, page: _Page) -> Callable[[str], Actor | None]:
        def name(phrase: str) -> Actor | None:
            found = self._resolve(page, phrase, None)
            return found.actor if found else None

        return name

    def _namer(self, page: _Page, sentence: Sentence) -> Callable[[str], Actor | None]:
        """Like `_name_actor`, but "they" and "the group" are the group named last before the sentence's own verb."""
        name = self._name_actor(page)

        def name_or_last(phrase: str) -> Actor | None:
            if phrase.lower() not in _BACK:
                return name(phrase)
            before = page.article.text[max(0, sentence.span.start - _BACK_REACH) : sentence.span.end]
            cut = before.lower().rfind(f" {phrase.lower()} ")
            found = self._register.scan(before[:cut] if cut > 0 else before)
            return found[-1][2].actor if found else None

        return name_or_last

    def _resolve(self, page: _Page, phrase: str, country: str | None) -> ActorReading | None:
        home = country or _main_country(page)
        capital = self._countries.by_metonym(phrase.strip())
        words = capital.name if capital else phrase
        found = resolve_actor(
            words, register=self._register, countries=self._countries, country=home, on=page.article.published_on
        )
        return replace(found, start=0, end=len(phrase)) if found and capital else found

    # ------------------------------------------------------------ incidents

    def _weigh_kinds(self, incidents: Sequence[Incident]) -> None:
        for incident in incidents:
            if self._opinion is not None and incident.kind is not None:
                texts = [scene.text for scene in incident.scenes]
                incident.kind, incident.rule = self._opinion.weigh_kind(texts, incident.kind, incident.rule)

    def _make_mentions(
        self, page: _Page, incidents: Sequence[Incident], told: Settings
    ) -> tuple[list[Mention], list[Claim], dict[int, str], dict[int, str]]:
        kept: dict[int, str] = {}
        dropped: dict[int, str] = {}
        drafts = [d for d in (self._draft(page, incident, told) for incident in incidents) if d is not None]
        casts = share_opponents([(d.incident, d.cast) for d in drafts])
        casts = share_agents([(d.incident, d.dated.dates, c) for d, c in zip(drafts, casts, strict=True)])
        mentions: list[Mention] = []
        shared: list[Claim] = []
        for draft, cast in zip(drafts, casts, strict=True):
            for scene in draft.incident.scenes:
                (dropped if draft.background else kept)[scene.sentence] = draft.background or draft.incident.rule
            if not draft.background:
                settled = replace(draft, cast=cast)
                mentions += [
                    make_mention(page.article, self.name, settled, place, self._rate) for place in draft.places
                ]
                shared += claim_shared(page.article, settled)
        return mentions, shared, kept, dropped

    def _draft(self, page: _Page, incident: Incident, told: Settings) -> Draft | None:
        if incident.kind is None:
            return None
        dated = date_incident(incident, page.article, told.dates)
        places = place_incident(incident, page.toponyms, told.toponyms, page.article.text)
        lead = min(s.paragraph for s in incident.scenes) <= 2
        headline = all(s.paragraph == 0 for s in incident.scenes) and len(page.parse.sentences) > _WITH_BODY
        mishap = incident.family == "explosive" and is_mishap(page.parse, incident)
        own = not incident.soft and not all(s.definite for s in incident.scenes)
        past = is_background(dated, places[0], page.article.published_on if own else None) and not (
            lead and dated.dates is not None and dated.dates.precision <= 2
        )
        sentences = [page.parse.sentences[s.sentence] for s in incident.scenes]
        name = self._name_actor(page)
        first = incident.scenes[0].paragraph <= _LEAD_PARAGRAPHS
        blame = read_blame(_with_next(page.parse, sentences, _CLAIM_REACH if first else 2), name)
        country = places[0].place.country if places[0].place else None
        cast = credit_speaker(credit_claim(cast_incident(incident, country), blame, name), incident, name)
        cast = note_unsaid(cast, incident, page.parse)
        return Draft(
            incident=incident,
            dated=dated,
            places=places,
            cast=cast,
            blame=blame,
            background="the text calls it an accident"
            if mishap
            else "only the headline tells of it"
            if headline
            else "background: no month or no province comes out"
            if past
            else "",
        )


def _toll_scene(sentence: Sentence, tolls: Sequence[Toll]) -> Scene:
    """People harmed with no trigger beside: it can only add to an incident told before."""
    return Scene(
        sentence=sentence.index,
        paragraph=sentence.paragraph,
        text=sentence.text,
        whole=sentence.span,
        span=tolls[0].span,
        frames=(),
        when=None,
        toponyms=(),
        tolls=tuple(tolls),
        weapons=(),
        definite=True,
        novel=_ELSEWHERE.match(sentence.text) is not None,
    )


def _tell_by_clause(tree: Tree, tolls: Sequence[Toll], frames: Sequence[Frame]) -> tuple[Toll, ...]:
    """Leave out tolls of deeds only named; but "the murder of a farmer, who was shot in Tocoa" goes with its clause."""
    named = {f.trigger.head for f in frames if f.standing == "named"}
    facts = [f.trigger.head for f in frames if f.standing == "fact"]
    told = []
    for toll in tolls:
        if toll.predicate in named:
            below = set(tree.subtree(toll.predicate))
            clause = next((head for head in facts if head in below and tree.tokens[head].dep == "relcl"), None)
            if clause is None:
                continue
            toll = replace(toll, predicate=clause)
        told.append(toll)
    return tuple(told)


def _sums_up(scene: Scene) -> bool:
    """True for a lead that only counts the harmed: "four people were killed in a string of incidents on Sunday"."""
    return scene.paragraph == 1 and scene.acts == {"harm"}


def _has_own_day(frames: Sequence[Frame]) -> bool:
    return any(
        f.when and f.when.expression.dates and f.when.expression.dates.precision == 1 and not f.when.by_report
        for f in frames
    )


def _main_country(page: _Page) -> str | None:
    """The country that the article names most, its towns included."""
    counts: dict[str, int] = {}
    for toponym in page.toponyms:
        if toponym.place.country:
            counts[toponym.place.country] = counts.get(toponym.place.country, 0) + 1
    return max(counts, key=lambda c: (counts[c], c)) if counts else None


def _with_next(parse: Parse, sentences: Sequence[Sentence], reach: int) -> list[Sentence]:
    """The sentences of an incident and some after its last: where claims of responsibility stand."""
    chosen = {s.index: s for s in sentences}
    last = max(chosen)
    for s in parse.sentences[last + 1 : last + 1 + reach]:
        chosen[s.index] = s
    return [chosen[n] for n in sorted(chosen)]


def _reading(
    article: Article, sentence: Sentence, told: _Told, kept: dict[int, str], dropped: dict[int, str]
) -> Reading:
    verdict, rule = told.verdict, told.rule
    if sentence.index in kept:
        verdict, rule = "event", kept[sentence.index]
    elif sentence.index in dropped:
        verdict, rule = "background", dropped[sentence.index]
    elif told.claims:
        verdict = "claim"
    elif verdict == "event":
        verdict, rule = "background", "no incident that it could belong to"
    return Reading(article_id=article.article_id, sentence=sentence.index, verdict=verdict, rule=rule, detail="")


def _distinct(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    seen: dict[str, Mention] = {}
    for mention in mentions:
        seen.setdefault(mention.mention_id, mention)
    return tuple(replace(m) for m in seen.values())
