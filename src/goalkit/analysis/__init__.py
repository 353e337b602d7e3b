"""Pure functions from a plan, a day and a policy to frozen results."""

from .rollup import Contribution, GoalProgress, Rollup, rollup

__all__ = ["Contribution", "GoalProgress", "Rollup", "rollup"]
