// What makes the pages pleasant; each of them works without it.

/** A click anywhere in a row opens it, unless it hits a control or ends a selection of text. */
function openRows() {
  const opener = (event) => {
    const row = event.target.closest("tr[data-opens]");
    if (!row || event.target.closest("a, button, input, select, label")) return;
    if (String(window.getSelection())) return;
    const link = row.querySelector("a.row-link");
    if (!link) return;
    if (event.button === 1 || event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
    else if (event.button === 0) link.click();
  };
  document.addEventListener("click", opener);
  document.addEventListener("auxclick", opener);
}

/** A second press on a button sends nothing again; coming back to the page makes it usable again. */
function submitOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
}

/** Selects send their form when chosen by pointer; by keyboard, only on Enter, or the button, which then shows. */
function autoSubmit() {
  for (const form of document.querySelectorAll("form[data-auto-submit]")) {
    const button = form.querySelector("[type=submit]");
    button.hidden = true;
    let typed = false;
    form.addEventListener("keydown", (event) => {
      typed = true;
      if (event.key === "Enter" && event.target.matches("select") && !button.hidden) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    form.addEventListener("pointerdown", () => { typed = false; });
    form.addEventListener("change", () => {
      if (typed) button.hidden = false;
      else form.requestSubmit();
    });
  }
}

/** Menus made of <details> close on Escape and on a click elsewhere. */
function closeMenus() {
  const menus = "details[data-closes], .menu-more details";
  const close = (menu, back) => {
    menu.open = false;
    if (back) menu.querySelector("summary").focus();
  };
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(menus)) if (menu.open && !menu.contains(event.target)) close(menu, false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(menus)) if (menu.open) close(menu, menu.contains(document.activeElement));
  });
}

/** Says a few minutes ahead that the session ends, and renews it on request without losing what was typed. */
function watchSession() {
  const warning = document.getElementById("session-warning");
  let end = Date.parse(document.body.dataset.sessionEnds ?? "");
  if (!warning || Number.isNaN(end)) return;
  const ahead = 5 * 60_000;
  let shown = "";
  const show = (state) => {
    if (state === shown) return;
    shown = state;
    warning.hidden = state === "";
    for (const text of warning.querySelectorAll("[data-when]")) text.hidden = text.dataset.when !== state;
  };
  const look = () => {
    const left = end - Date.now();
    show(left <= 0 ? "over" : left <= ahead ? "soon" : "");
  };
  warning.querySelector("[data-stay]").addEventListener("click", async (event) => {
    if (Date.now() >= end) return;
    event.preventDefault();
    const answer = await fetch(event.currentTarget.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const later = Date.parse(page.body.dataset.sessionEnds ?? "");
    if (later > end) end = later;
    look();
  });
  look();
  setInterval(look, 15_000);
}

/** What went wrong, or was just done, is read and reached first: a page that opens with it would not say it. Where the
    address leads to a place of the page, that is read. A link shown once is selected by a tap. */
function small() {
  const told = location.hash ? null : document.querySelector("main > .notice[role]");
  (document.getElementById("error-summary") ?? told)?.focus();
  for (const input of document.querySelectorAll("input[data-select]")) input.addEventListener("focus", () => input.select());
}

for (const start of [openRows, submitOnce, autoSubmit, closeMenus, watchSession, small]) start();
