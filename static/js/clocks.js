/* Keeps "now 09:12 in Zhengzhou" current: the page may stay open, or come out of a cache. */
"use strict";

const clocks = document.querySelectorAll("time[data-zone]");
const tell = (clock) => {
  const now = new Date();
  clock.dateTime = now.toISOString();
  clock.textContent = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit", minute: "2-digit", timeZone: clock.dataset.zone,
  }).format(now);
};
const tellAll = () => clocks.forEach(tell);

tellAll();
setInterval(tellAll, 10_000);
