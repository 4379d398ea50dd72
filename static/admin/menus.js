// Moving the items of a menu by dragging; the buttons of each item do the same without a mouse.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("#menu-form");
  const rows = [...form.querySelectorAll(".menu-row[data-item]")];
  let dragged = null;

  const hasChildren = (row) => row.parentElement.querySelector("ol") !== null;

  /** Where the dragged row would go: before, after or below `row`; null where it cannot. */
  const sideOf = (row, { clientY }) => {
    if (!dragged || dragged.parentElement.contains(row)) return null;
    const { top, height } = row.getBoundingClientRect();
    const part = (clientY - top) / height;
    const isTop = "mayContain" in row.dataset;
    if (hasChildren(dragged) && !isTop) return null;
    if (isTop && !hasChildren(dragged) && part > 0.3 && part < 0.7) return "below";
    return part < 0.5 ? "before" : "after";
  };

  const clear = () => {
    for (const row of rows) delete row.dataset.drop;
  };

  const send = (move) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: "move", value: move });
    form.append(input);
    form.submit();
  };

  for (const row of rows) {
    row.draggable = true;
    row.querySelector(".drag-handle").hidden = false;
    row.addEventListener("dragstart", (event) => {
      dragged = row;
      row.classList.add("dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", row.dataset.item);
    });
    row.addEventListener("dragend", () => {
      row.classList.remove("dragged");
      dragged = null;
      clear();
    });
    row.addEventListener("dragover", (event) => {
      const side = sideOf(row, event);
      clear();
      if (!side) return;
      event.preventDefault();
      row.dataset.drop = side;
    });
    row.addEventListener("dragleave", clear);
    row.addEventListener("drop", (event) => {
      const side = sideOf(row, event);
      if (!side) return;
      event.preventDefault();
      send(`${dragged.dataset.item}:${side}:${row.dataset.item}`);
    });
  }
});
