// Photos go out one at a time as soon as they are chosen: made small here, with a bar that shows how far they are.
// Without this script they travel with the form. How many items are chosen stands beside the button.
(() => {
  "use strict";

  const LONGEST_SIDE = 1600;
  const announce = (words) => {
    document.getElementById("announcer").textContent = words;
  };

  // A telephone's picture is ten times what we keep. What this browser cannot draw goes out as it is.
  async function makeSmall(file) {
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
      if (scale === 1 && file.size < 500_000) return file;
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return small || file;
    } catch {
      return file;
    }
  }

  function send(place, body, name, progress) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", place.dataset.upload);
      request.setRequestHeader("X-CSRFToken", JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]);
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) progress.value = (100 * event.loaded) / event.total;
      });
      request.addEventListener("loadend", () => done(request));
      const form = new FormData();
      form.append("photo", body, name);
      request.send(form);
    });
  }

  function complain(list, words) {
    const said = document.createElement("p");
    said.className = "error";
    said.setAttribute("role", "alert");
    said.textContent = words;
    list.prepend(said);
  }

  async function take(input) {
    const place = input.closest(".photos");
    const progress = place.querySelector(".photo-progress");
    const list = place.querySelector(".photo-list");
    const files = [...input.files];
    input.value = ""; // what is sent here must not go out with the form again
    progress.hidden = false;
    announce(place.dataset.sending);
    for (const file of files) {
      progress.value = 0;
      const answer = await send(place, await makeSmall(file), file.name, progress);
      if (answer.responseText.includes("photo-row") || answer.status === 422) list.innerHTML = answer.responseText;
      else complain(list, place.dataset.failed);
    }
    progress.hidden = true;
    const wrong = place.querySelector(".error[id]");
    if (wrong && list.querySelector(".photo")) {
      wrong.remove();
      input.removeAttribute("aria-invalid");
    }
  }

  function count() {
    const said = document.querySelector(".bar-count");
    if (!said) return;
    const chosen = document.querySelectorAll(".pick-box:checked").length;
    said.textContent = chosen ? said.dataset.said.replace("{count}", chosen) : "";
  }

  count();
  document.addEventListener("change", (event) => {
    if (event.target.matches(".pick-box")) count();
    if (event.target.matches(".photo-input") && event.target.files.length) take(event.target);
  });
})();
