"use strict";

(() => {
    const lines = document.getElementById("lines");
    const total = document.getElementById("id_lines-TOTAL_FORMS");
    const suggestions = document.getElementById("skus");
    let waiting;

    document.getElementById("add-line").addEventListener("click", () => {
        const line = document.getElementById("empty-line").innerHTML.replaceAll("__prefix__", total.value);
        lines.insertAdjacentHTML("beforeend", line);
        total.value = Number(total.value) + 1;
        lines.lastElementChild.querySelector("input").focus();
    });

    lines.addEventListener("input", (event) => {
        if (!event.target.name.endsWith("-sku")) return;
        clearTimeout(waiting);
        waiting = setTimeout(async () => {
            const answer = await fetch(`${lines.dataset.suggest}?sku=${encodeURIComponent(event.target.value)}`);
            if (answer.ok) suggestions.innerHTML = await answer.text();
        }, 200);
    });
})();
