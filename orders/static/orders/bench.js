"use strict";

/* A scanner types faster than a server answers: what was read waits in a queue, and the field is free at once. */
(() => {
    const waiting = [];
    let busy = false;

    // The theme keeps the page hidden until its own script has run, and what is hidden takes no focus.
    window.addEventListener("load", () => requestAnimationFrame(() => document.getElementById("code")?.focus()));

    document.addEventListener("submit", (event) => {
        const form = event.target;
        if (!form.matches("[data-bench]")) return;
        event.preventDefault();
        waiting.push([form.action, new FormData(form, event.submitter)]);
        const code = form.querySelector("#code");
        if (code) code.value = "";
        work();
    });

    async function work() {
        if (busy) return;
        busy = true;
        while (waiting.length) {
            const [address, body] = waiting.shift();
            try {
                const answer = await fetch(address, { method: "POST", body, headers: { "X-Requested-With": "bench" } });
                if (answer.redirected) return void location.assign(answer.url);
                if (!answer.ok) throw new Error(answer.statusText);
                show(await answer.text());
            } catch {
                say("Nothing was noted: the server did not answer. Scan it again.");
                waiting.length = 0;
            }
        }
        busy = false;
    }

    // Only the parcel's own number goes on to the weight: a thing that is scanned there by mistake would ship it.
    function show(html) {
        const kept = document.activeElement;
        const place = kept && kept.closest(".bench-line") && [...document.querySelectorAll(".bench-lines button, .bench-lines input, .bench-lines a")].indexOf(kept);
        const answer = new DOMParser().parseFromString(html, "text/html");
        for (const part of answer.querySelectorAll("[data-part]")) {
            const here = document.getElementById(part.id);
            if (!here) continue;
            if (part.dataset.part === "whole") here.replaceWith(part);
            else [here.className, here.textContent] = [part.className, part.textContent];
        }
        const again = typeof place === "number" && document.querySelectorAll(".bench-lines button, .bench-lines input, .bench-lines a")[place];
        const next = document.getElementById(answer.querySelector("[data-next]")?.dataset.next ?? "");
        if (next) next.select();
        else (again && !again.disabled ? again : document.getElementById("code"))?.focus();
        document.querySelector(".bench-line-now")?.scrollIntoView({ block: "nearest" });
    }

    function say(words) {
        const said = document.getElementById("bench-said");
        [said.className, said.textContent] = ["bench-said bench-said-bad", words];
    }
})();
