"use strict";

/* Keys of the review queue: each button names its own; 1 to 9 choose a sentence of the form that is open. */
(() => {
    const typing = "input:not([type=checkbox]), textarea, select, [contenteditable]";

    document.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "Escape" && event.target.matches(typing)) return event.target.blur();
        const choice = event.target.closest(".review-deed[open] select");
        if (event.target.closest(typing) && !(choice && /^[1-9]$/.test(event.key))) return;
        const select = choice ?? document.querySelector("details.review-deed[open] select");
        if (/^[1-9]$/.test(event.key) && select && select.options.length >= Number(event.key)) {
            select.selectedIndex = Math.min(Number(event.key) - (select.options[0].value ? 1 : 0), select.options.length - 1);
            event.preventDefault();
            return;
        }
        const named = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
        if (!named) return;
        event.preventDefault();
        named.click();
    });

    // What opens takes the focus, and the others close: one answer at a time.
    for (const details of document.querySelectorAll("details.review-deed")) {
        details.addEventListener("toggle", () => {
            if (!details.open) return;
            for (const other of document.querySelectorAll("details.review-deed[open]")) if (other !== details) other.open = false;
            details.querySelector("select, textarea, input:not([type=hidden])")?.focus();
        });
    }
})();
