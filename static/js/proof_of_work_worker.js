"use strict";

/* Finds the number that was hashed with a challenge's salt (ALTCHA: SHA-256 of salt + number), in a
   worker so that the page stays responsive. SHA-256 (FIPS 180-4) is implemented here because
   crypto.subtle is ten times slower, as each call is asynchronous, and needs HTTPS. */

const primes = [];
for (let number = 2; primes.length < 64; number++) {
  if (primes.every((prime) => number % prime)) primes.push(number);
}
const fraction = (root) => Math.floor((root % 1) * 2 ** 32) | 0;
const INITIAL_HASH = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const ROUND_CONSTANTS = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));

const schedule = new Int32Array(64);

/* Updates `hash` with the 16 words of `words` that start at index `first`. */
function mix(hash, words, first) {
  const w = schedule;
  for (let t = 0; t < 16; t++) w[t] = words[first + t];
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15], y = w[t - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = hash;
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND_CONSTANTS[t] + w[t]) | 0;
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  const mixed = [a, b, c, d, e, f, g, h];
  for (let t = 0; t < 8; t++) hash[t] += mixed[t];
}

/* An ASCII text as padded words: followed by a 1 bit, and with its length in bits at the end. */
function pad(text) {
  const words = new Int32Array(((text.length + 8) >>> 6 << 4) + 16);
  for (let index = 0; index <= text.length; index++) {
    const byte = index < text.length ? text.charCodeAt(index) : 0x80;
    words[index >> 2] |= byte << (24 - (index % 4) * 8);
  }
  words[words.length - 1] = text.length * 8;
  return words;
}

/* The number, up to `maxNumber`, whose hash is `challenge`; null if there is none. */
function solve({ challenge, salt, maxNumber }) {
  const target = Int32Array.from({ length: 8 }, (_, t) =>
    parseInt(challenge.slice(t * 8, t * 8 + 8), 16));
  const hash = new Int32Array(8);
  for (let number = 0; number <= maxNumber; number++) {
    const words = pad(salt + number);
    hash.set(INITIAL_HASH);
    for (let first = 0; first < words.length; first += 16) mix(hash, words, first);
    if (hash.every((word, t) => word === target[t])) return number;
  }
  return null;
}

self.addEventListener("message", (event) => self.postMessage(solve(event.data)));
