// One tab for each language over a form of django-modeltranslation: it shows the fields of one
// language and hides the others. Without JavaScript all of them are shown.
"use strict";

(() => {
  const FIELD = /\bmt-field-\S+-([a-z]{2}(?:_[a-z]+)?)(?=\s|$)/;
  const CHOICE = "admin-language";

  const languageOf = (widget) => FIELD.exec(widget.className)?.[1];

  /** A language in its own words: `ar` gives العربية. */
  const nameOf = (language) => {
    const code = language.replace("_", "-");
    return new Intl.DisplayNames([code], { type: "language" }).of(code);
  };

  /** What holds a field together with its label and errors: a row of the form or a table's cell. */
  const frameOf = (widget) => widget.closest("td, .fieldBox, .form-row");

  const framesOf = (root) =>
    [...root.querySelectorAll(".mt")]
      .map((widget) => ({ frame: frameOf(widget), language: languageOf(widget) }))
      .filter(({ frame, language }) => frame && language);

  /** The head cell over a column of an inline's table. */
  const headOver = (cell) => {
    const place = [...cell.parentElement.children].indexOf(cell);
    return cell.closest("table").querySelector("thead tr").children[place];
  };

  const show = (form, language) => {
    for (const { frame, language: its } of framesOf(form)) {
      const hidden = its !== language;
      frame.hidden = hidden;
      // The first cell of an inline's row stands for its original and is spanned by the head.
      if (frame.matches("td")) headOver(frame)?.toggleAttribute("hidden", hidden);
    }
    for (const tab of form.querySelectorAll("[role=tab]")) {
      const chosen = tab.dataset.language === language;
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen ? 0 : -1;
    }
    sessionStorage.setItem(CHOICE, language);
  };

  const makeTab = (form, language) => {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.role = "tab";
    tab.dataset.language = language;
    tab.textContent = nameOf(language);
    tab.addEventListener("click", () => show(form, language));
    const wrong = framesOf(form).some(
      ({ frame, language: its }) =>
        its === language && (frame.matches(".errors") || frame.querySelector(".errorlist")),
    );
    tab.classList.toggle("has-errors", wrong);
    return tab;
  };

  const moveBetween = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...event.currentTarget.children];
    const forward = document.dir === "rtl" ? -step : step;
    const next = tabs.at((tabs.indexOf(document.activeElement) + forward) % tabs.length);
    next.focus();
    next.click();
  };

  const addTabs = (form) => {
    const languages = [...new Set(framesOf(form).map(({ language }) => language))];
    if (languages.length < 2) return;
    const list = document.createElement("div");
    list.className = "language-tabs";
    list.role = "tablist";
    list.append(...languages.map((language) => makeTab(form, language)));
    list.addEventListener("keydown", moveBetween);
    form.querySelector("fieldset, .inline-group").before(list);
    const wrong = list.querySelector(".has-errors")?.dataset.language;
    const last = sessionStorage.getItem(CHOICE);
    show(form, wrong ?? (languages.includes(last) ? last : languages[0]));
    // A row added to an inline follows the tab that is chosen.
    document.addEventListener("formset:added", () =>
      show(form, list.querySelector("[aria-selected=true]").dataset.language),
    );
  };

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("#content-main form");
    if (form) addTabs(form);
  });
})();
