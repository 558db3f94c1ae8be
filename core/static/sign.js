// A place to draw one's signature, beside the name that stands for it: what is drawn goes with the form as a picture.
// Without this there is nothing to draw on, and the name is enough.

/** Let people draw in one box; `field` is the hidden control that carries the picture. */
function signature(box) {
  const field = box.querySelector("input");
  const canvas = box.querySelector("canvas");
  const pen = canvas.getContext("2d");
  const at = (event) => {
    const place = canvas.getBoundingClientRect();
    return [(event.clientX - place.left) * (canvas.width / place.width), (event.clientY - place.top) * (canvas.height / place.height)];
  };
  const wipe = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
  };
  wipe();
  Object.assign(pen, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
  if (field.value) {
    // What was drawn before something else in the form was refused.
    createImageBitmap(new Blob([Uint8Array.from(atob(field.value.split(",").pop()), (c) => c.charCodeAt(0))]))
      .then((drawn) => pen.drawImage(drawn, 0, 0))
      .catch(() => { field.value = ""; });
  }
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
    pen.lineTo(...at(event));
    pen.stroke();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  canvas.addEventListener("pointerup", () => { field.value = canvas.toDataURL("image/png"); });
  box.querySelector("button").addEventListener("click", () => {
    wipe();
    field.value = "";
  });
  box.hidden = false;
}

for (const box of document.querySelectorAll("[data-signature]")) signature(box);
