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
