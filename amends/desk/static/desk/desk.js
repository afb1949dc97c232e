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
    const box = document.querySelector("[data-find]") || document.getElementById("find-box");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  });

  // On the screen of a call, whom it may be is shown while one still types; a choice that was made stays.
  const looks = document.querySelector("[data-look]");
  const found = document.getElementById("found-so-far");
  if (looks && found) {
    const box = looks.querySelector("[data-find]");
    let waits = 0;
    let asked = 0;
    box.addEventListener("input", () => {
      clearTimeout(waits);
      waits = setTimeout(async () => {
        const said = box.value.trim();
        asked += 1;
        const mine = asked;
        if (said.length < 3) { return; }
        const answer = await fetch(`${looks.dataset.look}?find=${encodeURIComponent(said)}`, { credentials: "same-origin" });
        if (!answer.ok || mine !== asked) { return; }
        const chosen = found.querySelector("input:checked");
        found.innerHTML = await answer.text();
        const same = chosen && [...found.querySelectorAll("input")].find((each) => each.value === chosen.value);
        if (same && chosen.value !== "new") { same.checked = true; }
      }, 250);
    });
  }

  // The clock of the call.
  const since = document.querySelector("[data-since]");
  if (since) {
    const began = new Date(since.dataset.since).getTime();
    const shown = Date.now();
    const tick = () => {
      // The desk's clock may stand elsewhere than the browser's: what counts is how long this page has been open.
      const minutes = Math.floor((Date.now() - shown) / 60000);
      since.textContent = minutes ? `, ${minutes} min` : "";
      since.hidden = !minutes;
    };
    if (!Number.isNaN(began)) { tick(); setInterval(tick, 10000); }
  }

  // A second press while the first is under way is held back; the server would refuse it anyway.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });

  // Who else is on this case, and what happened since: asked now and then while the page is in sight.
  for (const box of document.querySelectorAll("[data-here]")) {
    const look = async () => {
      if (document.hidden) { return; }
      const asked = new URLSearchParams({ doing: box.dataset.doing, facts: box.dataset.facts });
      try {
        const answer = await fetch(`${box.dataset.here}?${asked}`, { credentials: "same-origin", cache: "no-store", redirect: "error" });
        if (answer.status !== 200) { return; }
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (page.body.textContent.trim() === box.textContent.trim()) { return; }
        box.replaceChildren(...[...page.body.childNodes].map((node) => document.importNode(node, true)));
      } catch (away) {
        // The server is away for a moment, or somebody was signed out: the next press says so.
      }
    };
    setInterval(look, 20000);
    document.addEventListener("visibilitychange", look);
  }

  // What is typed is kept on the server a few seconds later, for whoever typed it. Files are chosen again.
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const save = form.querySelector("button[value=draft]");
    if (!save) { continue; }
    let soon = 0;
    const keep = async () => {
      soon = 0;
      if (form.dataset.sent) { return; }
      const said = new FormData(form);
      for (const box of form.querySelectorAll("input[type=file]")) { said.delete(box.name); }
      said.set(save.name, save.value);
      try {
        const answer = await fetch(form.action, {
          method: "POST", body: said, credentials: "same-origin", redirect: "error", headers: { "X-Draft": "yes" },
        });
        if (answer.status === 204) { save.dataset.own = save.dataset.own || save.textContent; save.textContent = save.dataset.kept; }
      } catch (away) {
        // Nothing is lost yet: it is tried again with the next word, and the button does the same.
      }
    };
    form.addEventListener("input", (event) => {
      // Whoever only looks for a customer has written nothing yet.
      if ("find" in event.target.dataset) { return; }
      if (save.dataset.own) { save.textContent = save.dataset.own; }
      clearTimeout(soon);
      soon = setTimeout(keep, 3000);
    });
    document.addEventListener("visibilitychange", () => { if (document.hidden && soon) { clearTimeout(soon); keep(); } });
  }

  // Passkeys: the browser answers what the page asks, and the form carries the answer. Addresses that are bare numbers have none.
  const bytes = (words) => Uint8Array.from(atob(words.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const words = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const ask = async (kind, asked) => {
    const key = asked.publicKey;
    key.challenge = bytes(key.challenge);
    if (key.user) { key.user.id = bytes(key.user.id); }
    for (const known of [...(key.excludeCredentials || []), ...(key.allowCredentials || [])]) { known.id = bytes(known.id); }
    const made = await navigator.credentials[kind]({ publicKey: key });
    const response = { clientDataJSON: words(made.response.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[part]) { response[part] = words(made.response[part]); }
    }
    return {
      id: made.id, rawId: words(made.rawId), type: made.type, response,
      clientExtensionResults: made.getClientExtensionResults(),
    };
  };
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential || !window.isSecureContext || /^[\d.:[\]]+$/.test(location.hostname)) { continue; }
    form.hidden = false;
    for (const none of document.querySelectorAll("[data-passkey-none]")) { none.hidden = true; }
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) { return; }
      event.preventDefault();
      event.stopPropagation();
      try {
        const answer = await ask(form.dataset.passkey, JSON.parse(form.dataset.asked));
        form.elements.credential.value = JSON.stringify(answer);
        form.requestSubmit();
      } catch (refused) {
        // The person said no, or waited too long: the page says so, and may be tried again.
        form.querySelector("[data-passkey-wrong]").hidden = false;
      }
    });
  }

  for (const link of document.querySelectorAll("[data-print]")) {
    link.hidden = false;
    link.addEventListener("click", () => { window.print(); });
  }
})();
