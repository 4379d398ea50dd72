"use strict";

/* ALTCHA's proof of work: while the visitor types, the browser solves a puzzle from the server. A
   single visitor does not notice; sending thousands of forms becomes expensive. The form is sent even
   without a solution: then staff check the inquiry first. */

const SOLUTION_LIFETIME = 60 * 60 * 1000; // milliseconds; the server accepts it for twice as long
const SUBMIT_TIMEOUT = 20 * 1000; // milliseconds

async function solve({ challenge: challengeUrl, worker: workerUrl }) {
  const response = await fetch(challengeUrl, { cache: "no-store" });
  if (!response.ok) return "";
  const { maxNumber, ...challenge } = await response.json();
  const worker = new Worker(workerUrl);
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

function addProofOfWork(field) {
  const form = field.form;
  const notice = form.querySelector("[data-proof-notice]");
  let solving, startedAt, isSubmitting;

  function start() {
    if (solving && Date.now() - startedAt < SOLUTION_LIFETIME) return solving;
    startedAt = Date.now();
    field.value = "";
    solving = solve(field.dataset).catch(() => "").then((solution) => (field.value = solution));
    return solving;
  }

  form.addEventListener("input", start);
  form.addEventListener("submit", async (event) => {
    if (field.value && Date.now() - startedAt < SOLUTION_LIFETIME) return;
    event.preventDefault();
    if (isSubmitting) return; // a double click
    isSubmitting = true;
    notice.hidden = false;
    if (solving) await Promise.race([solving, delay(SUBMIT_TIMEOUT)]);
    if (!field.value) solving = undefined; // the connection may work again
    await Promise.race([start(), delay(SUBMIT_TIMEOUT)]);
    if (event.submitter?.name) addHiddenField(form, event.submitter);
    form.submit();
  });
  // After going back to this page: a solution can be used once only.
  window.addEventListener("pageshow", () => {
    field.value = "";
    solving = undefined;
    isSubmitting = false;
    notice.hidden = true;
  });
}

/* `form.submit()` does not send the button that was clicked. */
function addHiddenField(form, { name, value }) {
  const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
  form.append(field);
}

function delay(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

for (const field of document.querySelectorAll("input[data-challenge]")) addProofOfWork(field);
