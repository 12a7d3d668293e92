// The readers' page. It holds no sentences: they stand in the page's templates. Words from the server go in as text or as parsed,
// escaped markup of our own, never through innerHTML. The tab alone keeps draft, theme, country and the turn's id.
(() => {
  "use strict";
  const root = document.documentElement;
  const tab = {
    get: (key) => { try { return sessionStorage.getItem(key) || "" } catch { return "" } },
    set: (key, value) => { try { value ? sessionStorage.setItem(key, value) : sessionStorage.removeItem(key) } catch { /* storage is shut: the page works without */ } },
  };
  const applyTheme = () => { const theme = tab.get("theme"); theme ? (root.dataset.theme = theme) : delete root.dataset.theme };
  root.classList.add("js");
  applyTheme();

  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
  const copyOf = (id) => $("#" + id).content.cloneNode(true);
  const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  addEventListener("DOMContentLoaded", () => { if ($("#ask")) startChat() });

  function startChat() {
    const [form, box, state, status, conversation, panel] = ["#ask", "#question", "#state", "#status", "#conversation", "#panel"].map((id) => $(id));
    const limit = Number(document.body.dataset.limit);
    let pending = null; // {again, abort, turn}

    // ---- what the tab keeps
    box.value ||= tab.get("draft");
    $("#theme").value = tab.get("theme");
    if (tab.get("country")) $("#country").value = tab.get("country");
    $("#theme").onchange = (event) => { tab.set("theme", event.target.value); applyTheme() };
    $("#country").onchange = (event) => tab.set("country", event.target.value);
    box.oninput = () => { tab.set("draft", box.value); count() };

    // ---- the question box
    const count = () => {
      const left = limit - [...box.value].length, line = $("#count");
      line.classList.toggle("over", left < 0);
      box.setAttribute("aria-invalid", left < 0);
      line.textContent = left < 0 ? line.dataset.over.replace("{over}", -left) : left < 200 ? line.dataset.left.replace("{left}", left) : "";
      return left >= 0;
    };
    box.onkeydown = (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit($("#send"));
    };
    form.onsubmit = (event) => {
      event.preventDefault();
      const by = event.submitter;
      if (by?.id === "save") return save(by);
      if (by?.id === "clear") return clear();
      const chosen = by?.name === "starter" ? by.value : "";
      const question = chosen || box.value.trim();
      if (!question) { show("t-empty"); return box.focus() }
      if (!chosen && !count()) return box.focus();
      if (!pending) ask(question, by);
    };

    // ---- asking: one id per turn, so that a question sent again after a lost line is answered once
    async function ask(question, by, replaced) {
      const turn = newId(), last = all(".turn", conversation).pop();
      const typed = by?.name !== "starter" && !replaced;
      const previous = replaced ? replaced.previousElementSibling?.dataset.turn : last?.dataset.turn;
      const body = { turn, previous: previous || "", question, history: history_(replaced), country: $("#country").value, short: $("#short").checked };
      if (typed) { tab.set("draft", question); box.value = ""; count() }
      tab.set("turn", turn);
      const answer = await send("/ask.json", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }, turn);
      if (answer?.html) {
        if (typed) tab.set("draft", box.value);
        place(answer, replaced, typed);
      } else {
        tab.set("turn", previous);
        if (typed && !box.value) { box.value = question; count() }
      }
    }

    // Sends until there is a reply; null when it was stopped or refused, with the reason on the screen.
    async function send(address, request, turn) {
      busy(true);
      const abort = new AbortController();
      pending = { abort, turn, again: () => {} };
      const slow = [setTimeout(() => show("t-busy"), 300), setTimeout(() => show("t-late"), 9000)];
      try {
        for (let wait = 1500; ; wait = Math.min(wait * 2, 20000)) {
          try {
            const reply = await fetch(address, { ...request, signal: abort.signal });
            if (reply.status === 202) continue;
            slow.forEach(clearTimeout);
            if (reply.ok) { show(); return await reply.json() }
            await refuse(reply);
            return null;
          } catch (error) {
            if (abort.signal.aborted) { show("t-stopped"); return null }
            slow.forEach(clearTimeout);
            if (!(error instanceof TypeError)) { show("t-error"); return null }
            show("t-offline");
            await Promise.race([pause(wait), new Promise((again) => { pending.again = again })]);
          }
        }
      } finally { slow.forEach(clearTimeout); pending = null; busy(false) }
    }

    async function refuse(reply) {
      const error = (await reply.json().catch(() => ({}))).error || {};
      if (error.code === "stopped") return show("t-stopped");
      if (error.code === "full") return show("t-full");
      show("t-error");
      if (error.message && $(".why")) $(".why").textContent = error.message;
    }
    const retry = () => pending?.again();
    addEventListener("online", retry);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) retry() });
    $("#stop").onclick = () => {
      if (!pending) return;
      fetch(`/turn/${pending.turn}/stop`, { method: "POST" }).catch(() => {});
      pending.abort.abort();
    };

    function busy(on) {
      conversation.setAttribute("aria-busy", on);
      if ("model" in document.body.dataset) { $("#stop").hidden = !on; $("#send").hidden = on }
    }
    function show(id) { state.replaceChildren(...(id ? [copyOf(id)] : [])); if (id) state.scrollIntoView({ block: "nearest" }) }

    function history_(replaced) {
      const turns = all(".turn", conversation).filter((turn) => turn !== replaced).slice(-5);
      return turns.flatMap((turn) => [
        { role: "user", content: $(".question", turn).textContent },
        { role: "assistant", content: (all(".answer", turn).map((part) => part.textContent).join(" ") || $(".card", turn)?.textContent || "").replace(/\s+/g, " ").slice(0, 1900) },
      ]).filter((entry) => entry.content.trim());
    }

    // ---- showing
    function place(answer, replaced, typed) {
      const turn = $(".turn", parsed(answer.html));
      keepNumbers();
      if (replaced) replaced.replaceWith(turn); else conversation.append(turn);
      $(".welcome").hidden = true;
      $("#turn").value = turn.dataset.turn;
      const heading = $(".question", turn);
      if (typed && matchMedia("(pointer: fine)").matches) box.focus({ preventScroll: true }); else heading.focus({ preventScroll: true });
      heading.scrollIntoView({ block: "start" });
      status.textContent = answer.announce;
    }
    function keepNumbers() {
      const grave = all(".turn[data-grave] .card .numbers", conversation).pop();
      if (!grave) return;
      $(".keep .numbers").replaceChildren(...[...grave.children].map((link) => link.cloneNode(true)));
      $(".keep").hidden = false;
    }

    async function restore(turn) {
      const reply = await fetch("/turn/" + turn).catch(() => null);
      if (reply?.status === 404) return tab.set("turn", "");
      const kept = reply?.status === 202 || !reply ? await send("/turn/" + turn, {}, turn) : await reply.json();
      if (!kept?.turns.length || $(".turn", conversation)) return;
      for (const one of kept.turns) { keepNumbers(); conversation.append($(".turn", parsed(one.html))) }
      $(".welcome").hidden = true;
      $("#turn").value = turn;
      if (tab.get("draft") === $(".turn:last-child .question", conversation).textContent) { box.value = ""; tab.set("draft", "") }
      $(".turn:last-child .question", conversation).scrollIntoView({ block: "start", behavior: "instant" });
      status.textContent = kept.turns.at(-1).announce;
    }

    function clear() {
      fetch("/clear", { method: "POST", redirect: "manual", body: new URLSearchParams({ turn: $("#turn").value || tab.get("turn") }) }).catch(() => {});
      pending?.abort.abort();
      conversation.replaceChildren();
      $(".keep").hidden = true;
      $(".welcome").hidden = false;
      box.value = $("#turn").value = "";
      tab.set("draft"); tab.set("turn");
      count(); show("t-cleared"); box.focus();
    }
    $("#short").onchange = () => {
      const last = all(".turn", conversation).pop();
      if (last && $(".sources", last) && !pending) ask($(".question", last).textContent, null, last);
    };

    // ---- taps anywhere
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-panel]");
      if (link && !(event.ctrlKey || event.metaKey || event.shiftKey)) { event.preventDefault(); openPage(link) }
      if (event.target.closest(".again")) pending ? retry() : form.requestSubmit($("#send"));
      const copy = event.target.closest(".copy");
      if (copy) copyText($(".plain", copy.closest(".turn")).textContent).then(() => { copy.textContent = status.textContent = copy.dataset.done });
      if (!event.target.closest(".options")) $(".options").open = false;
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && $(".options").open) { $(".options").open = false; $(".options summary").focus() }
    });
    document.addEventListener("submit", async (event) => {
      if (!event.target.matches(".feedback")) return;
      event.preventDefault();
      const data = new URLSearchParams(new FormData(event.target, event.submitter));
      const reply = await fetch("/feedback", { method: "POST", headers: { Accept: "application/json" }, body: data }).catch(() => null);
      const said = reply && (await reply.json().catch(() => null));
      if (!said) return show("t-offline");
      const thanks = document.createElement("p");
      thanks.tabIndex = -1;
      thanks.textContent = status.textContent = said.message || said.error.message;
      event.target.replaceChildren(thanks);
      thanks.focus({ preventScroll: true });
    });
    async function copyText(text) {
      if (navigator.clipboard) return navigator.clipboard.writeText(text);
      const field = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(field); field.select(); document.execCommand("copy"); field.remove();
    }

    // ---- the panel: an article, the help page or the saved chat over the conversation
    let opener = null;
    function openPanel(address, label, by) {
      opener = by;
      $("#panel-title").textContent = label;
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
      const goal = $("#quote", body) || $("h1", body);
      goal.tabIndex = -1;
      goal.focus({ preventScroll: true });
      goal.id === "quote" ? goal.scrollIntoView({ block: "center", behavior: "instant" }) : panel.scrollTo(0, 0);
    }
    function save(by) {
      const turns = all(".turn", conversation);
      if (!turns.length) return show("t-nothing");
      const page = document.createElement("div");
      page.className = "saved";
      page.append(copyOf("t-save"), ...turns.map((turn) => { const copy = turn.cloneNode(true); all("[id]", copy).forEach((part) => part.removeAttribute("id")); return copy }));
      const made = $("[data-made]", page);
      made.textContent = made.dataset.made.replace("{date}", new Date().toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" }));
      const text = [...all(".save-head > :not(.save-tools)", page), ...all(".plain", page)].map((part) => part.textContent).join("\n\n");
      $("#as-text", page).href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
      $("#print", page).onclick = () => print();
      $("#panel-body").replaceChildren(page);
      openPanel("#save", by.textContent, by);
      $("h1", page).tabIndex = -1;
      $("h1", page).focus();
    }
    panel.addEventListener("close", () => {
      document.body.classList.remove("dialog-open");
      if (history.state?.panel) history.back();
      opener?.focus({ preventScroll: true });
    });
    // Going back to an address with a fragment moves focus to the fragment, after this event.
    addEventListener("popstate", () => { panel.open ? panel.close() : setTimeout(() => opener?.focus({ preventScroll: true })) });
    $("#close").onclick = () => panel.close();
    panel.addEventListener("click", (event) => { if (event.target === panel) panel.close() });
    let touch = null;
    panel.addEventListener("touchstart", (event) => { touch = event.touches.length === 1 ? event.touches[0] : null }, { passive: true });
    panel.addEventListener("touchend", (event) => {
      const end = event.changedTouches[0];
      if (touch && end.clientX - touch.clientX > 80 && Math.abs(end.clientY - touch.clientY) < 60) panel.close();
    }, { passive: true });

    // ---- keep what has focus clear of header and composer; with very large text they scroll away
    const measure = () => {
      const top = $(".top").offsetHeight, foot = form.offsetHeight, isTight = top + foot > innerHeight / 2;
      root.classList.toggle("tight", isTight);
      root.style.setProperty("--top", (isTight ? 0 : top) + 20 + "px");
      root.style.setProperty("--foot", (isTight ? 0 : foot) + 12 + "px");
    };
    new ResizeObserver(measure).observe(form);
    new ResizeObserver(measure).observe($(".top"));
    count();
    const lastShown = all(".turn", conversation).pop();
    if (lastShown) lastShown.scrollIntoView({ block: "start", behavior: "instant" });
    else if (tab.get("turn")) restore(tab.get("turn"));
  }
})();
