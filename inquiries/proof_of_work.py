"""ALTCHA's proof of work: the visitor's browser solves a puzzle before the form is sent.

A single visitor does not notice it; sending thousands of forms becomes expensive. It needs no
external service and no storage: a challenge is signed and contains its expiry. https://altcha.org/docs/v1/
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

# A browser tries half of the numbers on average: 0.8 seconds at a quarter of a laptop's speed.
MAX_NUMBER = 200_000
LIFETIME = timedelta(hours=2)
MAX_SOLUTION_LENGTH = 1000  # characters
SALT = "products.inquiries.proofs"


def new_challenge() -> dict[str, Any]:
    """A signed challenge for the browser, in the fields of ALTCHA's protocol."""
    challenge = altcha.create_challenge_v1(
        altcha.ChallengeOptionsV1(
            algorithm="SHA-256",
            max_number=MAX_NUMBER,
            expires=timezone.now() + LIFETIME,
            hmac_key=_signing_key(),
        )
    )
    return challenge.to_dict()


def is_solved(solution: str, submission_key: UUID | None) -> bool:
    """Whether `solution` solves a valid challenge of this site that no other submission has used.

    The same submission may be sent again with the same solution, for example after a network error.
    `submission_key` identifies it; None if it is unknown.
    """
    if len(solution) > MAX_SOLUTION_LENGTH:
        return False
    try:
        payload = altcha.PayloadV1.from_base64(solution)
        is_correct, _reason = altcha.verify_solution_v1(payload, _signing_key())
    except Exception:  # the library fails in many ways on malformed input
        return False
    return is_correct and _claim(payload.challenge, submission_key or uuid4())


def _claim(challenge: str, submission_key: UUID) -> bool:
    """Whether no other submission used this challenge; always true without a working cache."""
    key, value = f"proof:{challenge}", str(submission_key)
    try:
        is_unused = cache.add(key, value, LIFETIME.total_seconds())
        return is_unused or cache.get(key) == value
    except Exception:  # each cache backend has its own errors
        logger.exception("Cache unavailable; solutions count more than once.")
        return True


def _signing_key() -> str:
    return salted_hmac(SALT, "challenges", algorithm="sha256").hexdigest()
