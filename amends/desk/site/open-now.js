// Says which ways of reaching the provider are open at this moment. The page says the hours in words without it.
// The hours are read from the page: minutes of the day in London, Monday first; the bank holidays stand on the list.
"use strict";

const london = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London", weekday: "short", year: "numeric", month: "2-digit", day: "2-digit",
  hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

function moment() {
  const part = Object.fromEntries(london.formatToParts(new Date()).map((p) => [p.type, p.value]));
  return {
    date: `${part.year}-${part.month}-${part.day}`,
    weekday: weekdays.indexOf(part.weekday),
    minute: Number(part.hour) * 60 + Number(part.minute),
  };
}

// Whether a line is open: true, false, or null where nobody can tell.
function isOpen(line, days, now) {
  const week = JSON.parse(line.dataset.week);
  const within = week[now.weekday].some(([start, end]) => start <= now.minute && now.minute < end);
  if (!within || line.dataset.holiday === "open") return within;
  const { holidays, knownFrom, knownUntil } = days.dataset;
  if (!knownUntil || now.date < knownFrom || now.date > knownUntil) return null;
  if (!holidays.split(" ").includes(now.date)) return true;
  return line.dataset.holiday === "closed" ? false : null;
}

function tell() {
  const now = moment();
  const days = document.querySelector("[data-known-until]");
  if (!days) return;
  for (const line of document.querySelectorAll("[data-week]")) {
    const open = isOpen(line, days, now);
    line.textContent = open === null ? "" : open ? "Open now" : "Closed now";
    line.classList.toggle("code-shut", open === false);
    line.hidden = open === null;
  }
}

tell();
setInterval(tell, 60000);
