/* Nothing typed is lost: the form is kept in the browser while one writes (drafts_kept.js), and
   offered again when it is opened after a crash, a log-out or a lost line. */
"use strict";

(() => {
  const WAIT = 800; // milliseconds without typing, after which the form is kept
  const SENT = "tradepost-draft-sent"; // in this tab: the draft that was posted last

  /** A short number that stands for a text. */
  const hash = (text) => {
    let sum = 5381;
    for (let at = 0; at < text.length; at++) sum = ((sum * 33) ^ text.charCodeAt(at)) >>> 0;
    return `${text.length}-${sum}`;
  };

  /** Run `start` when every editor of the page stands. */
  const whenEditorsStand = (start) => {
    const areas = document.querySelectorAll("textarea[data-type=ckeditortype]");
    const ids = [...areas].map(({ id }) => id).filter((id) => !id.includes("__prefix__"));
    const stand = () => ids.every((id) => CKEDITOR.instances[id]?.status === "ready");
    if (!window.CKEDITOR || stand()) return start();
    CKEDITOR.on("instanceReady", function check({ removeListener }) {
      if (!stand()) return;
      removeListener();
      start();
    });
  };

  const timeInWords = (at) => {
    const time = new Date(at);
    const isToday = time.toDateString() === new Date().toDateString();
    const format = isToday ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
    return new Intl.DateTimeFormat(document.documentElement.lang, format).format(time);
  };

  /** What the offer calls a draft by: the first line of text that was typed. */
  const titleOf = (fields) => {
    const texts = Object.entries(fields).filter(([name]) => /^(title|name)_/.test(name));
    return texts.map(([, [text]]) => text).find((text) => text?.trim()) ?? "";
  };

  const start = (place, form) => {
    const { account, form: formName } = place.dataset;
    const status = place.querySelector("[role=status]");
    const choice = place.querySelector(".unsaved-text-choice");
    const sent = draftFields.readSent(form);
    const base = hash(JSON.stringify(sent));
    const isBack = Boolean(document.querySelector(".errornote")); // posted, and not saved
    const mine = (isBack && sessionStorage.getItem(SENT)) || keptDrafts.newId();
    const key = keptDrafts.keyOf(account, formName, mine);
    form.elements._draft.value = mine;

    let timer = 0;
    let isLeaving = false;
    const present = () => JSON.stringify(draftFields.read(form));
    const isChanged = () => isBack || hash(present()) !== base;

    const keepNow = () => {
      clearTimeout(timer);
      if (!isChanged()) return keptDrafts.drop(key);
      const fields = draftFields.read(form);
      const isKept = keptDrafts.keep(key, { at: Date.now(), base, fields });
      if (choice.hidden) status.textContent = isKept ? "" : place.dataset.tooLong;
    };
    const keepSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(keepNow, WAIT);
    };

    const offer = () => {
      const now = present();
      const others = keptDrafts.of(account, formName).filter((other) => other.key !== key);
      const isHere = ({ draft }) => JSON.stringify(draft.fields) === now;
      // After a reload, the browser restores the fields itself: there is nothing to offer.
      for (const { key: same } of others.filter(isHere)) {
        keepNow();
        keptDrafts.drop(same);
      }
      const [offered] = others.filter((other) => !isHere(other));
      choice.hidden = !offered;
      place.classList.toggle("is-offered", Boolean(offered));
      status.textContent = "";
      if (!offered) return;
      const { draft } = offered;
      const title = titleOf(draft.fields);
      const sentence = place.dataset.offer.replace("%(time)s", timeInWords(draft.at));
      status.textContent = title ? `${sentence}: “${title}”` : sentence;
      choice.querySelector(".unsaved-text-changed").hidden = draft.base === base;
      choice.querySelector("[data-restore]").onclick = () => {
        draftFields.restore(form, draft.fields);
        choice.hidden = true;
        place.classList.remove("is-offered");
        status.textContent = "";
        // Kept under this page's own name first, so that there is no moment without a copy.
        setTimeout(() => {
          keepNow();
          keptDrafts.drop(offered.key);
          form.dispatchEvent(new CustomEvent("draft:restored", { bubbles: true }));
        }, 0);
      };
      choice.querySelector("[data-discard]").onclick = () => {
        keptDrafts.drop(offered.key);
        offer();
      };
    };

    form.addEventListener("input", keepSoon);
    form.addEventListener("change", keepSoon);
    // Rows that are added or removed; select2 tells jQuery alone of what is chosen.
    document.addEventListener("formset:added", keepSoon);
    document.addEventListener("formset:removed", keepSoon);
    window.django?.jQuery(form).on("change", "select", keepSoon);
    for (const editor of Object.values(window.CKEDITOR?.instances ?? {})) {
      editor.on("change", keepSoon);
    }
    document.addEventListener("visibilitychange", () => document.hidden && keepNow());
    addEventListener("pagehide", keepNow);

    form.addEventListener("submit", (event) => {
      keepNow();
      sessionStorage.setItem(SENT, mine);
      const target = event.submitter?.formTarget || form.target;
      // A preview that opens beside the form leaves it where it is.
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
    if (isBack) keepNow();
    place.dataset.ready = "";
  };

  document.addEventListener("DOMContentLoaded", () => {
    const place = document.getElementById("unsaved-text");
    if (place) whenEditorsStand(() => start(place, place.closest("form")));
  });
})();
