"""
The boundary of texts: what comes in where an id, a text or a list of words belongs.

Whatever kind of string was given, a plain `str` comes out, so that values compare, pickle and
become JSON alike wherever they came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from .errors import InvalidValue, Problem, shown

#: The most characters that an id may have.
LONGEST_ID: Final = 255

# Control characters, line and paragraph separators, and halves of surrogate pairs.
_NOT_IN_IDS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NOT_IN_TEXTS: Final = re.compile("[\x00\ud800-\udfff]")


def identifier(value: object) -> str:
    """
    Return an id: a short piece of text on one line, compared character by character.

    Args:
        value: A string of 1 to 255 characters, without whitespace around it, control characters or
            lone surrogates.

    Raises:
        InvalidValue: ``not_text``, ``empty_id`` or ``bad_id``.

    Example:
        >>> identifier("2026-Q3")
        '2026-Q3'
    """
    if not isinstance(value, str):
        raise _not_text(value, "an id is text")
    word = str.__str__(value)
    if not word or word.isspace():
        raise InvalidValue.of("empty_id", f"the id {shown(word)} is empty", hint="give it at least one character")
    if len(word) > LONGEST_ID:
        message = f"the id {shown(word)} has {len(word)} characters"
        raise InvalidValue.of("bad_id", message, hint=f"at most {LONGEST_ID} are accepted")
    if word != word.strip():
        message = f"the id {shown(word)} has whitespace around it"
        raise InvalidValue.of("bad_id", message, hint=f"write {shown(word.strip())}")
    if found := _NOT_IN_IDS.search(word):
        message = f"the id {shown(word)} holds the character {found[0]!a}"
        raise InvalidValue.of("bad_id", message, hint="use characters that can be seen")
    return word


def given_id(value: str) -> str:
    """
    Return an id, or empty text where one is to be derived from the content.

    Args:
        value: An id, or empty text.

    Raises:
        InvalidValue: As of an `identifier`.

    Example:
        >>> given_id("wrong"), given_id("")
        ('wrong', '')
    """
    return text(value) and identifier(value)


def text(value: object) -> str:
    """
    Return free text, such as a title or a description. It may be empty and have many lines.

    Args:
        value: A string without NUL and lone surrogates, which stores and encodings cannot hold.

    Raises:
        InvalidValue: ``not_text`` or ``bad_text``.

    Example:
        >>> text("Make the mobile app a joy to use")
        'Make the mobile app a joy to use'
    """
    if not isinstance(value, str):
        raise _not_text(value, "text is expected")
    got = str.__str__(value)
    if found := _NOT_IN_TEXTS.search(got):
        message = f"{shown(got)} holds the character {found[0]!a} at position {found.start()}"
        raise InvalidValue.of("bad_text", message, hint="leave that character out")
    return got


def title(value: object) -> str:
    """
    Return a title: text of which something can be seen.

    Args:
        value: A string as `text` accepts it, with at least one character that is not whitespace.

    Raises:
        InvalidValue: ``no_title``, ``not_text`` or ``bad_text``.

    Example:
        >>> title("Reach an NPS of 70")
        'Reach an NPS of 70'
    """
    got = text(value)
    if not got or got.isspace():
        raise InvalidValue.of("no_title", f"the title {shown(got)} is empty", hint="give it a name")
    return got


def words(value: object) -> tuple[str, ...]:
    """
    Return words such as labels, each once, in the order given; those of a set are sorted.

    Args:
        value: An iterable of words, each of which would be accepted as an `identifier`.

    Raises:
        InvalidValue: ``not_a_list``, or the problems of the words under ``[0]``, ``[1]``, …

    Example:
        >>> words(["mobile", "growth", "mobile"])
        ('mobile', 'growth')
    """
    if isinstance(value, str):
        hint = f"put it in a list: [{shown(str.__str__(value))}]"
        raise InvalidValue.of("not_a_list", f"{shown(value)} is one text, not a list of words", hint=hint)
    unlisted = isinstance(value, (bytes, bytearray, memoryview, Mapping)) or getattr(value, "ndim", 1) == 0
    if unlisted or not isinstance(value, Iterable):
        raise InvalidValue.of("not_a_list", f"{shown(value)} is not a list of words", hint="give a list of strings")
    got: dict[str, None] = {}
    problems: list[Problem] = []
    for position, each in enumerate(value):
        try:
            got[identifier(each)] = None
        except InvalidValue as error:
            problems += error.under(f"[{position}]").problems
    if problems:
        raise InvalidValue(*problems)
    # A set has no order that two runs would agree on.
    return tuple(sorted(got) if isinstance(value, (set, frozenset)) else got)


def _not_text(value: object, rule: str) -> InvalidValue:
    return InvalidValue.of("not_text", f"{shown(value)} is not text", hint=f"{rule}; write str(…) to make it so")
