/* Stores unsaved text in the browser (draft_storage.js) while a user is typing in a form of the
   admin, and offers to restore it when the form is opened after a crash, a log-out or a lost
   connection. Warns before leaving a form with unsaved changes.

   Applies to every form in which text is typed, unless it has the attribute `data-no-draft`. */
"use strict";

(() => {
  const TYPING_PAUSE = 800; // milliseconds without typing, after which the form is stored
  const TEXT_TYPES = ["text", "email", "url", "tel", "number"];
  const TEXT_CONTROLS = ["textarea", ...TEXT_TYPES.map((type) => `input[type=${type}]`)].join();
  const TITLE_FIELD = /^(title|name|username|answer|note)(_|$)/;
  const MAX_TITLE_LENGTH = 80;

  /** A short hash, to compare texts. */
  const hash = (text) => {
    let sum = 5381;
    for (let i = 0; i < text.length; i++) sum = ((sum * 33) ^ text.charCodeAt(i)) >>> 0;
    return `${text.length}-${sum}`;
  };

  const hashFields = (fields) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, values]) => [name, hash(JSON.stringify(values))]),
    );

  /** Call `start` when the page is loaded, its widgets included, and all editors are ready. */
  const whenReady = (start) => {
    if (document.readyState !== "complete") {
      // A timer, since Django's selects are set up by a handler of the same event.
      addEventListener("load", () => setTimeout(() => whenReady(start), 0), { once: true });
      return;
    }
    const areas = document.querySelectorAll("textarea[data-type=ckeditortype]");
    const ids = [...areas].map(({ id }) => id).filter((id) => !id.includes("__prefix__"));
    const areReady = () => ids.every((id) => CKEDITOR.instances[id]?.status === "ready");
    if (!window.CKEDITOR || areReady()) {
      start();
      return;
    }
    CKEDITOR.on("instanceReady", function check({ removeListener }) {
      if (!areReady()) return;
      removeListener();
      start();
    });
  };

  const formatTime = (timestamp, timeZone) => {
    const format = (time, styles) =>
      new Intl.DateTimeFormat(document.documentElement.lang, { ...styles, timeZone }).format(time);
    const getDay = (time) => format(time, { dateStyle: "medium" });
    const isToday = getDay(timestamp) === getDay(Date.now());
    return format(timestamp, { timeStyle: "short", ...(!isToday && { dateStyle: "medium" }) });
  };

  /** The title, name or text in `fields`, in the first language that has one. */
  const getTitle = (fields) => {
    const texts = Object.entries(fields).filter(([name]) => TITLE_FIELD.test(name));
    const title = texts.map(([, [text]]) => String(text ?? "").trim()).find(Boolean) ?? "";
    return title.length > MAX_TITLE_LENGTH ? `${title.slice(0, MAX_TITLE_LENGTH)}…` : title;
  };

  const addPanel = (form, template, draftId) => {
    const panel = template.content.firstElementChild.cloneNode(true);
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: "draft_id", value: draftId });
    form.prepend(panel, input);
    return panel;
  };

  const start = (form, template) => {
    const { account, timeZone, offer: offerText, tooLong } = template.dataset;
    const isPosted = "posted" in template.dataset; // shown again, and not saved
    const draftId = (isPosted && template.dataset.draft) || draftStorage.newId();
    const path = location.pathname;
    const key = draftStorage.buildKey(account, path, draftId);
    const sent = hashFields(draftFields.readSent(form));
    const shownVersions = draftFields.readVersions(form);
    // A form that is shown again contains what was typed; its draft knows what was there before.
    const base = isPosted ? (draftStorage.get(key)?.base ?? {}) : sent;
    const panel = addPanel(form, template, draftId);
    const status = panel.querySelector("[role=status]");
    const choice = panel.querySelector(".unsaved-text-choice");

    let timer = 0;
    let isLeaving = false;
    const readChanges = () => {
      const fields = draftFields.read(form);
      const hashes = hashFields(fields);
      const changed = Object.keys(fields).filter((name) => hashes[name] !== base[name]);
      const stored = Object.keys(fields).filter(
        (name) => changed.includes(name) || draftFields.isRowCount(name),
      );
      return {
        isChanged: isPosted || changed.length > 0,
        fields: Object.fromEntries(stored.map((name) => [name, fields[name]])),
      };
    };
    const hasFiles = () => [...form.elements].some(({ files }) => files?.length);

    const saveNow = () => {
      clearTimeout(timer);
      const { isChanged, fields } = readChanges();
      if (!isChanged) {
        draftStorage.remove(key);
        return;
      }
      const hidden = draftFields.readHidden(form);
      const isSaved = draftStorage.save(key, { at: Date.now(), base, fields, hidden });
      if (choice.hidden) status.textContent = isSaved ? "" : tooLong;
    };
    const saveSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(saveNow, TYPING_PAUSE);
    };

    /** Whether others have saved something since the draft was typed. */
    const isOutdated = ({ base: draftBase, fields, hidden }) =>
      shownVersions.some(([name, value]) => hidden[name] !== value) ||
      Object.keys(fields).some((name) => draftBase[name] !== base[name]);

    const offer = () => {
      const now = JSON.stringify(readChanges().fields);
      const others = draftStorage.find(account, path).filter((other) => other.key !== key);
      const isInForm = ({ draft }) => JSON.stringify(draft.fields) === now;
      // After a reload, the browser has restored the fields itself: there is nothing to offer.
      for (const { key: sameKey, draft } of others.filter(isInForm)) {
        draftFields.restoreHidden(form, draft.hidden);
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
      const sentence = offerText.replace("%(time)s", formatTime(draft.at, timeZone));
      status.textContent = title ? `${sentence}: “${title}”` : sentence;
      choice.querySelector(".unsaved-text-changed").hidden = !isOutdated(draft);
      choice.querySelector("[data-restore]").onclick = () => {
        draftFields.restore(form, draft.fields);
        draftFields.restoreHidden(form, draft.hidden);
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
    // Django's calendar and its pairs of selects change fields without an event.
    document.addEventListener("click", saveSoon);
    // Added and removed rows, and select2, which only triggers jQuery's events.
    document.addEventListener("formset:added", saveSoon);
    document.addEventListener("formset:removed", saveSoon);
    window.django?.jQuery?.(form).on("change", "select", saveSoon);
    for (const editor of Object.values(window.CKEDITOR?.instances ?? {})) {
      editor.on("change", saveSoon);
    }
    document.addEventListener("visibilitychange", () => document.hidden && saveNow());
    addEventListener("pagehide", saveNow);
    // The offered draft may be saved or discarded in another tab.
    addEventListener("storage", () => choice.hidden || offer());

    form.addEventListener("submit", (event) => {
      saveNow();
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
      if (!isLeaving && (readChanges().isChanged || hasFiles())) event.preventDefault();
    });
    offer();
    if (isPosted) saveNow();
    panel.dataset.ready = "";
  };

  document.addEventListener("DOMContentLoaded", () => {
    const template = document.getElementById("unsaved-text-template");
    const forms = document.querySelectorAll(
      "#content form[method=post]:not(#changelist-form, [data-no-draft])",
    );
    const form = [...forms].find((candidate) => candidate.querySelector(TEXT_CONTROLS));
    if (template && form) whenReady(() => start(form, template));
  });
})();
