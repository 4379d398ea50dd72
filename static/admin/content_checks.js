/* The content checks beside the form of an article, repeated while the text is typed. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const TYPING_PAUSE = 1500; // milliseconds without typing
  const panel = document.getElementById("content-checks");
  const form = document.querySelector("#content-main form");
  if (!panel || !form) return;
  const findings = panel.querySelector(".content-checks-findings");
  const status = panel.querySelector("[role=status]");
  const repeatButton = panel.querySelector(".content-checks-again");
  const editorOf = (id) => window.CKEDITOR?.instances[id];
  let request = null;
  let timer = 0;

  const collectTexts = () => {
    const data = new URLSearchParams();
    for (const control of form.elements) {
      const { name, type, id, value, checked } = control;
      if (!/^(title|summary|body|cover_alt)_|^cover-clear$/.test(name)) continue;
      if (type !== "checkbox" || checked) data.set(name, editorOf(id)?.getData() ?? value);
    }
    if (form.elements.cover?.files?.length) data.set("cover_chosen", "on");
    return data;
  };

  const announce = (sentence) => {
    if (status.textContent !== sentence) status.textContent = sentence;
  };

  const show = (html) => {
    if (findings.innerHTML === html) return;
    findings.innerHTML = html; // made by our own template
    announce(findings.querySelector(".content-checks-result").textContent.trim());
  };

  const check = async () => {
    clearTimeout(timer);
    request?.abort();
    request = new AbortController();
    const token = form.elements.csrfmiddlewaretoken.value;
    try {
      const response = await fetch(panel.dataset.url, {
        method: "POST",
        body: collectTexts(),
        headers: { "X-CSRFToken": token },
        redirect: "error", // such as to the log-in page
        signal: request.signal,
      });
      if (!response.ok) throw new Error(response.status);
      show(await response.text());
    } catch (error) {
      if (error.name !== "AbortError") announce(panel.dataset.failed);
    }
  };

  const checkSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(check, TYPING_PAUSE);
  };

  /** Focus the field of a finding, after selecting the tab of its language. */
  const openField = (id) => {
    const field = document.getElementById(id);
    if (!field) return;
    const language = /_([a-z]{2}(?:_[a-z]+)?)$/.exec(id.replace(/^id_(cover_alt|[a-z]+)/, ""))?.[1];
    form.querySelector(`[role=tab][data-language="${language}"]`)?.click();
    const editor = editorOf(id);
    (editor?.container.$ ?? field).scrollIntoView({ block: "center" });
    (editor ?? field).focus();
  };

  findings.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link) return;
    event.preventDefault();
    openField(link.hash.slice(1));
  });
  form.addEventListener("input", checkSoon);
  form.addEventListener("change", checkSoon);
  window.CKEDITOR?.on("instanceReady", ({ editor }) => editor.on("change", checkSoon));
  repeatButton.hidden = false;
  repeatButton.addEventListener("click", check);
});
