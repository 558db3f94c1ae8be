// A download that shows how far it has come. A link with `data-download` is one of itself; here it is fetched, counted
// and then saved. The answer says what to count: `Postigo-Progress: files=12` (entries of a ZIP) or `rows=12` (lines).

const NEWLINE = 10;
const ENTRY = [0x50, 0x4b, 3, 4];

/** How often `mark` (bytes) is in what comes piece by piece, also across two pieces. */
function counter(mark) {
  let count = 0;
  let tail = new Uint8Array(0);
  return (piece) => {
    const bytes = new Uint8Array(tail.length + piece.length);
    bytes.set(tail);
    bytes.set(piece, tail.length);
    for (let at = bytes.indexOf(mark[0]); at >= 0; at = bytes.indexOf(mark[0], at + 1)) {
      if (mark.every((byte, i) => bytes[at + i] === byte)) count += 1;
    }
    tail = bytes.slice(Math.max(bytes.length - mark.length + 1, 0));
    return count;
  };
}

/** What an answer counts: how many there will be, and a function that counts; nothing where it does not say. */
function progressOf(answer) {
  const [, unit, total] = /^(files|rows)=(\d+)$/.exec(answer.headers.get("Postigo-Progress") ?? "") ?? [];
  return unit ? { total: Number(total), count: counter(unit === "files" ? ENTRY : [NEWLINE]) } : null;
}

/** The name that an answer gives its file. */
function nameOf(answer) {
  const said = answer.headers.get("Content-Disposition") ?? "";
  const coded = /filename\*=UTF-8''([^;]+)/i.exec(said);
  return coded ? decodeURIComponent(coded[1]) : /filename="?([^";]+)/i.exec(said)?.[1] ?? "";
}

/** Read an answer to its end as a file, telling `show` how far it is. */
async function read(answer, show) {
  const progress = progressOf(answer);
  const pieces = [];
  const reader = answer.body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    pieces.push(next.value);
    if (progress) show(Math.min(progress.count(next.value), progress.total), progress.total);
  }
  return new Blob(pieces, { type: answer.headers.get("Content-Type") ?? "" });
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** What is shown meanwhile, in the box beside the link. */
function display(box) {
  const [status, bar, text] = ["[role=status]", "progress", "[data-count]"].map((part) => box.querySelector(part));
  const format = new Intl.NumberFormat(document.documentElement.lang);
  const say = (state) => {
    status.textContent = box.dataset[state];
    bar.hidden = text.hidden = state !== "busy";
    bar.removeAttribute("value");
    text.textContent = "";
  };
  const show = (done, total) => {
    bar.max = total;
    bar.value = done;
    text.textContent = box.dataset.count.replace("{done}", format.format(done)).replace("{all}", format.format(total));
  };
  return { say, show };
}

async function download(link, box) {
  const { say, show } = display(box);
  say("busy");
  try {
    const answer = await fetch(link.href, { credentials: "same-origin" });
    if (!answer.ok || !answer.headers.get("Content-Disposition")?.startsWith("attachment")) {
      location.assign(link.href); // a page that says what is wrong
      return;
    }
    save(await read(answer, show), nameOf(answer));
    say("done");
  } catch {
    say("failed");
  }
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-download]");
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const box = link.closest(".downloads");
  if (box.dataset.running) return; // one after the other
  box.dataset.running = "1";
  await download(link, box);
  delete box.dataset.running;
});
