// The readers' page. It holds no sentences: they stand in the page's templates. What the server sends goes in as text or as parsed,
// escaped markup of our own, never through innerHTML. The tab alone keeps draft, theme, country and the turn's id.
(() => {
  "use strict";
  const LIMIT_IN_SIGHT = 200, SHOW_BUSY_MS = 300, SHOW_LATE_MS = 9000, FIRST_WAIT_MS = 1500, LONGEST_WAIT_MS = 20000;
  const HISTORY_TURNS = 5, HISTORY_CHARACTERS = 1900, SWIPE = 80, SWIPE_SLANT = 60;

  const root = document.documentElement;
  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
  const copyOf = (id) => $("#" + id).content.cloneNode(true);
  const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const post = (address, body, more = {}) => fetch(address, { method: "POST", body, ...more });
  const tab = {
    get: (key) => { try { return sessionStorage.getItem(key) || "" } catch { return "" } },
    set: (key, value) => { try { value ? sessionStorage.setItem(key, value) : sessionStorage.removeItem(key) } catch { /* shut: we do without */ } },
  };

  let form, box, state, status, conversation, panel;
  let pending = null; // the turn being asked: {turn, abort, again}
  let opener = null; // what opened the panel and gets the focus back

  root.classList.add("js");
  applyTheme();
  addEventListener("DOMContentLoaded", () => { if ($("#ask")) start() });

  function start() {
    [form, box, state, status, conversation, panel] = ["#ask", "#question", "#state", "#status", "#conversation", "#panel"].map((id) => $(id));
    keepInTab();
    listenToBox();
    listenToTaps();
    listenToPanel();
    addEventListener("online", retry);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) retry() });
    for (const part of [form, $(".top")]) new ResizeObserver(measure).observe(part);
    const shown = lastTurn();
    if (shown) shown.scrollIntoView({ block: "start", behavior: "instant" });
    else if (tab.get("turn")) restore(tab.get("turn"));
  }

  // ---- what the tab keeps

  function applyTheme() {
    const theme = tab.get("theme");
    theme ? (root.dataset.theme = theme) : delete root.dataset.theme;
  }

  function keepInTab() {
    box.value ||= tab.get("draft");
    $("#theme").value = tab.get("theme");
    if (tab.get("country")) $("#country").value = tab.get("country");
    $("#theme").onchange = (event) => { tab.set("theme", event.target.value); applyTheme() };
    $("#country").onchange = (event) => tab.set("country", event.target.value);
  }

  // ---- the question box

  function listenToBox() {
    box.oninput = () => { tab.set("draft", box.value); count() };
    box.onkeydown = (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit($("#send"));
    };
    form.onsubmit = submit;
    $("#stop").onclick = stop;
    $("#short").onchange = () => {
      const last = lastTurn();
      if (last && $(".sources", last) && !pending) ask($(".question", last).textContent, false, last);
    };
    count();
  }

  function submit(event) {
    event.preventDefault();
    const by = event.submitter;
    if (by?.id === "save") return save(by);
    if (by?.id === "clear") return clear();
    const isChosen = by?.name === "starter";
    const question = isChosen ? by.value : box.value.trim();
    if (!question) show("t-empty");
    if (!question || (!isChosen && !count())) return box.focus();
    if (!pending) ask(question, !isChosen);
  }

  function count() {
    const left = Number(document.body.dataset.limit) - [...box.value].length, line = $("#count");
    line.classList.toggle("over", left < 0);
    box.setAttribute("aria-invalid", left < 0);
    line.textContent = left < 0 ? line.dataset.over.replace("{over}", -left) : left < LIMIT_IN_SIGHT ? line.dataset.left.replace("{left}", left) : "";
    return left >= 0;
  }

  // ---- asking: one id per turn, so that a question sent again after a lost line is answered once

  async function ask(question, isTyped, replaced) {
    const turn = newId();
    const previous = (replaced ? replaced.previousElementSibling : lastTurn())?.dataset.turn || "";
    const asked = { turn, previous, question, history: history_(replaced), country: $("#country").value, short: $("#short").checked };
    if (isTyped) { tab.set("draft", question); box.value = ""; count() }
    tab.set("turn", turn);
    const answer = await send("/ask.json", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(asked) }, turn);
    if (answer) {
      if (isTyped) tab.set("draft", box.value);
      return place(answer, replaced, isTyped);
    }
    tab.set("turn", previous);
    if (isTyped && !box.value) { box.value = question; count() }
  }

  function history_(replaced) {
    const said = (turn) => all(".answer", turn).map((part) => part.textContent).join(" ") || $(".card", turn)?.textContent || "";
    return all(".turn", conversation).filter((turn) => turn !== replaced).slice(-HISTORY_TURNS).flatMap((turn) => [
      { role: "user", content: $(".question", turn).textContent },
      { role: "assistant", content: said(turn).replace(/\s+/g, " ").slice(0, HISTORY_CHARACTERS) },
    ]).filter((entry) => entry.content.trim());
  }

  // Sends until there is a reply; null when it was stopped or refused, with the reason on the screen.
  async function send(address, request, turn) {
    pending = { turn, abort: new AbortController(), again: () => {} };
    const timers = [setTimeout(show, SHOW_BUSY_MS, "t-busy"), setTimeout(show, SHOW_LATE_MS, "t-late")];
    busy(true);
    try {
      return await answered(address, { ...request, signal: pending.abort.signal }, timers);
    } catch (error) {
      timers.forEach(clearTimeout);
      show(error.name === "AbortError" ? "t-stopped" : "t-error");
      return null;
    } finally {
      timers.forEach(clearTimeout);
      pending = null;
      busy(false);
    }
  }

  async function answered(address, request, timers) {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      let reply;
      try {
        reply = await fetch(address, request);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        timers.forEach(clearTimeout);
        show("t-offline");
        await Promise.race([pause(wait), new Promise((again) => { pending.again = again })]);
        continue;
      }
      if (reply.status === 202) continue;
      timers.forEach(clearTimeout);
      if (!reply.ok) return refuse(reply);
      show();
      return reply.json();
    }
  }

  async function refuse(reply) {
    const error = (await reply.json().catch(() => ({}))).error || {};
    show({ stopped: "t-stopped", full: "t-full" }[error.code] || "t-error");
    if (error.message && $(".why")) $(".why").textContent = error.message;
    return null;
  }

  function retry() { pending?.again() }

  function stop() {
    if (!pending) return;
    post(`/turn/${pending.turn}/stop`).catch(() => {});
    pending.abort.abort();
  }

  function busy(isBusy) {
    conversation.setAttribute("aria-busy", isBusy);
    if ("model" in document.body.dataset) { $("#stop").hidden = !isBusy; $("#send").hidden = isBusy }
  }

  function show(id) {
    state.replaceChildren(...(id ? [copyOf(id)] : []));
    if (id) state.scrollIntoView({ block: "nearest" });
  }

  // ---- showing

  function lastTurn() { return all(".turn", conversation).pop() }

  function place(answer, replaced, isTyped) {
    const turn = $(".turn", parsed(answer.html)), heading = $(".question", turn);
    keepNumbers();
    replaced ? replaced.replaceWith(turn) : conversation.append(turn);
    $(".welcome").hidden = true;
    $("#turn").value = turn.dataset.turn;
    (isTyped && matchMedia("(pointer: fine)").matches ? box : heading).focus({ preventScroll: true });
    heading.scrollIntoView({ block: "start" });
    status.textContent = answer.announce;
  }

  // The numbers of an earlier emergency or crisis card stay in view for the rest of the chat.
  function keepNumbers() {
    const numbers = all(".turn[data-grave] .card .numbers", conversation).pop();
    if (!numbers) return;
    $(".keep .numbers").replaceChildren(...[...numbers.children].map((link) => link.cloneNode(true)));
    $(".keep").hidden = false;
  }

  async function restore(turn) {
    const reply = await fetch("/turn/" + turn).catch(() => null);
    if (reply?.status === 404) return tab.set("turn", "");
    const kept = reply?.ok && reply.status !== 202 ? await reply.json() : await send("/turn/" + turn, {}, turn);
    if (!kept?.turns.length || lastTurn()) return;
    for (const one of kept.turns) { keepNumbers(); conversation.append($(".turn", parsed(one.html))) }
    const heading = $(".question", lastTurn());
    $(".welcome").hidden = true;
    $("#turn").value = turn;
    if (tab.get("draft") === heading.textContent) { box.value = ""; tab.set("draft", "") }
    heading.scrollIntoView({ block: "start", behavior: "instant" });
    status.textContent = kept.turns.at(-1).announce;
  }

  function clear() {
    post("/clear", new URLSearchParams({ turn: $("#turn").value || tab.get("turn") }), { redirect: "manual" }).catch(() => {});
    pending?.abort.abort();
    conversation.replaceChildren();
    $(".keep").hidden = true;
    $(".welcome").hidden = false;
    box.value = $("#turn").value = "";
    tab.set("draft");
    tab.set("turn");
    count();
    show("t-cleared");
    box.focus();
  }

  // ---- taps anywhere

  function listenToTaps() {
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-panel]"), copy = event.target.closest(".copy");
      if (link && !(event.ctrlKey || event.metaKey || event.shiftKey)) { event.preventDefault(); openPage(link) }
      if (event.target.closest(".again")) pending ? retry() : form.requestSubmit($("#send"));
      if (copy) copyText($(".plain", copy.closest(".turn")).textContent).then(() => { copy.textContent = status.textContent = copy.dataset.done });
      if (!event.target.closest(".options")) $(".options").open = false;
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && $(".options").open) { $(".options").open = false; $(".options summary").focus() }
    });
    document.addEventListener("submit", (event) => { if (event.target.matches(".feedback")) rate(event) });
  }

  async function rate(event) {
    event.preventDefault();
    const data = new URLSearchParams(new FormData(event.target, event.submitter));
    const reply = await post("/feedback", data, { headers: { Accept: "application/json" } }).catch(() => null);
    const said = await reply?.json().catch(() => null);
    if (!said) return show("t-offline");
    const thanks = Object.assign(document.createElement("p"), { tabIndex: -1, textContent: said.message || said.error.message });
    status.textContent = thanks.textContent;
    event.target.replaceChildren(thanks);
    thanks.focus({ preventScroll: true });
  }

  async function copyText(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }

  // ---- the panel: an article, the help page or the saved chat, over the conversation

  function listenToPanel() {
    let touch = null;
    panel.addEventListener("close", () => {
      document.body.classList.remove("dialog-open");
      if (history.state?.panel) history.back();
      opener?.focus({ preventScroll: true });
    });
    // Going back to an address with a fragment moves focus to the fragment, after this event.
    addEventListener("popstate", () => { panel.open ? panel.close() : setTimeout(() => opener?.focus({ preventScroll: true })) });
    panel.addEventListener("click", (event) => { if (event.target === panel) panel.close() });
    $("#close").onclick = () => panel.close();
    panel.addEventListener("touchstart", (event) => { touch = event.touches.length === 1 ? event.touches[0] : null }, { passive: true });
    panel.addEventListener("touchend", (event) => {
      const end = event.changedTouches[0];
      if (touch && end.clientX - touch.clientX > SWIPE && Math.abs(end.clientY - touch.clientY) < SWIPE_SLANT) panel.close();
    }, { passive: true });
  }

  function openPanel(address, title, by) {
    opener = by;
    $("#panel-title").textContent = title;
    if (!panel.open) { panel.showModal(); history.pushState({ panel: true }, "", address) }
    document.body.classList.add("dialog-open");
  }

  async function openPage(link) {
    const body = $("#panel-body");
    body.replaceChildren(copyOf("t-busy"));
    openPanel(link.href, link.getAttribute("aria-label") || link.textContent.trim(), link);
    const address = link.pathname === "/help" ? "/help?country=" + $("#country").value : link.href;
    const html = await fetch(address).then((reply) => reply.text()).catch(() => "");
    const page = html && $("#main", parsed(html));
    if (!page) return body.replaceChildren(copyOf("t-offline"));
    $(".back", page)?.remove();
    body.replaceChildren(...page.childNodes);
    const quote = $("#quote", body), goal = quote || $("h1", body);
    goal.tabIndex = -1;
    goal.focus({ preventScroll: true });
    quote ? quote.scrollIntoView({ block: "center", behavior: "instant" }) : panel.scrollTo(0, 0);
  }

  function save(by) {
    const turns = all(".turn", conversation);
    if (!turns.length) return show("t-nothing");
    const page = Object.assign(document.createElement("div"), { className: "saved" });
    page.append(copyOf("t-save"), ...turns.map(withoutIds));
    const made = $("[data-made]", page), today = new Date().toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
    made.textContent = made.dataset.made.replace("{date}", today);
    const text = all(".save-head > :not(.save-tools), .plain", page).map((part) => part.textContent).join("\n\n");
    $("#as-text", page).href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    $("#print", page).onclick = () => print();
    $("#panel-body").replaceChildren(page);
    openPanel("#save", by.textContent, by);
    $("h1", page).tabIndex = -1;
    $("h1", page).focus();
  }

  function withoutIds(turn) {
    const copy = turn.cloneNode(true);
    for (const part of [copy, ...all("[id]", copy)]) part.removeAttribute("id");
    return copy;
  }

  // ---- keep what has focus clear of header and composer; with very large text they scroll away

  function measure() {
    const top = $(".top").offsetHeight, foot = form.offsetHeight, isTight = top + foot > innerHeight / 2;
    root.classList.toggle("tight", isTight);
    root.style.setProperty("--top", (isTight ? 0 : top) + 20 + "px");
    root.style.setProperty("--foot", (isTight ? 0 : foot) + 12 + "px");
  }
})();
