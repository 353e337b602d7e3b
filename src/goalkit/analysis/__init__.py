"""Pure functions from a plan and a day to frozen results."""

from .rollup import Contribution, GoalProgress, Rollup, rollup

__all__ = ["Contribution", "GoalProgress", "Rollup", "rollup"]
