// Files on their way: a form with `data-sends` is sent from here when files go with it, so that the page can say how far
// they are, and keeps them where something is wrong. Without this, the browser sends the form as any other.

/** Forms on their way. */
const busy = new WeakSet();

/** What is said meanwhile, in the form itself. */
function display(form) {
  const [status, bar] = ["[role=status]", "progress"].map((part) => form.querySelector(`.send-state ${part}`));
  return {
    say: (state, busy) => {
      status.textContent = form.dataset[state] ?? "";
      bar.hidden = !busy;
      bar.removeAttribute("value");
    },
    show: (done, all) => { bar.value = Math.floor((done / all) * 100); },
  };
}

/** Send a form, telling `show` how far it is; gives the answer. */
function send(form, button, show) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Postigo-Sends", "1");
    request.upload.addEventListener("progress", (event) => event.lengthComputable && show(event.loaded, event.total));
    request.addEventListener("load", () => resolve(request));
    for (const way of ["error", "abort", "timeout"]) request.addEventListener(way, () => reject(new Error(way)));
    request.send(new FormData(form, button));
  });
}

/** Open what an answer leads to, anew where it is this page. */
function open(address) {
  const target = new URL(address, location.href);
  if (target.pathname === location.pathname && target.search === location.search) {
    history.replaceState(null, "", target);
    location.reload();
  } else {
    location.assign(target);
  }
}

/** Put the page that came back in the place of this one, with the files that were chosen. */
function show(text, chosen) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const main = page.querySelector("main");
  if (!main) return false;
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  const fresh = main.querySelector("form[data-sends] input[type=file]");
  if (fresh && chosen.length) {
    fresh.files = chosen;
    main.querySelector("[data-files-gone]")?.remove();
  }
  (main.querySelector("#error-summary") ?? main).focus();
  return true;
}

/** Whether the form was not taken because its reader has been signed out: refused, or led to the door. */
function isShut(answer, form) {
  return answer.status === 403 || new URL(answer.responseURL).pathname !== new URL(form.action).pathname;
}

async function sendForm(form, button) {
  const control = form.querySelector("input[type=file]");
  const chosen = control.files;
  const { say, show: progress } = display(form);
  if ([...chosen].reduce((sum, file) => sum + file.size, 0) > Number(control.dataset.most)) return say("large", false);
  busy.add(form);
  say("sending", true);
  try {
    const answer = await send(form, button, (done, all) => {
      progress(done, all);
      if (done === all) say("sentAll", true);
    });
    const place = answer.getResponseHeader("Postigo-Location");
    if (place) return open(place);
    if (answer.status === 413) say("large", false);
    else if (isShut(answer, form)) say("ended", false);
    else if (![409, 422].includes(answer.status) || !show(answer.responseText, chosen)) say("failed", false);
  } catch {
    say("failed", false);
  }
  delete form.dataset.sent;
  busy.delete(form);
}

/** A reply that is kept ready goes into the text at once; files that were chosen stay. */
async function insert(form, button) {
  const data = new FormData(form, button);
  data.delete("files");
  const answer = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const text = page.querySelector("form[data-sends] textarea");
  if (!text) return form.requestSubmit();
  const here = form.querySelector("textarea");
  here.value = text.value;
  here.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-sends]");
  if (!form || event.defaultPrevented) return;
  if (busy.has(form)) {
    event.preventDefault(); // a second press sends nothing
  } else if (event.submitter?.matches("[data-insert]")) {
    event.preventDefault();
    delete form.dataset.sent;
    insert(form, event.submitter);
  } else if (form.querySelector("input[type=file]").files.length) {
    event.preventDefault();
    sendForm(form, event.submitter);
  }
});
