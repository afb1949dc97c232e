// Chats by themselves: new words appear, and sending keeps the page. Without it the same buttons do the same.
"use strict";
(() => {
  const LOOKS = 3000, LOOKS_SLOWLY = 10000, SLOW_AFTER = 5 * 60 * 1000, TRIES_AGAIN = 3000;
  const log = document.querySelector("[data-chat][data-news]");
  const board = document.querySelector("[data-board]");
  const live = log || board;
  if (!live) { return; }
  const form = board || document.querySelector("[data-say]");
  let latest = Date.now();
  let busy = false;

  const toEnd = (list) => { list.scrollTop = list.scrollHeight; };
  const fetched = async (address, options) => {
    const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", ...options });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { answer, page };
  };

  // Only what is new is added, so that a screen reader says it once and a reader's place stays.
  const addLines = (here, there) => {
    const list = here.querySelector("ol");
    const last = Number(list.lastElementChild ? list.lastElementChild.dataset.seq : 0);
    const low = here.scrollHeight - here.scrollTop - here.clientHeight < 60;
    let added = 0;
    for (const line of there.querySelectorAll("li")) {
      if (Number(line.dataset.seq) > last) { list.append(document.importNode(line, true)); added += 1; }
    }
    if (added) { latest = Date.now(); if (low) { toEnd(here); } }
  };
  const part = (root, name) => root.querySelector(`[data-part="${name}"]`);
  const swap = (here, there) => {
    if (here && there && here.innerHTML !== there.innerHTML && !here.contains(document.activeElement)) {
      here.replaceChildren(...[...there.childNodes].map((node) => document.importNode(node, true)));
    }
  };
  const mistakesOf = (page) => [...page.querySelectorAll("main .mistakes")].map((m) => m.textContent.trim()).join(" ");
  const tell = (box, words) => {
    if (!box) { return; }
    if (!box.dataset.own) { box.dataset.own = box.textContent; }
    box.textContent = words || box.dataset.own;
    box.hidden = false;
  };

  // --- one chat, of a customer -----------------------------------------------------------------------------
  const syncChat = (page) => {
    const there = page.querySelector("[data-part=lines]");
    if (!there) { location.reload(); return; }
    addLines(log, there);
    swap(part(document, "state"), part(page, "state"));
    const over = !there.dataset.version || !page.querySelector("[data-say]");
    if (!over) { live.dataset.version = there.dataset.version; return; }
    const box = form.querySelector("textarea");
    if (box.value.trim()) { live.dataset.version = "over"; clearInterval(timer); } else { location.reload(); }
  };
  // --- several chats, of a person of the provider ------------------------------------------------------------
  const syncBoard = (page) => {
    const there = page.querySelector("[data-board]");
    if (!there) { location.reload(); return; }
    for (const name of ["presence", "waiting", "others"]) { swap(part(board, name), part(there, name)); }
    const mine = part(board, "mine"), theirs = part(there, "mine");
    for (const chat of theirs.querySelectorAll(".one-chat")) {
      const known = mine.querySelector(`.one-chat[data-chat="${chat.dataset.chat}"]`);
      if (!known) {
        const made = document.importNode(chat, true);
        for (const words of mine.querySelectorAll(":scope > p")) { words.remove(); }
        mine.append(made);
        toEnd(part(made, "lines"));
        continue;
      }
      addLines(part(known, "lines"), part(chat, "lines"));
      swap(part(known, "about"), part(chat, "about"));
    }
    for (const chat of mine.querySelectorAll(".one-chat")) {
      if (!theirs.querySelector(`.one-chat[data-chat="${chat.dataset.chat}"]`)) { chat.remove(); }
    }
    if (!mine.children.length) { swap(mine, theirs); }
    live.dataset.version = there.dataset.version;
  };
  const sync = log ? syncChat : syncBoard;

  const look = async () => {
    if (busy) { return; }
    busy = true;
    try {
      const answer = await fetch(live.dataset.news, { credentials: "same-origin", cache: "no-store" });
      if (answer.ok && !answer.redirected && (await answer.text()) !== live.dataset.version) {
        const found = await fetched(live.dataset.page);
        if (found.answer.ok) { sync(found.page); }
      }
    } catch { /* the network is away: the next look tries again */ } finally { busy = false; }
  };
  let timer = 0;
  const again = () => {
    const slow = log && Date.now() - latest > SLOW_AFTER;
    timer = setTimeout(async () => { if (live.dataset.version !== "over") { await look(); again(); } }, slow ? LOOKS_SLOWLY : LOOKS);
  };

  // --- sending -----------------------------------------------------------------------------------------------
  const sending = new Set();
  const send = async (button, box, nonce, unsent) => {
    if (sending.has(box) || !box.value.trim()) { return; }
    sending.add(box);
    const words = box.value;
    const body = new FormData(form);
    body.set(button.name, button.value);
    const done = (kept) => {
      sending.delete(box);
      if (!kept) { box.value = box.value === words ? "" : box.value.replace(words, ""); }
    };
    const attempt = async () => {
      try {
        const found = await fetched(form.getAttribute("action") || location.href, { method: "POST", body });
        const said = mistakesOf(found.page);
        if (found.answer.ok || found.answer.status === 422 || found.answer.status === 409) {
          if (unsent) { unsent.hidden = true; }
          if (said) { tell(unsent, said); done(true); } else { done(false); }
          const fresh = found.page.querySelector(`[name="${nonce.name}"]`);
          if (fresh) { nonce.value = fresh.value; }
          sync(found.page);
          return;
        }
        if (found.answer.status === 403 || found.answer.status === 404) { location.reload(); return; }
        throw new Error(String(found.answer.status));
      } catch {
        // The same box with the same mark: whether the first try arrived or not, it is one line.
        tell(unsent, "");
        setTimeout(attempt, TRIES_AGAIN);
      }
    };
    await attempt();
  };
  const isSend = (button) => button && (button.value === "say" || button.value.startsWith("send:"));
  const parts = (button) => {
    const around = button.closest(".one-chat") || form;
    return [around.querySelector("textarea"), around.querySelector('input[name^="nonce"]'), around.querySelector("[data-unsent]")];
  };
  form.addEventListener("submit", (event) => {
    if (!isSend(event.submitter)) { return; }
    event.preventDefault();
    event.stopPropagation();
    send(event.submitter, ...parts(event.submitter));
  });
  form.addEventListener("keydown", (event) => {
    const box = event.target;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !(box instanceof HTMLTextAreaElement)) { return; }
    const around = box.closest(".one-chat") || form;
    const button = [...around.querySelectorAll("button")].find(isSend);
    if (button) { event.preventDefault(); send(button, ...parts(button)); }
  });

  // What is half typed in the console is kept on the server: it survives this browser.
  let later = 0;
  if (board) {
    board.addEventListener("input", () => {
      clearTimeout(later);
      later = setTimeout(() => {
        const body = new FormData(form);
        body.set("do", "look");
        fetch(form.getAttribute("action"), { method: "POST", body, credentials: "same-origin", redirect: "manual" }).catch(() => {});
      }, 2000);
    });
  }

  // Only where a script keeps the newest line in sight does a transcript get a window of its own.
  document.documentElement.classList.add("live");
  for (const hint of document.querySelectorAll("[data-live]")) { hint.hidden = false; }
  for (const button of document.querySelectorAll("[data-look]")) { button.hidden = true; }
  for (const list of document.querySelectorAll(".chat-lines")) { toEnd(list); }
  again();
})();
