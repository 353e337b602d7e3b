"""Figures for people: it shows what was worked out and computes nothing itself."""

from .text import tree

__all__ = ["tree"]
