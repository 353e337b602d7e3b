"""Texts, documents and moments that stores have lost, changed or tripped over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from ..storage import Key, Kind

#: Ids that are all different, most of them in a way that somebody does not tell apart.
IDS: Final[Mapping[str, str]] = {
    "plain": "nps",
    "upper case": "NPS",
    "mixed case": "Nps",
    "prefix": "np",
    "longer": "nps2",
    "composed": "caf\u00e9",
    "decomposed": "cafe\u0301",
    "sharp s": "stra\u00dfe",
    "double s": "strasse",
    "dotless i": "\u0131d",
    "dotted capital I": "\u0130d",
    "full width": "\uff4e\uff50\uff53",
    "astral": "\U0001f3af\U0010ffff",
    "combined": "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "right to left": "\u202e\u05d0\u05d1",
    "zero width": "n\u200bps",
    "byte order mark": "\ufeffnps",
    "single quote": "it's",
    "double quote": '"quoted"',
    "injection": "'; drop table goals; --",
    "backslash": "a\\b",
    "percent": "n%",
    "underscore": "n_s",
    "question mark": "n?s",
    "colon": ":name",
    "dollar": "$1",
    "braces": "{0}",
    "slash": "a/b",
    "parent folder": "../../etc",
    "dot": ".",
    "space": "a b",
    "two spaces": "a  b",
    "no-break space": "a\u00a0b",
    "number": "1",
    "padded number": "01",
    "decimal": "1.0",
    "exponent": "1e0",
    "null": "null",
    "none": "None",
    "nan": "NaN",
    "true": "true",
    "dunder": "__proto__",
    "wild card": "*",
    "formula": "=SUM(A1)",
    "longest": "x" * 255,
    "almost the longest": "x" * 254,
    "longest astral": "\U0001f3af" * 255,
}

#: Documents that have to come back character by character.
DOCUMENTS: Final[Mapping[str, str]] = {
    "empty object": "{}",
    "trailing zero": '{"value":"1.50"}',
    "whole number": '{"value":1}',
    "number with a fraction": '{"value":1.0}',
    "more digits than a float": '{"value":0.12345678901234567890123}',
    "large number": '{"value":123456789012345678901234567890}',
    "beyond 53 bits": '{"value":9007199254740993}',
    "beyond 64 bits": '{"value":18446744073709551617}',
    "small exponent": '{"value":1e-07}',
    "large exponent": '{"value":1E400}',
    "minus zero": '{"value":-0.0}',
    "order of fields": '{"b":1,"a":2}',
    "a field twice": '{"a":1,"a":2}',
    "spaces": '{ "a" : 1 }',
    "a line break after it": '{"a":1}\n',
    "line breaks of every sort": '{"a":1}\r\n\r\u2028\u2029\x85',
    "unknown fields": '{"kind":"objective","of a newer goalkit":[null,{"x":{}}]}',
    "escapes": '{"a":"\\u0000 \\ud83c\\udfaf \\/ \\n"}',
    "half a character, escaped": '{"a":"\\ud800"}',
    "accents": '{"a":"caf\u00e9 cafe\u0301"}',
    "astral": '{"a":"\U0001f3af\U0010ffff"}',
    "control characters": '{"a":"\x01\x1f\x7f\x9f"}',
    "byte order mark": '\ufeff{"a":1}',
    "quotes": '{"a":"it\'s \\"quoted\\""}',
    "injection": "'; drop table goals; --",
    "deep": "[" * 200 + "]" * 200,
    "no JSON": "{not json",
    "empty text": "",
    "null": "null",
    "long": '{"a":"' + "x\u00e9\U0001f3af" * 100_000 + '"}',
}

#: Names of workspaces that are all different.
NAMES: Final[Mapping[str, str]] = {
    name: IDS[name]
    for name in (
        "plain",
        "upper case",
        "prefix",
        "longer",
        "composed",
        "decomposed",
        "sharp s",
        "double s",
        "astral",
        "injection",
        "percent",
        "underscore",
        "slash",
        "parent folder",
        "dot",
        "space",
        "number",
        "padded number",
        "null",
    )
} | {"longest": "x" * 200, "almost the longest": "x" * 199}

#: What is no name of a workspace.
NO_NAMES: Final[Mapping[str, object]] = {
    "empty": "",
    "blank": " ",
    "spaces around it": " acme ",
    "too long": "x" * 201,
    "NUL": "a\0b",
    "line break": "a\nb",
    "half a character": "a\ud800",
    "number": 5,
    "bytes": b"acme",
    "none": None,
}

#: What is no key of a record.
NO_KEYS: Final[Mapping[str, object]] = {
    "text": "nps",
    "a pair": ("goal", "nps"),
    "a kind that is text": Key("goal", "nps"),  # type: ignore[arg-type] # that is what is refused
    "an id that is a number": Key(Kind.GOAL, 5),  # type: ignore[arg-type] # as above
    "a list": [Key(Kind.GOAL, "nps")],
    "half a character": Key(Kind.GOAL, "a\ud800"),
}

#: What is no idempotency key.
NO_REQUESTS: Final[Mapping[str, object]] = {
    "number": 5,
    "bytes": b"request-1",
    "list": ["request-1"],
    "too long": "x" * 256,
    "spaces around it": " request-1 ",
    "NUL": "a\0b",
    "half a character": "a\ud800",
}

#: What is no batch.
NO_BATCHES: Final[Mapping[str, object]] = {"nothing": None, "puts": [], "a fact": {"goal": "nps"}, "text": "nps"}

#: What is no limit of a page.
NO_LIMITS: Final[Mapping[str, object]] = {
    "none at all": 0,
    "negative": -1,
    "too many": 1001,
    "a fraction": 1.5,
    "text": "many",
    "none": None,
}

#: Moments that are easily lost, with what is kept of them.
MOMENTS: Final[Mapping[str, datetime]] = {
    "microseconds": datetime(2026, 7, 1, 12, 0, 0, 1, tzinfo=UTC),
    "whole second": datetime(2026, 7, 1, 12, 0, tzinfo=UTC),
    "another zone": datetime(2026, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    "before the epoch": datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    "first year": datetime(1, 1, 2, tzinfo=UTC),
    "last year": datetime(9999, 12, 30, tzinfo=UTC),
}

#: Days at the edges of the calendar.
DAYS: Final[Mapping[str, date | None]] = {
    "no day": None,
    "leap day": date(2024, 2, 29),
    "first": date.min,
    "last": date.max,
}

#: What people write as a reason.
TEXTS: Final[Mapping[str, str]] = {
    "empty": "",
    "lines": "one\ntwo\r\nthree\r",
    "quotes": "it's \"why\" '; drop table goals; --",
    "accents": "caf\u00e9 cafe\u0301",
    "astral": "\U0001f3af\U0010ffff",
    "control characters": "\x01\t\x1f\x7f",
    "spaces around it": " why ",
    "long": "why " * 5_000,
}
