"use strict";

(() => {
    const button = document.querySelector("[data-reload]");
    const country = document.querySelector(`[name="${button.dataset.reload}"]`);

    button.hidden = true;
    country.addEventListener("change", () => button.form.requestSubmit(button));
    document.getElementById("found")?.scrollIntoView({ block: "center" });
})();
