"""Who may decide what: one table, asked by the server for every decision and every page."""

from __future__ import annotations

from typing import Final

from conflictdesk.decisions import ROLES, Action, Role, SubjectKind, Track

_LEAD: Final = frozenset(("adopt", "settle", "draw", "grant", "revoke"))
_REVIEWER: Final = frozenset(("withdraw", "reopen"))


def least_role(action: Action, track: Track, kind: SubjectKind = "mention") -> Role:
    """The least role that may take an `action` on a `track`; `kind` is what the decision is about.

    A decision about an event as a whole weighs more than one about what a single article says of it.

    >>> least_role("change", "main"), least_role("change", "main", "event"), least_role("change", "final")
    ('coder', 'reviewer', 'lead')
    """
    if track == "final" or action in _LEAD or kind == "user":
        return "lead"
    if action in _REVIEWER or kind == "event":
        return "reviewer"
    return "coder"


def may(role: Role, action: Action, track: Track, kind: SubjectKind = "mention") -> bool:
    """True when somebody of that role may take the action; viewers only read.

    >>> may("coder", "drop", "second"), may("viewer", "flag", "main"), may("reviewer", "settle", "final")
    (True, False, False)
    """
    return ROLES.index(role) >= ROLES.index(least_role(action, track, kind))
