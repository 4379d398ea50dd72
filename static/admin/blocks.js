/* The blocks of a page: moved, added and copied without loading the page again. Without JavaScript,
   each button sends the form, which is then shown again. */
"use strict";

(() => {
  const MOVES = { up: -1, down: 1 };
  let section, status;

  const entryOf = (element) => element.closest("[data-id]");
  const announce = (entry) => {
    const position = [...entry.parentElement.children].indexOf(entry) + 1;
    status.textContent = status.dataset.moved.replace("%s", position);
  };

  const move = (entry, step) => {
    const other = step < 0 ? entry.previousElementSibling : entry.nextElementSibling;
    if (!other) return;
    if (step < 0) other.before(entry);
    else other.after(entry);
    announce(entry);
  };

  const remove = (entry) => {
    const next = entry.nextElementSibling ?? entry.previousElementSibling;
    for (const area of entry.querySelectorAll("textarea")) {
      window.CKEDITOR?.instances[area.id]?.destroy();
    }
    entry.remove();
    (next ?? section).querySelector("button, select")?.focus();
  };

  /** Tell the tabs of languages and the editors that there are new fields. */
  const start = (entry) => {
    for (const field of entry.querySelectorAll(".upload-field")) addLibrary(field);
    addHandles(entry.parentElement);
    entry.dispatchEvent(new CustomEvent("formset:added", { bubbles: true }));
    entry.scrollIntoView({ block: "nearest" });
    entry.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  };

  /** Send the form with this button, and insert what the answer has in addition. */
  const insert = async (form, button) => {
    for (const editor of Object.values(window.CKEDITOR?.instances ?? {})) editor.updateElement();
    const data = new FormData(form);
    data.append(button.name, button.value);
    section.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(form.action || location.href, { method: "POST", body: data });
      if (!response.ok) throw new Error(response.status);
      const answer = new DOMParser().parseFromString(await response.text(), "text/html");
      const added = [...answer.querySelectorAll("#blocks [data-id]")].find(
        ({ dataset }) => !section.querySelector(`[data-id="${CSS.escape(dataset.id)}"]`),
      );
      if (!added) return;
      const before = added.previousElementSibling;
      const parent = before
        ? null
        : added.parentElement.closest("[data-id]");
      const list = parent
        ? section.querySelector(`[data-id="${parent.dataset.id}"] [data-sortable]`)
        : section.querySelector("[data-sortable]");
      const entry = document.importNode(added, true);
      const neighbour = before && section.querySelector(`[data-id="${before.dataset.id}"]`);
      if (neighbour) neighbour.after(entry);
      else list.prepend(entry);
      start(entry);
    } catch {
      form.requestSubmit(button);
    } finally {
      section.removeAttribute("aria-busy");
    }
  };

  const act = (event) => {
    const button = event.target.closest("button[name=_block_action]");
    if (!button || button.dataset.sent) return;
    const [action] = button.value.split(":");
    const entry = entryOf(button);
    event.preventDefault();
    if (action in MOVES) {
      move(entry, MOVES[action]);
      button.focus();
    } else if (action === "delete") {
      remove(entry);
    } else {
      button.dataset.sent = "true";
      insert(button.form, button).then(() => delete button.dataset.sent);
    }
    section.dispatchEvent(new Event("change", { bubbles: true }));
  };

  /* Dragging, by a handle, since text in the fields must stay selectable. */

  let dragged = null;

  const addHandles = (list) => {
    for (const head of list.querySelectorAll(".block-head")) {
      if (head.querySelector(".block-handle")) continue;
      const handle = document.createElement("span");
      handle.className = "block-handle";
      handle.textContent = "⠿";
      handle.setAttribute("aria-hidden", "true");
      handle.addEventListener("pointerdown", () => (entryOf(handle).draggable = true));
      handle.addEventListener("pointerup", () => (entryOf(handle).draggable = false));
      head.prepend(handle);
    }
  };

  const drag = {
    dragstart(event) {
      if (!event.target.matches?.("[data-id][draggable=true]")) return;
      dragged = event.target;
      dragged.classList.add("is-dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
    },
    dragover(event) {
      const over = dragged && event.target.closest("[data-id]");
      if (!over) return;
      const sibling = [...dragged.parentElement.children].find((each) => each.contains(over));
      if (!sibling) return;
      event.preventDefault();
      if (sibling === dragged) return;
      const { top, height } = sibling.getBoundingClientRect();
      if (event.clientY < top + height / 2) sibling.before(dragged);
      else sibling.after(dragged);
    },
    drop(event) {
      if (dragged) event.preventDefault();
    },
    dragend() {
      if (!dragged) return;
      dragged.classList.remove("is-dragged");
      dragged.draggable = false;
      announce(dragged);
      section.dispatchEvent(new Event("change", { bubbles: true }));
      dragged = null;
    },
  };

  /* Pictures that were uploaded before. */

  const addLibrary = (field) => {
    const { library, choose, failed } = field.dataset;
    if (!library || !window.openPictureLibrary || field.querySelector(".choose-picture")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button choose-picture";
    button.textContent = choose;
    button.addEventListener("click", () => {
      window.openPictureLibrary(library, failed, ({ id, src }) => {
        field.querySelector("input[type=hidden]").value = id;
        field.querySelector("input[type=file]").value = "";
        const picture = document.createElement("img");
        picture.src = src;
        picture.alt = "";
        field.querySelector(".upload-current").replaceChildren(picture);
        field.dispatchEvent(new Event("change", { bubbles: true }));
      });
    });
    field.append(button);
  };

  document.addEventListener("DOMContentLoaded", () => {
    section = document.getElementById("blocks");
    if (!section) return;
    status = section.querySelector("[data-moved]");
    section.addEventListener("click", act);
    section.addEventListener("change", (event) => {
      if (!event.target.matches(".block-hidden input")) return;
      entryOf(event.target).classList.toggle("is-hidden", event.target.checked);
    });
    for (const [name, handle] of Object.entries(drag)) section.addEventListener(name, handle);
    addHandles(section);
    for (const field of document.querySelectorAll(".upload-field")) addLibrary(field);
  });
})();
