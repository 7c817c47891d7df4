"use strict";

/* Receiving by scanner: what is counted stays on the page until it is noted, so every scan answers at once. */
(() => {
    const said = document.getElementById("bench-said");
    const code = document.getElementById("code");
    const scan = document.getElementById("scan");
    const counting = document.getElementById("receive");
    const inspecting = document.getElementById("inspect");
    const sound = document.getElementById("sound");

    // The theme keeps the page hidden until its own script has run, and what is hidden takes no focus.
    window.addEventListener("load", () => requestAnimationFrame(() => {
        code?.focus();
        const told = document.querySelector("[data-sound]");
        if (told) beep(told.dataset.sound);
    }));

    // ---- what is heard and seen --------------------------------------------------------------------------------
    const loud = () => localStorage.getItem("returns-sound") !== "off";
    const showSound = () => { if (sound) [sound.textContent, sound.ariaPressed] = loud() ? ["Sound on", "true"] : ["Sound off", "false"]; };
    sound?.addEventListener("click", () => { localStorage.setItem("returns-sound", loud() ? "off" : "on"); showSound(); code?.focus(); });
    showSound();

    let audio;
    function beep(tone) {
        if (!loud()) return;
        try {
            audio ??= new AudioContext();
            const [first, second] = { good: [880, 1320], warm: [660, 660], bad: [220, 165] }[tone] ?? [660, 660];
            [first, second].forEach((pitch, place) => {
                const [voice, volume] = [audio.createOscillator(), audio.createGain()];
                voice.type = tone === "bad" ? "square" : "sine";
                voice.frequency.value = pitch;
                volume.gain.value = 0.06;
                voice.connect(volume).connect(audio.destination);
                voice.start(audio.currentTime + place * 0.09);
                voice.stop(audio.currentTime + place * 0.09 + 0.08);
            });
        } catch { /* without sound the words and their colour remain */ }
    }

    function say(words, tone) {
        if (said) [said.className, said.textContent] = [`bench-said bench-said-${tone}`, words];
        beep(tone);
    }

    // ---- counting in -------------------------------------------------------------------------------------------
    const bearing = (form, word) => [...(form?.querySelectorAll("[data-codes]") ?? [])].filter((line) => line.dataset.codes.split(" ").includes(word));
    const countOf = (line) => line.querySelector("input[type=number]");

    function setCount(line, value) {
        const most = line.dataset.most === undefined ? Infinity : Number(line.dataset.most.replaceAll(",", ""));
        const count = countOf(line);
        count.value = Math.max(0, value);
        const full = Number(count.value) >= most;
        line.classList.toggle("bench-line-done", full);
        line.classList.toggle("bench-line-begun", !full && Number(count.value) > 0);
        line.querySelector(".bench-tick")?.setAttribute("aria-pressed", String(full));
        return most;
    }

    function point(line) {
        document.querySelector(".bench-line-now")?.classList.remove("bench-line-now");
        line.classList.add("bench-line-now");
        line.scrollIntoView({ block: "nearest" });
    }

    function countOne(lines, name) {
        const open = lines.find((line) => Number(countOf(line).value) < Number(line.dataset.most.replaceAll(",", ""))) ?? lines[0];
        const number = Number(countOf(open).value) + 1;
        const most = setCount(open, number);
        point(open);
        if (number > most) say(`${name}: ${number}, one more than was announced. It is taken as surplus.`, "warm");
        else say(`${name}: ${number} of ${most}`, "good");
    }

    function addSurplus(sku, title) {
        const known = [...counting.querySelectorAll("[name=surplus-sku]")].find((each) => each.value === sku)?.closest("li");
        const line = known ?? document.getElementById("surplus").content.firstElementChild.cloneNode(true);
        if (known) setCount(line, Number(countOf(line).value) + 1);
        else {
            line.querySelector("[name=surplus-sku]").value = sku;
            [line.querySelector(".bench-sku").textContent, line.querySelector(".bench-sku + p").textContent] = [sku, title];
            document.getElementById("counting").append(line);
        }
        point(line);
        say(`${sku} was not announced: noted as surplus.`, "warm");
    }

    counting?.addEventListener("click", (event) => {
        const step = event.target.closest("[data-step]");
        if (step) {
            const line = step.closest(".bench-line");
            const most = Number((line.dataset.most ?? "0").replaceAll(",", ""));
            setCount(line, step.dataset.step === "all" ? most : Number(countOf(line).value) + Number(step.dataset.step));
        } else if (event.target.closest("#all")) {
            for (const line of counting.querySelectorAll("[data-most]")) setCount(line, Number(line.dataset.most.replaceAll(",", "")));
            say("All of it is ticked. Note it when you have looked.", "good");
        }
    });
    counting?.addEventListener("change", (event) => { if (event.target.type === "number") setCount(event.target.closest(".bench-line"), Number(event.target.value)); });
    counting?.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches("input")) { event.preventDefault(); code.focus(); } });

    // ---- scanning ----------------------------------------------------------------------------------------------
    const waiting = [];
    let busy = false;
    scan?.addEventListener("submit", (event) => {
        event.preventDefault();
        const word = code.value.trim();
        code.value = "";
        if (!word) return;
        const upper = word.toUpperCase();
        const [counted, looked] = [bearing(counting, upper), bearing(inspecting, upper)];
        if (counted.length) countOne(counted, upper);
        else if (looked.length) { point(looked[0]); say(`${upper}: which grade is it?`, "good"); document.activeElement.blur(); }
        else { waiting.push(word); ask(); }
    });

    async function ask() {
        if (busy) return;
        busy = true;
        while (waiting.length) {
            const body = new FormData(scan);
            body.set("code", waiting.shift());
            try {
                const answer = await fetch(scan.action, { method: "POST", body, headers: { "X-Requested-With": "bench" } });
                if (!answer.ok) throw new Error(answer.statusText);
                hear(await answer.json(), body.get("code"));
            } catch {
                say("Nothing was noted: the server did not answer. Scan it again.", "bad");
            }
        }
        busy = false;
    }

    function isCounted() {
        return Boolean(counting) && [...counting.querySelectorAll("input[type=number]")].some((each) => Number(each.value) > 0);
    }

    function hear(found, word) {
        const counted = isCounted();
        if (found.kind === "this" && counted) return counting.requestSubmit();
        if (found.kind === "this") return say("That is this parcel. Scan what is in it.", "good");
        if (found.kind === "return" && counted) return say(`${found.number} is another parcel. Note this one first.`, "bad");
        if (found.kind === "return") return location.assign(found.address);
        if (found.kind === "sku" && counting) return addSurplus(found.sku, found.title);
        if (found.kind === "sku") return say(`${found.sku} is not in this parcel. Lay it aside.`, "bad");
        return say(`Nobody knows ${word}. Lay it aside.`, "bad");
    }

    // ---- inspecting --------------------------------------------------------------------------------------------
    const proposed = Object.fromEntries((inspecting?.dataset.proposed ?? "").split(",").filter(Boolean).map((each) => each.split(":")));

    function grade(line, letter) {
        const choice = line.querySelector(`input[type=radio][value="${letter}"]`);
        if (!choice) return;
        choice.checked = true;
        follow(line, letter);
    }

    function follow(line, letter) {
        const [disposition, name] = [line.querySelector("select[name^=disposition]"), line.querySelector(".bench-sku").textContent.trim()];
        if (!disposition.dataset.chosen) disposition.value = proposed[letter] ?? "";
        line.classList.add("bench-line-done");
        point(line);
        say(`${name}: grade ${letter}${disposition.value ? `, ${disposition.selectedOptions[0].textContent.toLowerCase()}` : ""}`, "good");
    }

    inspecting?.addEventListener("change", (event) => {
        const line = event.target.closest(".inspect-line");
        if (event.target.type === "radio") follow(line, event.target.value);
        else if (event.target.matches("select[name^=disposition]")) event.target.dataset.chosen = "yes";
        else if (event.target.dataset.camera) photograph(event.target, line);
    });
    inspecting?.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches("input:not([type=radio])") && !event.ctrlKey) event.preventDefault(); });

    // With no field chosen a letter is a grade, unless more follow at once: then a scanner is typing.
    let typed = "";
    let settled;
    function read(key) {
        clearTimeout(settled);
        if (key === "Enter") {
            if (typed) [code.value, typed] = [typed, ""];
            return scan.requestSubmit();
        }
        typed += key;
        settled = setTimeout(() => {
            const lines = [...(inspecting?.querySelectorAll(".inspect-line") ?? [])];
            const here = lines.find((line) => line.classList.contains("bench-line-now")) ?? lines[0];
            if (/^[a-d]$/i.test(typed) && here) grade(here, typed.toUpperCase());
            else if (typed.length > 1) { code.value = typed; code.focus(); }
            typed = "";
        }, 90);
    }

    function move(step) {
        const lines = [...inspecting.querySelectorAll(".inspect-line")];
        const here = lines.findIndex((line) => line.classList.contains("bench-line-now"));
        point(lines[Math.min(Math.max(here + step, 0), lines.length - 1)]);
    }

    // What was begun is noted: a parcel that came in part is counted and inspected on the same page.
    function begun() {
        const graded = inspecting?.querySelector("input[type=radio]:checked");
        return graded && !isCounted() ? inspecting : (counting ?? inspecting);
    }

    document.addEventListener("keydown", (event) => {
        if (event.ctrlKey && event.key === "Enter") return begun()?.requestSubmit();
        if (!scan || event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "Escape") return document.activeElement.blur();
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        const empty = event.target === code && !code.value;
        if (event.target.closest("input:not([type=radio]), textarea, select") && !(step && empty)) return;
        if (step && inspecting) {
            event.preventDefault();
            document.activeElement.blur();
            move(step);
        } else if (event.key.length === 1 && event.key !== " ") {
            event.preventDefault();
            read(event.key);
        } else if (event.key === "Enter" && typed) {
            event.preventDefault();
            read("Enter");
        }
    });

    // The theme would write a picture's name into a text field that stands beside every file field of its own forms.
    for (const camera of document.querySelectorAll("[data-camera]")) camera.hasChangeListener = true;

    // ---- photographs -------------------------------------------------------------------------------------------
    async function photograph(camera, line) {
        const body = new FormData();
        body.set("csrfmiddlewaretoken", inspecting.querySelector("[name=csrfmiddlewaretoken]").value);
        body.set("item", camera.dataset.camera);
        body.set("photo", camera.files[0]);
        camera.value = "";
        say("The picture is being sent …", "cool");
        try {
            const answer = await fetch(inspecting.action.replace(/inspect\/$/, "photograph/"), { method: "POST", body, headers: { "X-Requested-With": "bench" } });
            if (answer.status === 422) return say((await answer.json()).said, "bad");
            if (!answer.ok) throw new Error(answer.statusText);
            const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
            line.querySelector(".inspect-photos").replaceChildren(...parsed.body.childNodes);
            say("The picture is kept.", "good");
        } catch {
            say("The picture was not sent. Take it again.", "bad");
        }
    }
})();
