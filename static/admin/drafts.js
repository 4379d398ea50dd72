/* Stores unsaved text in the browser (draft_storage.js) while a user is typing, and offers to restore
   it when the form is opened after a crash, a log-out or a lost connection. */
"use strict";

(() => {
  const TYPING_PAUSE = 800; // milliseconds without typing, after which the form is stored
  const SENT_DRAFT = "tradepost-sent-draft"; // key in sessionStorage: id of the draft posted last

  /** A short hash, to compare texts. */
  const hash = (text) => {
    let sum = 5381;
    for (let i = 0; i < text.length; i++) sum = ((sum * 33) ^ text.charCodeAt(i)) >>> 0;
    return `${text.length}-${sum}`;
  };

  /** Call `start` when all editors of the page are ready. */
  const whenEditorsAreReady = (start) => {
    const areas = document.querySelectorAll("textarea[data-type=ckeditortype]");
    const ids = [...areas].map(({ id }) => id).filter((id) => !id.includes("__prefix__"));
    const areReady = () => ids.every((id) => CKEDITOR.instances[id]?.status === "ready");
    if (!window.CKEDITOR || areReady()) return start();
    CKEDITOR.on("instanceReady", function check({ removeListener }) {
      if (!areReady()) return;
      removeListener();
      start();
    });
  };

  const formatTime = (timestamp) => {
    const time = new Date(timestamp);
    const isToday = time.toDateString() === new Date().toDateString();
    const format = isToday ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
    return new Intl.DateTimeFormat(document.documentElement.lang, format).format(time);
  };

  /** The title or name in `fields`, in the first language that has one. */
  const getTitle = (fields) => {
    const texts = Object.entries(fields).filter(([name]) => /^(title|name)_/.test(name));
    return texts.map(([, [text]]) => text).find((text) => text?.trim()) ?? "";
  };

  const start = (panel, form) => {
    const { account, form: formName } = panel.dataset;
    const status = panel.querySelector("[role=status]");
    const choice = panel.querySelector(".unsaved-text-choice");
    const sentFields = draftFields.readSent(form);
    const sentHash = hash(JSON.stringify(sentFields));
    const hasErrors = Boolean(document.querySelector(".errornote")); // posted but not saved
    const draftId = (hasErrors && sessionStorage.getItem(SENT_DRAFT)) || draftStorage.newId();
    const key = draftStorage.buildKey(account, formName, draftId);
    form.elements._draft.value = draftId;

    let timer = 0;
    let isLeaving = false;
    const readAsText = () => JSON.stringify(draftFields.read(form));
    const isChanged = () => hasErrors || hash(readAsText()) !== sentHash;

    const saveNow = () => {
      clearTimeout(timer);
      if (!isChanged()) return draftStorage.remove(key);
      const fields = draftFields.read(form);
      const isSaved = draftStorage.save(key, { at: Date.now(), sentHash, fields });
      if (choice.hidden) status.textContent = isSaved ? "" : panel.dataset.tooLong;
    };
    const saveSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(saveNow, TYPING_PAUSE);
    };

    const offer = () => {
      const now = readAsText();
      const others = draftStorage.find(account, formName).filter((other) => other.key !== key);
      const isInForm = ({ draft }) => JSON.stringify(draft.fields) === now;
      // After a reload, the browser has restored the fields itself: there is nothing to offer.
      for (const { key: sameKey } of others.filter(isInForm)) {
        saveNow();
        draftStorage.remove(sameKey);
      }
      const [offered] = others.filter((other) => !isInForm(other));
      choice.hidden = !offered;
      panel.classList.toggle("is-offered", Boolean(offered));
      status.textContent = "";
      if (!offered) return;
      const { draft } = offered;
      const title = getTitle(draft.fields);
      const sentence = panel.dataset.offer.replace("%(time)s", formatTime(draft.at));
      status.textContent = title ? `${sentence}: “${title}”` : sentence;
      choice.querySelector(".unsaved-text-changed").hidden = draft.sentHash === sentHash;
      choice.querySelector("[data-restore]").onclick = () => {
        draftFields.restore(form, draft.fields);
        choice.hidden = true;
        panel.classList.remove("is-offered");
        status.textContent = "";
        // Stored with this page's own key before the other draft is deleted, so that none is lost.
        setTimeout(() => {
          saveNow();
          draftStorage.remove(offered.key);
          form.dispatchEvent(new CustomEvent("draft:restored", { bubbles: true }));
        }, 0);
      };
      choice.querySelector("[data-discard]").onclick = () => {
        draftStorage.remove(offered.key);
        offer();
      };
    };

    form.addEventListener("input", saveSoon);
    form.addEventListener("change", saveSoon);
    // Added and removed rows, and select2, which only triggers jQuery's events.
    document.addEventListener("formset:added", saveSoon);
    document.addEventListener("formset:removed", saveSoon);
    window.django?.jQuery(form).on("change", "select", saveSoon);
    for (const editor of Object.values(window.CKEDITOR?.instances ?? {})) {
      editor.on("change", saveSoon);
    }
    document.addEventListener("visibilitychange", () => document.hidden && saveNow());
    addEventListener("pagehide", saveNow);

    form.addEventListener("submit", (event) => {
      saveNow();
      sessionStorage.setItem(SENT_DRAFT, draftId);
      const target = event.submitter?.formTarget || form.target;
      // Previews open in another tab, and this page stays open.
      setTimeout(() => {
        isLeaving = !event.defaultPrevented && (!target || target === "_self");
      }, 0);
      isLeaving = !target || target === "_self";
    });
    addEventListener("pageshow", () => {
      isLeaving = false;
    });
    addEventListener("beforeunload", (event) => {
      if (!isLeaving && isChanged()) event.preventDefault();
    });
    offer();
    if (hasErrors) saveNow();
    panel.dataset.ready = "";
  };

  document.addEventListener("DOMContentLoaded", () => {
    const panel = document.getElementById("unsaved-text");
    if (panel) whenEditorsAreReady(() => start(panel, panel.closest("form")));
  });
})();
