"use strict";

/* Sends the visitor's time zone, in which reply deadlines are shown. */

for (const field of document.querySelectorAll("input[name='time_zone']")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}
