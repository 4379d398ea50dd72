/* Moves the focus to the summary of a form's errors, so that screen readers announce it. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const summary = document.querySelector(".errornote");
  if (!summary) return;
  summary.tabIndex = -1;
  summary.focus();
});
