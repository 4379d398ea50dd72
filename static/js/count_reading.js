"use strict";

/* Counts a reading of an article that a content delivery network has answered. A page that the
   browser renders in advance counts when it is shown. */

const { url } = document.currentScript.dataset;
const count = () => navigator.sendBeacon(url);

if (document.prerendering) document.addEventListener("prerenderingchange", count, { once: true });
else count();
