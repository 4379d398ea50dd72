/* Unsaved texts of the admin's forms, stored in this browser.

   Each draft is an entry of localStorage under `tradepost-draft:1:<account>:<form>:<id>`. The
   account is part of the key, so that users of one computer do not see each other's texts. Logging
   out does not delete drafts, since a session may end while somebody is writing. They are deleted
   when they are saved or discarded, and after two weeks. */
"use strict";

const keptDrafts = (() => {
  const PREFIX = "tradepost-draft:1:"; // the number changes with the format
  const EVERY_VERSION = "tradepost-draft:";
  const MAX_CHARACTERS = 500_000; // of one draft; a browser stores about five million
  const MAX_DRAFTS = 12;
  const MAX_DAYS = 14;

  /** localStorage, or nothing where the browser forbids it. */
  const store = (() => {
    try {
      return window.localStorage;
    } catch {
      return null;
    }
  })();

  const parse = (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  };

  /** Every draft in this browser as `{ key, draft }`, the newest first. */
  const all = () =>
    Object.keys(store ?? {})
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => ({ key, draft: parse(store.getItem(key)) }))
      .filter(({ draft }) => draft?.fields && draft.at)
      .sort((one, other) => other.draft.at - one.draft.at);

  const drop = (key) => store?.removeItem(key);

  const keyOf = (account, form, id) => `${PREFIX}${account}:${form}:${id}`;

  /** The drafts of one form and one account. */
  const of = (account, form) =>
    all().filter(({ key }) => key.startsWith(keyOf(account, form, "")));

  /** Stores `draft`; false if it is too long or the browser has no room for it. */
  const keep = (key, draft) => {
    const text = JSON.stringify(draft);
    if (!store || text.length > MAX_CHARACTERS) return false;
    const others = all().filter((other) => other.key !== key);
    for (const { key: oldest } of others.slice(MAX_DRAFTS - 1)) drop(oldest);
    for (;;) {
      try {
        store.setItem(key, text);
        return true;
      } catch {
        const oldest = others.slice(0, MAX_DRAFTS - 1).pop();
        if (!oldest) return false;
        drop(oldest.key);
        others.splice(others.indexOf(oldest));
      }
    }
  };

  const newId = () =>
    [...crypto.getRandomValues(new Uint8Array(8))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");

  /** Drop the draft that the server says it has saved, and those that are past their time. */
  const sweep = () => {
    const saved = /(?:^|;\s*)saved_draft=([a-z0-9-]+)/.exec(document.cookie)?.[1];
    const tooOld = Date.now() - MAX_DAYS * 24 * 3600 * 1000;
    for (const key of Object.keys(store ?? {})) {
      if (!key.startsWith(EVERY_VERSION)) continue;
      const draft = key.startsWith(PREFIX) && parse(store.getItem(key));
      if (!(draft?.at > tooOld) || (saved && key.endsWith(`:${saved}`))) drop(key);
    }
    if (saved) document.cookie = "saved_draft=; path=/admin/; max-age=0; samesite=lax";
  };

  sweep();
  return { of, keep, drop, keyOf, newId };
})();
