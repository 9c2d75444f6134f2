"""How parties without a name of their own are called: "Military Forces of X", "Protesters (X)"."""

from __future__ import annotations

from dataclasses import replace

from conflictdesk.codebook.actors import ActorEntry, Identity
from conflictdesk.coding.actor_words import Head
from conflictdesk.records import Actor, ActorKind

_STATE_LABELS = {"military": "Military Forces", "police": "Police Forces", "government": "Government"}
_PEACEKEEPERS = "United Nations peacekeepers"
_OWN_NAMES = {"Settlers": "Settlers", "Vigilante": "Vigilante Group", "Communal": "Communal Militia"}


def place_label(label: str, country: str | None) -> str:
    """A generic name with its country in brackets, when one is known.

    >>> place_label("Rioters", "Chile"), place_label("Rioters", None)
    ('Rioters (Chile)', 'Rioters')
    """
    return f"{label} ({country})" if country else label


def name_entry(entry: ActorEntry, place: str | None) -> Actor:
    """The actor of a register entry; a state's army or police outside its own country is a foreign force."""
    if entry.name.startswith(("Military Forces of ", "Police Forces of ")):
        return replace(entry.actor, kind=_state_kind(entry.country, place))
    return entry.actor


def name_force(category: str, country: str | None, place: str | None) -> Actor:
    """A state's military, police or government; abroad, the first two are foreign forces."""
    label = _STATE_LABELS[category]
    kind: ActorKind = "State forces" if category == "government" else _state_kind(country, place)
    return Actor(name=f"{label} of {country}" if country else label, kind=kind, country=country)


def name_party(head: Head, country: str | None, identity: Identity | None, place: str | None) -> Actor:
    """The generic actor of a head noun in a country, with the people or faith that its modifiers name."""
    match head.category:
        case "military" | "police" | "government":
            return name_force(head.category, country, place)
        case "peacekeeper":
            return Actor(name=_PEACEKEEPERS, kind="External/Other forces")
        case "protest":
            return _name_generic("Protesters", "Protesters", country)
        case "riot" | "mob":
            return _name_generic("Rioters", "Rioters", country)
        case "security":
            return _name_generic(head.group or "Private Security Forces", "External/Other forces", country)
        case "identity":
            return _name_community(head.group or "Communal", country, identity)
        case "militia" if identity is not None:
            if identity.kind == "religious":
                return _name_generic(f"{identity.name} Militia", "Political militia", country)
            return _name_community("Communal", country, identity)
        case "armed" | "militia":
            return _name_generic("Unidentified Armed Group", "Political militia", country)
        case _:
            return _name_generic("Civilians", "Civilians", country)


def name_group(head: Head, country: str | None, identity: Identity | None, actor: Actor) -> Actor | None:
    """The people or trade beside the actor, unless the actor is already named by it."""
    if identity is not None and not actor.name.startswith(identity.name):
        label = "Ethnic Group" if identity.kind == "ethnic" else "Group"
        return _name_generic(f"{identity.name} {label}", "Civilians", country)
    if head.group and head.category in ("civilian", "protest", "riot"):
        return _name_generic(head.group, "Civilians", country)
    return None


def _name_generic(label: str, kind: ActorKind, country: str | None) -> Actor:
    return Actor(name=place_label(label, country), kind=kind, country=country)


def _name_community(group: str, country: str | None, identity: Identity | None) -> Actor:
    if identity is not None and group not in ("Settlers", "Vigilante"):
        label = f"{identity.name} Communal Militia"
    else:
        label = _OWN_NAMES.get(group, f"{group} Communal Militia")
    return _name_generic(label, "Identity militia", country)


def _state_kind(country: str | None, place: str | None) -> ActorKind:
    abroad = country is not None and place is not None and country != place
    return "External/Other forces" if abroad else "State forces"
