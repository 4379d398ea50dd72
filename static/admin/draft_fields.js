/* The values of a form as data: read from its fields, compared with what the server sent, and
   restored. This includes CKEditor's texts and the rows of inlines. */
"use strict";

const draftFields = (() => {
  const IGNORED_TYPES = new Set(["file", "password", "submit", "button", "image", "reset"]);
  const ROW_COUNT = /-TOTAL_FORMS$/;
  const INITIAL_ROW_COUNT = /-INITIAL_FORMS$/;
  const MAX_ROWS = 100;

  const editorOf = (control) => window.CKEDITOR?.instances[control.id];

  /** Whether a field is stored: one that a user fills in, or the number of rows of an inline. */
  const isStored = ({ name, type, id }) =>
    name &&
    !IGNORED_TYPES.has(type) &&
    !name.startsWith("_") &&
    !name.includes("__prefix__") &&
    (type !== "hidden" || ROW_COUNT.test(name) || INITIAL_ROW_COUNT.test(name)) &&
    !id.endsWith("__prefix__");

  const controlsOf = (form) => [...form.elements].filter(isStored);

  /** Removes pasted pictures that are not uploaded yet, which are too large to be stored. */
  const withoutImageData = (html) => html.replace(/<img\b[^>]*\ssrc="data:[^>]*>/gi, "");

  const getOptions = (control, isChosen) =>
    [...control.options].filter(isChosen).map(({ value, text }) => [value, text]);

  const currentValue = (control) => {
    if (control.matches("[type=checkbox], [type=radio]")) return control.checked && control.value;
    if (control.options) return getOptions(control, (option) => option.selected);
    return withoutImageData(editorOf(control)?.getData() ?? control.value);
  };

  /** The value that the server sent; after a reload, the browser may show an earlier one. */
  const sentValue = (control) => {
    if (control.matches("[type=checkbox], [type=radio]")) {
      return control.defaultChecked && control.value;
    }
    if (control.options) {
      const chosen = getOptions(control, (option) => option.defaultSelected);
      const isSingle = !control.multiple && !chosen.length;
      return isSingle ? getOptions(control, (option) => option.index === 0) : chosen;
    }
    const editor = editorOf(control);
    if (editor && control.value === control.defaultValue) return withoutImageData(editor.getData());
    return control.defaultValue;
  };

  const collect = (form, getValue) => {
    const fields = {};
    for (const control of controlsOf(form)) {
      const value = getValue(control);
      fields[control.name] ??= [];
      if (value !== false) fields[control.name].push(value);
    }
    return fields;
  };

  const select = (control, chosen) => {
    const values = chosen.map(([value]) => value);
    if (control.matches(".admin-autocomplete")) {
      // Only the chosen options are in the page; the others are loaded by a search.
      const existing = new Set([...control.options].map(({ value }) => value));
      for (const [value, text] of chosen) {
        if (!existing.has(value)) control.add(new Option(text, value));
      }
    }
    for (const option of control.options) option.selected = values.includes(option.value);
  };

  const setValue = (control, values) => {
    if (control.matches("[type=checkbox], [type=radio]")) {
      control.checked = values.includes(control.value);
    } else if (control.options) {
      select(control, values[0] ?? []);
    } else {
      const value = String(values[0] ?? "");
      const editor = editorOf(control);
      if (editor) {
        editor.setData(value);
        return;
      }
      control.value = value;
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
    control.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const addRows = (form, fields) => {
    for (const [name, [total]] of Object.entries(fields)) {
      if (!ROW_COUNT.test(name)) continue;
      const group = CSS.escape(name.replace(ROW_COUNT, "-group"));
      const add = document.querySelector(`#${group} .add-row a`);
      const missing = Number(total) - Number(form.elements[name]?.value ?? total);
      for (let row = 0; add && row < Math.min(missing, MAX_ROWS); row++) add.click();
    }
  };

  /** The prefixes of inlines whose saved rows have changed since, so that row numbers differ. */
  const changedInlines = (form, fields) =>
    Object.entries(fields)
      .filter(([name]) => INITIAL_ROW_COUNT.test(name))
      .filter(([name, [count]]) => form.elements[name]?.value !== count)
      .map(([name]) => name.replace(INITIAL_ROW_COUNT, "-"));

  /** Set the form's fields to the values in `fields`, skipping those it no longer has. */
  const restore = (form, fields) => {
    const changed = changedInlines(form, fields);
    const restorable = Object.fromEntries(
      Object.entries(fields).filter(([name]) => !changed.some((prefix) => name.startsWith(prefix))),
    );
    addRows(form, restorable);
    for (const control of controlsOf(form)) {
      if (control.type === "hidden" || !(control.name in restorable)) continue;
      setValue(control, restorable[control.name]);
    }
  };

  return {
    read: (form) => collect(form, currentValue),
    readSent: (form) => collect(form, sentValue),
    restore,
  };
})();
