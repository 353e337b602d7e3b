"""
Every value as a plain dict and back: the one mapping that files, stores and vendors go through.

A document is a dict with a ``kind``, a ``version`` and the value's fields. Numbers that were measured
are text, days are ISO text, and fields that have their default value are left out.
"""

from .diff import Change, diff, patch

__all__ = ["Change", "diff", "patch"]
