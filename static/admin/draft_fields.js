/* The values of a form as data: read from its fields, compared with what the server sent, and
   restored. This includes CKEditor's texts, the rows of inlines and pairs of selects. Passwords and
   one-time codes are never read. */
"use strict";

const draftFields = (() => {
  const IGNORED_TYPES = new Set(["file", "password", "submit", "button", "image", "reset"]);
  const ROW_COUNT = /-TOTAL_FORMS$/;
  const INITIAL_ROW_COUNT = /-INITIAL_FORMS$/;
  const MAX_ROWS = 100;
  const SECRET_NAME = /password|passphrase|otp_token/i;
  const SECRET_AUTOCOMPLETE = /password|one-time-code/;
  // Hidden inputs that are restored too. `version` names what the user has seen, so that the server
  // can detect what others have changed since; `key` is the same in a form that is sent twice.
  const HIDDEN_INPUTS = "input[type=hidden][data-restored]";

  const editorOf = (control) => window.CKEDITOR?.instances[control.id];

  /** Whether a field is stored: one that a user fills in, or the number of rows of an inline. */
  const isStored = ({ name, type, id, autocomplete }) =>
    name &&
    !IGNORED_TYPES.has(type) &&
    !SECRET_NAME.test(name) &&
    !SECRET_AUTOCOMPLETE.test(autocomplete ?? "") &&
    !name.startsWith("_") &&
    !name.includes("__prefix__") &&
    (type !== "hidden" || ROW_COUNT.test(name) || INITIAL_ROW_COUNT.test(name)) &&
    !id.endsWith("__prefix__");

  /** Whether a select is the left or the right one of Django's filter_horizontal. */
  const isAvailableBox = (control) => control.matches("select.filtered[id$=_from]");
  const isChosenBox = (control) => control.matches("select.filtered[id$=_to]");

  /** The box of a file that the server stores until the form is saved. */
  const isStoredFile = (control) => control.matches(".stored-files [type=checkbox]");

  const controlsOf = (form) =>
    [...form.elements].filter((control) => isStored(control) && !isAvailableBox(control));

  /** What `control` has in its right box, including what its search hides. */
  const getChosen = (control) =>
    SelectBox.cache[control.id].map(({ value, text }) => [value, text]).sort();

  /** Removes pasted pictures that are not uploaded yet, which are too large to be stored. */
  const withoutImageData = (html) => html.replace(/<img\b[^>]*\ssrc="data:[^>]*>/gi, "");

  const getOptions = (control, isChosen) =>
    [...control.options].filter(isChosen).map(({ value, text }) => [value, text]);

  const currentValue = (control) => {
    if (isStoredFile(control)) {
      return control.checked && [control.value, control.closest("label").textContent.trim()];
    }
    if (control.matches("[type=checkbox], [type=radio]")) return control.checked && control.value;
    if (isChosenBox(control)) return getChosen(control);
    if (control.options) return getOptions(control, (option) => option.selected);
    return withoutImageData(editorOf(control)?.getData() ?? control.value);
  };

  /** The value that the server sent; after a reload, the browser may show an earlier one. */
  const sentValue = (control) => {
    if (control.matches("[type=checkbox], [type=radio]")) {
      return control.defaultChecked && control.value;
    }
    if (isChosenBox(control)) return getChosen(control);
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

  const selectInBoxes = (control, chosen) => {
    const available = document.getElementById(control.id.replace(/_to$/, "_from"));
    const values = chosen.map(([value]) => value);
    SelectBox.filter(control.id, "");
    SelectBox.move_all(control.id, available.id);
    SelectBox.filter(available.id, "");
    for (const option of available.options) option.selected = values.includes(option.value);
    SelectBox.move(available.id, control.id);
    SelectBox.sort(available.id);
    SelectBox.redisplay(available.id);
    SelectFilter.refresh_icons(control.id.replace(/_to$/, ""));
  };

  const setValue = (control, values) => {
    if (isStoredFile(control)) {
      control.checked = values.some(([token]) => token === control.value);
    } else if (control.matches("[type=checkbox], [type=radio]")) {
      control.checked = values.includes(control.value);
    } else if (isChosenBox(control)) {
      selectInBoxes(control, values[0] ?? []);
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

  const addStoredFiles = (form, fields) => {
    for (const list of form.querySelectorAll(".stored-files[data-name]")) {
      const { name } = list.dataset;
      const tokens = [...list.querySelectorAll("input")].map(({ value }) => value);
      const missing = (fields[name] ?? []).filter(([token]) => !tokens.includes(token));
      for (const [value, text] of missing) {
        const box = Object.assign(document.createElement("input"), { type: "checkbox", name, value });
        const label = document.createElement("label");
        const fileName = document.createElement("bdi");
        fileName.textContent = text;
        label.append(box, " ", fileName);
        const item = document.createElement("li");
        item.append(label);
        list.append(item);
      }
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
    addStoredFiles(form, restorable);
    for (const control of controlsOf(form)) {
      if (control.type === "hidden" || !(control.name in restorable)) continue;
      setValue(control, restorable[control.name]);
    }
  };

  const readHidden = (form) =>
    Object.fromEntries(
      [...form.querySelectorAll(HIDDEN_INPUTS)].map(({ name, value }) => [name, value]),
    );

  const restoreHidden = (form, hidden) => {
    for (const input of form.querySelectorAll(HIDDEN_INPUTS)) {
      input.value = hidden[input.name] ?? input.value;
    }
  };

  /** The names and values of the hidden inputs that name the version which the user has seen. */
  const readVersions = (form) =>
    [...form.querySelectorAll(`${HIDDEN_INPUTS}[data-restored=version]`)].map(
      ({ name, value }) => [name, value],
    );

  return {
    read: (form) => collect(form, currentValue),
    readSent: (form) => collect(form, sentValue),
    isRowCount: (name) => ROW_COUNT.test(name) || INITIAL_ROW_COUNT.test(name),
    restore,
    readHidden,
    restoreHidden,
    readVersions,
  };
})();
