"""ALTCHA's proof of work: a browser finds the number that was hashed, then its form counts.

One visitor does not notice it; who sends spam by the thousand has to pay for it. Nobody else is
asked, and nothing is kept of a challenge until it is solved: it is signed, and says itself how long
it is good for. https://altcha.org/docs/v1/
"""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import altcha
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac

logger = logging.getLogger(__name__)

# On average half of them are tried. A browser at a quarter of a laptop's speed, as a phone has,
# takes 0.8 seconds for that.
HARDEST = 200_000
LIFETIME = timedelta(hours=2)
LONGEST = 1000  # letters of a solution
SALT = "products.inquiries.proofs"


def new_challenge() -> dict[str, Any]:
    """What the browser is to solve, as ALTCHA's protocol names it."""
    challenge = altcha.create_challenge_v1(
        altcha.ChallengeOptionsV1(
            algorithm="SHA-256",
            max_number=HARDEST,
            expires=timezone.now() + LIFETIME,
            hmac_key=_signing_key(),
        )
    )
    return challenge.to_dict()


def is_solved(solution: str, sending: UUID | None) -> bool:
    """Whether `solution` is that of a challenge of ours, still good, and of this sending alone.

    The same sending may come twice with its solution, as after a lost line; `sending` is what it is
    known by, None where that cannot be told.
    """
    if len(solution) > LONGEST:
        return False
    try:
        payload = altcha.PayloadV1.from_base64(solution)
        is_right, _reason = altcha.verify_solution_v1(payload, _signing_key())
    except Exception:  # a hidden field may hold anything, which the library was not made for
        return False
    return is_right and _is_first_use(payload.challenge, sending or uuid4())


def _is_first_use(challenge: str, sending: UUID) -> bool:
    """Whether no other sending was proved by this challenge; with the cache away none was."""
    try:
        used_by = cache.get_or_set(f"proof:{challenge}", str(sending), LIFETIME.total_seconds())
    except Exception:  # each kind of cache has errors of its own
        logger.exception("The cache does not answer; solutions count more than once.")
        return True
    return used_by == str(sending)


def _signing_key() -> str:
    return salted_hmac(SALT, "challenges", algorithm="sha256").hexdigest()
