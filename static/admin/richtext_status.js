/* The status bar below an editor: the length of the text, and pictures without alternative text. */
"use strict";

/** The number of words, as word processors count them: each Chinese or Japanese character is one. */
function countWords(text) {
  const WORD =
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}\p{M}])+(?:['’.,\-](?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}\p{M}])+)*/gu;
  return text.match(WORD)?.length ?? 0;
}

CKEDITOR.on("instanceReady", ({ editor }) => {
  const TYPING_PAUSE = 300; // milliseconds
  const texts = textsOf(editor);
  const bar = document.createElement("div");
  bar.className = "richtext-status";
  const length = document.createElement("span");
  const warning = document.createElement("button");
  warning.type = "button";
  warning.className = "richtext-warning";
  warning.hidden = true;
  // Screen readers announce the warning, but not the length, which changes with every word.
  const announced = document.createElement("span");
  announced.role = "status";
  announced.append(warning);
  bar.append(length, announced);
  editor.container.$.querySelector(".cke_inner").append(bar); // also visible in full screen

  const number = new Intl.NumberFormat(document.documentElement.lang);

  /** The text without markup; blocks end a word, as inline tags do not. */
  const plainText = () => {
    const { body } = new DOMParser().parseFromString(editor.getData(), "text/html");
    for (const block of body.querySelectorAll("p,h2,h3,h4,li,td,th,br,pre,figcaption,caption")) {
      block.append("\n");
      if (block.matches("br")) block.replaceWith("\n");
    }
    return body.textContent.trim();
  };

  const picturesWithoutText = () =>
    [...editor.editable().$.querySelectorAll("img")].filter(
      (img) => !img.matches(".cke_reset, [data-cke-bogus]") && !img.alt.trim(),
    );

  const update = () => {
    const text = plainText();
    const characters = [...text.replace(/\s+/gu, " ")].length;
    length.textContent = texts.length
      .replace("%(words)s", number.format(countWords(text)))
      .replace("%(characters)s", number.format(characters));
    const without = picturesWithoutText().length;
    if (warning.hidden !== !without) warning.hidden = !without;
    const sentence = without ? texts.withoutAlt.replace("%(count)s", number.format(without)) : "";
    if (warning.textContent !== sentence) warning.textContent = sentence;
  };

  warning.addEventListener("click", () => {
    const [img] = picturesWithoutText();
    if (!img) return;
    img.scrollIntoView({ block: "center" });
    const widget = editor.widgets.getByElement(new CKEDITOR.dom.element(img));
    if (!widget) return;
    widget.focus();
    widget.edit();
  });

  let timer = 0;
  const updateSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(update, TYPING_PAUSE);
  };
  editor.on("change", updateSoon);
  editor.on("contentDom", updateSoon);
  editor.on("dataReady", updateSoon);
  update();
});
