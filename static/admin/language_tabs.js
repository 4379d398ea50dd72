// Tabs above a form with translated fields: each shows the fields of one language and hides the
// others. Without JavaScript, all of them are shown.
"use strict";

(() => {
  const FIELD = /\bmt-field-\S+-([a-z]{2}(?:_[a-z]+)?)(?=\s|$)/;
  const CHOSEN_LANGUAGE = "admin-language"; // key in sessionStorage

  const languageOf = (widget) => FIELD.exec(widget.className)?.[1];

  /** The name of a language in itself: العربية for `ar`. */
  const nameOf = (language) => {
    const code = language.replace("_", "-");
    return new Intl.DisplayNames([code], { type: "language" }).of(code);
  };

  /** The element with a field, its label and its errors: a row of the form or a cell of a table. */
  const containerOf = (widget) => widget.closest("td, .fieldBox, .form-row");

  const containersOf = (root) =>
    [...root.querySelectorAll(".mt")]
      .map((widget) => ({ container: containerOf(widget), language: languageOf(widget) }))
      .filter(({ container, language }) => container && language);

  /** The heading of a cell's column in the table of an inline. */
  const headingOf = (cell) => {
    const index = [...cell.parentElement.children].indexOf(cell);
    return cell.closest("table").querySelector("thead tr").children[index];
  };

  const show = (form, language) => {
    for (const { container, language: fieldLanguage } of containersOf(form)) {
      const hidden = fieldLanguage !== language;
      container.hidden = hidden;
      if (container.matches("td")) headingOf(container)?.toggleAttribute("hidden", hidden);
    }
    for (const tab of form.querySelectorAll("[role=tab]")) {
      const chosen = tab.dataset.language === language;
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen ? 0 : -1;
    }
    sessionStorage.setItem(CHOSEN_LANGUAGE, language);
  };

  const makeTab = (form, language) => {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.role = "tab";
    tab.dataset.language = language;
    tab.textContent = nameOf(language);
    tab.addEventListener("click", () => show(form, language));
    const hasErrors = containersOf(form).some(
      ({ container, language: fieldLanguage }) =>
        fieldLanguage === language &&
        (container.matches(".errors") || container.querySelector(".errorlist")),
    );
    tab.classList.toggle("has-errors", hasErrors);
    return tab;
  };

  const moveByArrowKey = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...event.currentTarget.children];
    const offset = document.dir === "rtl" ? -step : step;
    const next = tabs.at((tabs.indexOf(document.activeElement) + offset) % tabs.length);
    next.focus();
    next.click();
  };

  const addTabs = (form) => {
    const languages = [...new Set(containersOf(form).map(({ language }) => language))];
    if (languages.length < 2) return;
    const list = document.createElement("div");
    list.className = "language-tabs";
    list.role = "tablist";
    list.append(...languages.map((language) => makeTab(form, language)));
    list.addEventListener("keydown", moveByArrowKey);
    form.querySelector("fieldset, .inline-group").before(list);
    const withErrors = list.querySelector(".has-errors")?.dataset.language;
    const last = sessionStorage.getItem(CHOSEN_LANGUAGE);
    show(form, withErrors ?? (languages.includes(last) ? last : languages[0]));
    // A row added to an inline shows the fields of the selected tab.
    document.addEventListener("formset:added", () =>
      show(form, list.querySelector("[aria-selected=true]").dataset.language),
    );
  };

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("#content-main form");
    if (form) addTabs(form);
  });
})();
