"""Figures for people: it shows what was worked out and computes nothing itself."""

from .kpis import cards, spark
from .text import tree

__all__ = ["cards", "spark", "tree"]
