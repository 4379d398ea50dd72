"""The body of a page, plain and compressed, with its number of views written in."""

import gzip
import random

import brotli
import pytest

from core.page_cache.body import (
    SLOT,
    WIDTH,
    Body,
    compress_with_brotli,
    compress_with_gzip,
    decompress_brotli,
    split,
)

WORDS = ["crusher", "<p>", "</p>", "jaw", "the", "<div class='x'>", "石头", "حجر", "\n", " ", "8"]


def make_text(source: random.Random, longest: int) -> str:
    return " ".join(source.choice(WORDS) for _ in range(source.randrange(longest)))


@pytest.mark.parametrize("seed", range(20))
def test_the_number_is_written_into_compressed_bodies(seed):
    source = random.Random(seed)  # noqa: S311
    before, after = make_text(source, 5000), make_text(source, 5000)
    plain = split(f"{before}{SLOT}{after}".encode())
    assert decompress_brotli(compress_with_brotli(plain)) == plain
    for number in (0, 7, source.randrange(10**9), 10**WIDTH - 1):
        expected = f"{before}{number:<{WIDTH}}{after}".encode()
        assert plain.fill(number) == expected
        assert brotli.decompress(compress_with_brotli(plain).fill(number)) == expected
        assert gzip.decompress(compress_with_gzip(plain).fill(number)) == expected


def test_a_body_without_a_number_is_compressed_as_a_whole():
    text = make_text(random.Random(1), 5000).encode()  # noqa: S311
    plain = Body(text)
    assert plain.fill(5) == text
    assert decompress_brotli(compress_with_brotli(plain)) == plain
    assert brotli.decompress(compress_with_brotli(plain).fill(5)) == text
    assert gzip.decompress(compress_with_gzip(plain).fill(5)) == text


def test_a_number_that_is_too_long_does_not_break_the_page():
    plain = split(f"a{SLOT}b".encode())
    for body in (plain, compress_with_brotli(plain), compress_with_gzip(plain)):
        assert len(body.fill(10**20)) == len(body.fill(1))


@pytest.mark.parametrize("slots", [0, 2, 3])
def test_a_page_has_one_number(slots):
    with pytest.raises(ValueError, match=f"{slots} numbers"):
        split(f"<p>{SLOT * slots}</p>".encode())
