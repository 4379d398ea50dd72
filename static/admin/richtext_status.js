/* The line below an editor: how long the text is, and which pictures lack an alternative text. */
"use strict";

/** Words, as word processors count them: a Chinese or Japanese character is a word of its own. */
function countWords(text) {
  const WORD =
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}\p{M}])+(?:['’.,\-](?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}\p{M}])+)*/gu;
  return text.match(WORD)?.length ?? 0;
}

CKEDITOR.on("instanceReady", ({ editor }) => {
  const WAIT = 300; // milliseconds
  const texts = textsOf(editor);
  const line = document.createElement("div");
  line.className = "richtext-status";
  const length = document.createElement("span");
  const warning = document.createElement("button");
  warning.type = "button";
  warning.className = "richtext-warning";
  warning.hidden = true;
  // Read out when it appears; the count of words is not, for it changes with every word.
  const announced = document.createElement("span");
  announced.role = "status";
  announced.append(warning);
  line.append(length, announced);
  editor.container.$.querySelector(".cke_inner").append(line); // so that full screen shows it too

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
    timer = setTimeout(update, WAIT);
  };
  editor.on("change", updateSoon);
  editor.on("contentDom", updateSoon);
  editor.on("dataReady", updateSoon);
  update();
});
