/* Stores each file for a reply on the server as soon as it is selected or dropped, and lists it with
   a checked box. Without this script, or if storing fails, the files are sent with the form. */
"use strict";

(() => {
  const start = (input) => {
    const { url, maxBytes, tooLarge, notStored } = input.dataset;
    const row = input.closest(".form-row");
    const list = row.querySelector(".stored-files");
    const status = document.createElement("p");
    status.className = "upload-status";
    status.setAttribute("role", "status");
    input.after(status);

    const formatSize = (bytes) => {
      const unit = bytes < 1e6 ? "kilobyte" : "megabyte";
      const value = Math.max(bytes / (unit === "kilobyte" ? 1e3 : 1e6), 0.1);
      const format = { style: "unit", unit, maximumFractionDigits: 1 };
      return new Intl.NumberFormat(document.documentElement.lang, format).format(value);
    };

    const report = (text) => {
      const line = document.createElement("span");
      line.textContent = `${text} `;
      status.append(line);
    };

    const add = ({ name, size, token }) => {
      const item = document.createElement("li");
      const label = document.createElement("label");
      const box = Object.assign(document.createElement("input"), {
        type: "checkbox", name: list.dataset.name, value: token, checked: true,
      });
      const fileName = document.createElement("bdi");
      fileName.textContent = name;
      label.append(box, " ", fileName, ` ${formatSize(size)}`);
      item.append(label);
      list.append(item);
      box.dispatchEvent(new Event("change", { bubbles: true })); // for the draft: see drafts.js
    };

    /** Whether the file is on the server, or is refused for good. */
    const store = async (file) => {
      if (file.size > Number(maxBytes)) {
        report(tooLarge.replace("%s", file.name));
        return;
      }
      const data = new FormData();
      data.append("file", file);
      data.append("csrfmiddlewaretoken", input.form.elements.csrfmiddlewaretoken.value);
      try {
        const response = await fetch(url, { method: "POST", body: data });
        const answer = await response.json();
        if (response.ok) add(answer);
        else report(answer.error);
      } catch {
        report(notStored.replace("%s", file.name));
      }
    };

    const storeAll = async (files) => {
      status.replaceChildren();
      input.disabled = true;
      for (const file of files) await store(file);
      input.disabled = false;
      input.value = "";
    };

    input.addEventListener("change", () => storeAll([...input.files]));
    for (const area of [row, input.form.querySelector(".field-answer")]) {
      area?.addEventListener("dragover", (event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        area.classList.add("is-drop-target");
      });
      area?.addEventListener("dragleave", () => area.classList.remove("is-drop-target"));
      area?.addEventListener("drop", (event) => {
        area.classList.remove("is-drop-target");
        if (!event.dataTransfer.files.length) return;
        event.preventDefault();
        storeAll([...event.dataTransfer.files]);
      });
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    const input = document.getElementById("id_answer_files");
    if (input) start(input);
  });
})();
