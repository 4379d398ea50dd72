/* The dialog of the “Picture library” button, to choose a picture that was uploaded before.

   It loads its pages from `richtext/pictures/` below the URL of the admin. The chosen picture and its
   stored alternative text are entered in CKEditor's own dialog. */
"use strict";

(() => {
  const library = document.createElement("dialog");
  library.className = "picture-library";
  library.setAttribute("aria-labelledby", "picture-library-title");
  let choose = null;
  let errorText = "";

  const show = async (url) => {
    library.setAttribute("aria-busy", "true");
    const focusedId = document.activeElement?.id;
    try {
      const response = await fetch(url, { redirect: "error" });
      if (!response.ok) throw new Error(response.status);
      library.innerHTML = await response.text(); // made by our own template
    } catch {
      library.textContent = errorText;
      const close = document.createElement("button");
      close.type = "button";
      close.dataset.close = "";
      close.className = "picture-library-close";
      close.textContent = "×";
      library.append(" ", close);
    }
    library.removeAttribute("aria-busy");
    const focused = focusedId && library.querySelector(`#${CSS.escape(focusedId)}`);
    (focused || library.querySelector("[type=search]") || library.querySelector("button"))?.focus();
  };

  library.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    show(`${form.action}?${new URLSearchParams(new FormData(form))}`);
  });
  library.addEventListener("click", (event) => {
    const page = event.target.closest("a");
    const picture = event.target.closest("[data-src]");
    if (page) {
      event.preventDefault();
      show(page.href);
    } else if (picture) {
      library.close();
      choose(picture.dataset);
    } else if (event.target === library || event.target.closest("[data-close]")) {
      library.close();
    }
  });
  // CKEditor's dialog below listens to Escape, Enter and Tab as well.
  for (const kind of ["keydown", "keyup", "keypress", "focusin"]) {
    library.addEventListener(kind, (event) => event.stopPropagation());
  }

  /** Open the library; `whenChosen` is called with the data of the chosen picture. */
  const openLibrary = (url, failed, whenChosen) => {
    errorText = failed;
    choose = whenChosen;
    if (!library.isConnected) document.body.append(library);
    library.textContent = "";
    library.showModal();
    show(url);
  };
  window.openPictureLibrary = openLibrary;

  const open = (dialog) => {
    const editor = dialog.getParentEditor();
    const language = editor.element.getAttribute("data-language");
    const query = new URLSearchParams({ language });
    const url = `${editor.config.filebrowserImageBrowseUrl}?${query}`;
    openLibrary(url, textsOf(editor).failed, ({ src, alt }) => {
      dialog.setValueOf("info", "src", src);
      if (alt) dialog.setValueOf("info", "alt", alt);
      dialog.getContentElement("info", "alt").focus();
    });
  };

  CKEDITOR.on(
    "dialogDefinition",
    ({ data, editor }) => {
      const tab = data.name === "image2" && data.definition.getContents("Upload");
      const upload = tab && tab.get("uploadButton");
      if (upload) upload.label = textsOf(editor).upload;
      const browse = data.name === "image2" && data.definition.getContents("info").get("browse");
      if (!browse) return;
      browse.label = textsOf(editor).library;
      browse.hidden = false;
      browse.onClick = ({ sender }) => open(sender.getDialog());
    },
    null,
    null,
    100, // after the plugin that would open a window
  );
})();
