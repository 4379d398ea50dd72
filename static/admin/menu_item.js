// The form of a menu's item: a search in the list of targets, and the fields of a URL only for one.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const $ = django.jQuery;
  const target = document.querySelector("select.menu-target");
  if (!target) return;

  const showFieldsOfUrl = () => {
    for (const row of document.querySelectorAll(".field-url, .field-open_in_new_tab")) {
      row.hidden = target.value !== "url";
    }
  };

  // Select2 tells only jQuery that another option is selected.
  $(target).select2({ theme: "admin-autocomplete", width: "24rem" }).on("change", showFieldsOfUrl);
  showFieldsOfUrl();

  // Select2 names its field by the selected option alone.
  const label = document.querySelector(`label[for="${target.id}"]`);
  label.id = `${target.id}-label`;
  const field = target.nextElementSibling.querySelector("[role=combobox]");
  field.setAttribute("aria-labelledby", `${label.id} ${field.getAttribute("aria-labelledby")}`);
});
