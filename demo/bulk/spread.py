"""How rows are spread, so that the pages of a small database are as long as those of a big one.

Only then does the time that a page takes say what many rows cost.
"""

from datetime import timedelta
from random import Random

RECENT_PERIOD = timedelta(days=2)
MAX_RECENT = 200
# The rows that share something rare: a tag and a word, or a held message.
RARE_ROWS = 80
# The rows in a state that a list shows by itself, of which few have a word; three pages.
MIN_ROWS_IN_STATE = 150


def is_recent(pk: int, total: range) -> bool:
    """Whether the row is among the newest 200, or the newest fifth of fewer than 1,000."""
    return total.stop - pk <= min(MAX_RECENT, len(total) // 5)


def choose_age(random: Random, pk: int, total: range, years: int) -> timedelta:
    """The recent rows are from the last two days, the others from all the `years` before."""
    recent = min(MAX_RECENT, len(total) // 5)
    if is_recent(pk, total):
        return RECENT_PERIOD * ((total.stop - pk - random.random()) / recent)
    older = timedelta(days=365 * years) - RECENT_PERIOD
    place = (pk - total.start + random.random()) / (len(total) - recent)
    return RECENT_PERIOD + older * (1 - place)


def is_rare(pk: int, total: range) -> bool:
    """True for at least 80 rows, at equal distances, or for all of fewer."""
    return (pk - total.start) % max(1, len(total) // RARE_ROWS) == 0


def share_of_state(usual: float, total: range) -> float:
    """The share of rows in a state: `usual`, or more (at most 15 %) where that would be too few."""
    return max(usual, min(0.15, MIN_ROWS_IN_STATE / len(total)))
