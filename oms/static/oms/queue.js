"use strict";

// Keys of the queue: j and k move through the rows, x ticks, Enter opens; on an item's page each button names its own.
(() => {
    const rows = [...document.querySelectorAll("#result_list tbody tr")];
    let here = -1;

    const go = (step) => {
        if (!rows.length) return;
        rows[here]?.classList.remove("row-here");
        here = Math.min(Math.max(here + step, 0), rows.length - 1);
        rows[here].classList.add("row-here");
        rows[here].scrollIntoView({ block: "nearest" });
    };

    const inside = {
        j: () => go(1),
        k: () => go(-1),
        x: () => rows[here]?.querySelector("input.action-select")?.click(),
        Enter: () => rows[here]?.querySelector(".row-link")?.closest("a")?.click(),
    };

    document.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.target.closest("input:not([type=checkbox]), textarea, select, button, a, [contenteditable]")) return;
        const named = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
        const act = named ? () => named.click() : inside[event.key];
        if (!act) return;
        event.preventDefault();
        act();
    });
})();
