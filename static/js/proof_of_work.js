"use strict";

/* ALTCHA's proof of work: while the visitor types, their browser solves a small sum for the server,
   which costs one visitor nothing and a thousand pieces of spam a lot. A form is sent in any case:
   without a solution a person looks at it first. */

const GOOD_FOR = 60 * 60 * 1000; // milliseconds; the server takes a solution for twice as long
const PATIENCE = 20 * 1000;

async function solve({ challenge: address, worker: script }) {
  const response = await fetch(address, { cache: "no-store" });
  if (!response.ok) return "";
  const { maxNumber, ...challenge } = await response.json();
  const worker = new Worker(script);
  try {
    const number = await new Promise((resolve, reject) => {
      worker.addEventListener("message", (event) => resolve(event.data));
      worker.addEventListener("error", reject);
      worker.postMessage({ maxNumber, ...challenge });
    });
    return number === null ? "" : btoa(JSON.stringify({ ...challenge, number }));
  } finally {
    worker.terminate();
  }
}

function prove(field) {
  const form = field.form;
  const notice = form.querySelector("[data-proof-notice]");
  let work, begun, waits;

  function begin() {
    if (work && Date.now() - begun < GOOD_FOR) return work;
    begun = Date.now();
    field.value = "";
    work = solve(field.dataset).catch(() => "").then((solution) => (field.value = solution));
    return work;
  }

  form.addEventListener("input", begin);
  form.addEventListener("submit", async (event) => {
    if (field.value && Date.now() - begun < GOOD_FOR) return;
    event.preventDefault();
    if (waits) return; // pressed twice
    waits = true;
    notice.hidden = false;
    if (work) await Promise.race([work, later(PATIENCE)]);
    if (!field.value) work = undefined; // the network may be back
    await Promise.race([begin(), later(PATIENCE)]);
    form.submit();
  });
  // Back at this page after a step in the browser: a solution counts once.
  window.addEventListener("pageshow", () => {
    field.value = "";
    work = undefined;
    waits = false;
    notice.hidden = true;
  });
}

function later(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

for (const field of document.querySelectorAll("input[data-challenge]")) prove(field);
