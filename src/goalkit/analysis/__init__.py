"""Pure functions from a plan and a day to frozen results."""

from .contributions import Contribution
from .rollup import GoalProgress, Rollup, rollup

__all__ = ["Contribution", "GoalProgress", "Rollup", "rollup"]
