// While somebody writes a form: what may answer it already, asked for when they pause. Without this, a button asks.

const PAUSE = 700;
const LONGEST = 500;

function watch(box) {
  const form = box.closest("form");
  const place = box.querySelector("[data-found]");
  let waiting = 0;
  let last = "";
  const typed = () => [...form.querySelectorAll("input[type=text], textarea")].map((field) => field.value).join(" ").trim();
  const look = async () => {
    const text = typed().slice(0, LONGEST);
    if (text === last) return;
    last = text;
    const answer = text ? await fetch(`${box.dataset.answers}?text=${encodeURIComponent(text)}`) : null;
    if (text !== last) return;
    place.innerHTML = answer?.ok ? await answer.text() : "";
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => look().catch(() => {}), PAUSE);
  });
  box.querySelector("[name=look]").addEventListener("click", (event) => {
    event.preventDefault();
    event.stopPropagation();
    last = "";
    look().catch(() => {});
  });
}

document.querySelectorAll("[data-answers]").forEach(watch);
