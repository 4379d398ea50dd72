/* Shows the local times of contacts in place of their offsets from UTC. The page may be cached or stay
   open, so the server cannot. */
"use strict";

const clocks = document.querySelectorAll("time[data-zone]");
const update = (clock) => {
  const now = new Date();
  clock.dateTime = now.toISOString();
  clock.textContent = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit", minute: "2-digit", timeZone: clock.dataset.zone,
  }).format(now);
};
const updateAll = () => clocks.forEach(update);

updateAll();
setInterval(updateAll, 10_000);
