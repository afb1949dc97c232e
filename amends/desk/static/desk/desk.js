// A help, never a need: every page works without it.
"use strict";
(() => {
  const mistakes = document.querySelector(".mistakes, .moved");
  if (mistakes) { mistakes.focus(); }

  // "/" goes to the search box, as people expect.
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (at instanceof HTMLElement && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName))) { return; }
    const box = document.getElementById("find-box");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  });

  // A second press while the first is under way is held back; the server would refuse it anyway.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });

  for (const link of document.querySelectorAll("[data-print]")) {
    link.hidden = false;
    link.addEventListener("click", () => { window.print(); });
  }
})();
