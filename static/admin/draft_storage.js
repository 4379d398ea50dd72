/* Unsaved text of the admin's forms, stored in this browser.

   Each draft is an entry of localStorage under `tradepost-draft:2:<account>:<path>:<id>`, as
   `{ at, base, fields, hidden }`: the time, a hash of what the server sent for each field, the values
   of the changed fields, and the hidden inputs to restore. The account is part of the key, so that
   users of one computer do not see each other's texts. Logging out does not delete drafts, since a
   session may expire while a user is writing. They are deleted when they are saved or discarded,
   and after a week, since answers to buyers contain personal data. */
"use strict";

const draftStorage = (() => {
  const { savedCookie } = document.currentScript.dataset;
  const PREFIX = "tradepost-draft:2:"; // the number changes with the format
  const PREFIX_OF_ALL_VERSIONS = "tradepost-draft:";
  const MAX_CHARACTERS = 500_000; // of one draft; a browser can store about five million
  const MAX_DRAFTS = 30;
  const MAX_DAYS = 7;

  /** localStorage, or null if the browser blocks it. */
  const storage = (() => {
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

  /** All drafts in this browser as `{ key, draft }`, the newest first. */
  const findAll = () =>
    Object.keys(storage ?? {})
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => ({ key, draft: parse(storage.getItem(key)) }))
      .filter(({ draft }) => draft?.fields && draft.base && draft.hidden && draft.at)
      .sort((one, other) => other.draft.at - one.draft.at);

  const get = (key) => parse(storage?.getItem(key) ?? null);

  const remove = (key) => storage?.removeItem(key);

  const buildKey = (account, path, id) => `${PREFIX}${account}:${path}:${id}`;

  /** The drafts of one form and one account, the newest first. */
  const find = (account, path) =>
    findAll().filter(({ key }) => key.startsWith(buildKey(account, path, "")));

  /** Store `draft`, deleting the oldest ones if there are too many or the browser's storage is full.
      Returns false if it is too long or does not fit. */
  const save = (key, draft) => {
    const text = JSON.stringify(draft);
    if (!storage || text.length > MAX_CHARACTERS) return false;
    const others = findAll().filter((other) => other.key !== key);
    for (const { key: oldest } of others.slice(MAX_DRAFTS - 1)) remove(oldest);
    for (;;) {
      try {
        storage.setItem(key, text);
        return true;
      } catch {
        const oldest = others.slice(0, MAX_DRAFTS - 1).pop();
        if (!oldest) return false;
        remove(oldest.key);
        others.splice(others.indexOf(oldest));
      }
    }
  };

  const newId = () =>
    [...crypto.getRandomValues(new Uint8Array(8))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");

  /** Delete the draft that the server has saved, as its cookie says, and expired drafts. */
  const cleanUp = () => {
    const pattern = new RegExp(`(?:^|;\\s*)${savedCookie}=([a-z0-9-]+)`);
    const saved = pattern.exec(document.cookie)?.[1];
    const cutoff = Date.now() - MAX_DAYS * 24 * 3600 * 1000;
    for (const key of Object.keys(storage ?? {})) {
      if (!key.startsWith(PREFIX_OF_ALL_VERSIONS)) continue;
      const draft = key.startsWith(PREFIX) && parse(storage.getItem(key));
      if (!(draft?.at > cutoff) || (saved && key.endsWith(`:${saved}`))) remove(key);
    }
    if (!saved) return;
    const secure = savedCookie.startsWith("__Host-") ? "; secure" : "";
    document.cookie = `${savedCookie}=; path=/; max-age=0; samesite=lax${secure}`;
  };

  cleanUp();
  return { find, get, save, remove, buildKey, newId };
})();
