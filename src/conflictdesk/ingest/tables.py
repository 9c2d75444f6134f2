"""One line of a .jsonl file to the fields of a document, each checked for its type."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import cast

OPTIONAL = ("title", "published", "url", "source", "language")


@dataclass(frozen=True, slots=True)
class Row:
    """What one line says: `content` as markup or plain text, its fields, and (kind, sentence) notes of what was off."""

    content: str
    is_html: bool
    external_id: str | None
    fields: dict[str, str | None]
    notes: tuple[tuple[str, str], ...] = field(default=())


def read_row(line: str) -> Row | tuple[str, str]:
    """The document of a line, or the kind and sentence of the Problem that it is.

    >>> read_row('{"text": "Two hurt", "id": 7}').external_id
    '7'
    >>> read_row('[1]')[0]
    'not-an-object'
    """
    try:
        said = cast(object, json.loads(line))
    except RecursionError:
        return "broken-json", "The line nests too deep to be read; it should be one flat object."
    except ValueError as error:
        at = f" near column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        return "broken-json", f"The line is not valid JSON{at}; write one object a line."
    if not isinstance(said, dict):
        return "not-an-object", 'The line is JSON but no object; write {"text": ...} or {"html": ...}.'
    return _check(cast("dict[str, object]", said))


def _check(said: dict[str, object]) -> Row | tuple[str, str]:
    text, html = said.get("text"), said.get("html")
    if text is None and html is None:
        return "no-text", "The object has neither `text` nor `html`; give one of them."
    for name, value in (("text", text), ("html", html)):
        if value is not None and not isinstance(value, str):
            return "wrong-type", f"`{name}` is {_kind(value)}, not a string; put quotes around it."
    notes: list[tuple[str, str]] = []
    if text is not None and html is not None:
        notes.append(("text-and-html", "The object has both `text` and `html`; `text` was read, give only one."))
    content = text if isinstance(text, str) else html
    if not isinstance(content, str) or not content.strip():
        return "empty", "The document has no words; leave the line out or fill it."
    fields = {name: _optional(said.get(name), name, notes) for name in OPTIONAL}
    return Row(content, text is None, _identify(said.get("id"), notes), fields, tuple(notes))


def _optional(value: object, name: str, notes: list[tuple[str, str]]) -> str | None:
    if value is None or isinstance(value, str):
        return value.strip() or None if isinstance(value, str) else None
    notes.append(("wrong-type", f"`{name}` is {_kind(value)}, not a string; it was left out."))
    return None


def _identify(value: object, notes: list[tuple[str, str]]) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return _optional(value, "id", notes)


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    return {int: "a number", float: "a number", list: "a list", dict: "an object"}.get(type(value), "of another kind")
