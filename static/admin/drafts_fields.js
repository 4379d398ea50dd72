/* The values of a form as data: read from its fields, compared with what the server sent, and
   restored. Fields of CKEditor and rows of inlines are fields like any other. */
"use strict";

const draftFields = (() => {
  const NEVER = new Set(["file", "password", "submit", "button", "image", "reset"]);
  const ROWS = /-TOTAL_FORMS$/;
  const FIRST_ROWS = /-INITIAL_FORMS$/;
  const MOST_ROWS = 100;

  const editorOf = (control) => window.CKEDITOR?.instances[control.id];

  /** Whether a field holds what a person chose or typed, or how many rows an inline has. */
  const counts = ({ name, type, id }) =>
    name &&
    !NEVER.has(type) &&
    !name.startsWith("_") &&
    !name.includes("__prefix__") &&
    (type !== "hidden" || ROWS.test(name) || FIRST_ROWS.test(name)) &&
    !id.endsWith("__prefix__");

  const controlsOf = (form) => [...form.elements].filter(counts);

  /** Pictures that were pasted and have not been uploaded yet are too large to be kept. */
  const withoutData = (html) => html.replace(/<img\b[^>]*\ssrc="data:[^>]*>/gi, "");

  const options = (control, chosen) =>
    [...control.options].filter(chosen).map(({ value, text }) => [value, text]);

  const present = (control) => {
    if (control.matches("[type=checkbox], [type=radio]")) return control.checked && control.value;
    if (control.options) return options(control, (option) => option.selected);
    return withoutData(editorOf(control)?.getData() ?? control.value);
  };

  /** What the server sent: a browser may have put back what stood there before a reload. */
  const sent = (control) => {
    if (control.matches("[type=checkbox], [type=radio]")) {
      return control.defaultChecked && control.value;
    }
    if (control.options) {
      const chosen = options(control, (option) => option.defaultSelected);
      const isSingle = !control.multiple && !chosen.length;
      return isSingle ? options(control, (option) => option.index === 0) : chosen;
    }
    const editor = editorOf(control);
    if (editor && control.value === control.defaultValue) return withoutData(editor.getData());
    return control.defaultValue;
  };

  const collect = (form, valueOf) => {
    const fields = {};
    for (const control of controlsOf(form)) {
      const value = valueOf(control);
      fields[control.name] ??= [];
      if (value !== false) fields[control.name].push(value);
    }
    return fields;
  };

  const select = (control, chosen) => {
    const values = chosen.map(([value]) => value);
    if (control.matches(".admin-autocomplete")) {
      // Only what is chosen is in the page; the rest is asked for when somebody searches.
      const there = new Set([...control.options].map(({ value }) => value));
      for (const [value, text] of chosen) {
        if (!there.has(value)) control.add(new Option(text, value));
      }
    }
    for (const option of control.options) option.selected = values.includes(option.value);
  };

  const putInto = (control, values) => {
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
      if (!ROWS.test(name)) continue;
      const add = document.querySelector(`#${CSS.escape(name.replace(ROWS, "-group"))} .add-row a`);
      const missing = Number(total) - Number(form.elements[name]?.value ?? total);
      for (let row = 0; add && row < Math.min(missing, MOST_ROWS); row++) add.click();
    }
  };

  /** Inlines whose rows are others now: what was typed into their third row is not of the third. */
  const movedInlines = (form, fields) =>
    Object.entries(fields)
      .filter(([name, [count]]) => FIRST_ROWS.test(name) && form.elements[name]?.value !== count)
      .map(([name]) => name.replace(FIRST_ROWS, "-"));

  /** Put `fields` back; a field that the form no longer has is left out, the rest comes back. */
  const restore = (form, fields) => {
    const moved = movedInlines(form, fields);
    const wanted = Object.fromEntries(
      Object.entries(fields).filter(([name]) => !moved.some((prefix) => name.startsWith(prefix))),
    );
    addRows(form, wanted);
    for (const control of controlsOf(form)) {
      if (control.type === "hidden" || !(control.name in wanted)) continue;
      putInto(control, wanted[control.name]);
    }
  };

  return {
    read: (form) => collect(form, present),
    readSent: (form) => collect(form, sent),
    restore,
  };
})();
