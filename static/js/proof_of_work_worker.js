"use strict";

/* Finds the number that was hashed with a challenge's salt (ALTCHA: SHA-256 of salt + number), in a
   worker so that the page stays responsive. crypto.subtle is ten times slower here, because each call
   is asynchronous, and works on HTTPS only. Hence this SHA-256, as FIPS 180-4 defines it. */

const primes = [];
for (let number = 2; primes.length < 64; number++) {
  if (primes.every((prime) => number % prime)) primes.push(number);
}
const fraction = (root) => Math.floor((root % 1) * 2 ** 32) | 0;
const START = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const ADDED = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));

const schedule = new Int32Array(64);

/* Updates the hash with the 16 words of `words` from `first` on. */
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
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ADDED[t] + w[t]) | 0;
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  const turned = [a, b, c, d, e, f, g, h];
  for (let t = 0; t < 8; t++) hash[t] += turned[t];
}

/* The padded words of an ASCII text: a one bit after it, and its length at the end. */
function padded(text) {
  const words = new Int32Array(((text.length + 8) >>> 6 << 4) + 16);
  for (let place = 0; place <= text.length; place++) {
    const byte = place < text.length ? text.charCodeAt(place) : 0x80;
    words[place >> 2] |= byte << (24 - (place % 4) * 8);
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
    const words = padded(salt + number);
    hash.set(START);
    for (let first = 0; first < words.length; first += 16) mix(hash, words, first);
    if (hash.every((word, t) => word === target[t])) return number;
  }
  return null;
}

self.addEventListener("message", (event) => self.postMessage(solve(event.data)));
