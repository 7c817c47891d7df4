// What the pages can do better with a script: the clock of this browser, a countdown, and part of a page at a time.
// Everything works without it.
(() => {
  "use strict";

  const root = document.documentElement;
  const written = root.lang || "en";
  const language = navigator.languages.find((each) => each.split("-")[0] === written.split("-")[0]) || written;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const announcer = () => document.getElementById("announcer");
  const MINUTE = 60_000;
  const SPOKEN = [10, 5, 2, 1]; // minutes left that are said aloud

  root.classList.add("js");
  if (zone) {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;
  }

  // The server knows this zone from the next page on; this one is told anew where it guessed another.
  const STYLES = {
    clock: { hour: "numeric", minute: "2-digit" },
    moment: { day: "numeric", month: "long", hour: "numeric", minute: "2-digit" },
    day: { day: "numeric", month: "long" },
  };

  function tellTimes(within) {
    const labels = [...within.querySelectorAll("[data-zone]")];
    if (!zone || !labels.some((label) => label.dataset.zone !== zone)) return;
    const named = new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: "long" });
    const name = named.formatToParts(new Date()).find((part) => part.type === "timeZoneName");
    for (const label of labels) {
      label.textContent = name ? name.value : zone;
      label.dataset.zone = zone;
    }
    for (const time of within.querySelectorAll("time[data-when]")) {
      const at = new Date(time.dateTime);
      const today = at.toDateString() === new Date(now()).toDateString();
      const style = STYLES[time.dataset.when === "clock" && !today ? "moment" : time.dataset.when];
      time.textContent = new Intl.DateTimeFormat(language, { ...style, timeZone: zone }).format(at);
    }
  }

  // The shop's clock counts: this computer's may be wrong by hours.
  let behind = 0;
  const now = () => Date.now() + behind;

  function setClock(within) {
    const told = within.querySelector("[data-now]");
    if (told) behind = Date.parse(told.dataset.now) - Date.now();
  }

  // As the server says it: minutes up to a hundred, then hours with minutes, from two days on days.
  function sayLeft(milliseconds) {
    const say = (n, unit) =>
      new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(n);
    const minutes = Math.max(0, Math.ceil(milliseconds / MINUTE));
    if (minutes >= 48 * 60) return say(Math.floor(minutes / 1440), "day");
    if (minutes < 100) return say(minutes, "minute");
    const rest = minutes % 60;
    return [say(Math.floor(minutes / 60), "hour"), ...(rest ? [say(rest, "minute")] : [])].join(" ");
  }

  let lastSpoken = null;
  let ended = false;

  function tick() {
    const line = document.querySelector("[data-until][data-left]");
    if (!line) return;
    const until = Date.parse(line.dataset.until);
    const left = until - now();
    const minutes = Math.max(0, Math.ceil(left / MINUTE));
    const said = left > 0 ? line.dataset.left.replace("{time}", sayLeft(left)) : line.dataset.ended;
    if (line.textContent !== said) line.textContent = said;

    const ring = document.querySelector(".ring[data-until]");
    if (ring) {
      const span = until - Date.parse(ring.dataset.opened);
      const share = span > 0 ? Math.max(0, Math.min(100, (100 * left) / span)) : 0;
      ring.querySelector(".ring-left").setAttribute("stroke-dasharray", `${share.toFixed(1)} 100`);
    }
    if (SPOKEN.includes(minutes) && minutes !== lastSpoken && left > 0) {
      if (lastSpoken !== null) announcer().textContent = said;
    }
    lastSpoken = minutes;
    if (left <= 0 && !ended) {
      ended = true;
      announcer().textContent = line.dataset.ended;
      setTimeout(() => window.htmx && window.htmx.trigger(document.body, "window-ended"), 1500);
    }
  }

  // Another language is another page: what was typed and not sent yet goes along, and stays nowhere else.
  const KEPT = "typed";
  const typingForms = () => [...document.querySelectorAll("main form[method=post]")];
  const isTyped = (form, name) => form.elements.namedItem(name).type !== "hidden";

  function keepTyped() {
    const typed = typingForms().map((form) => [...new FormData(form)].filter(([name]) => isTyped(form, name)));
    sessionStorage.setItem(KEPT, JSON.stringify({ path: location.pathname, typed }));
  }

  function fillIn(typed) {
    typingForms().forEach((form, place) => {
      for (const [name, value] of typed[place] || []) {
        const field = form.elements.namedItem(name);
        if (field) field.value = value;
      }
    });
  }

  function bringTyped() {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
    sessionStorage.removeItem(KEPT);
    if (!kept || kept.path !== location.pathname) return;
    const country = document.getElementById("country");
    const asked = country && country.value;
    fillIn(kept.typed);
    if (country && country.value !== asked) {
      document.addEventListener("htmx:afterSwap", () => fillIn(kept.typed), { once: true });
      window.htmx.trigger(country, "change");
    }
  }

  // Which offers came into view, told once each and together: a measurement, on which nothing hangs.
  const told = new Set();
  let toTell = [];

  function tellSeen(place) {
    const body = new FormData();
    body.append("via", place.dataset.via);
    for (const offer of toTell.splice(0)) body.append("offer", offer);
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    const headers = { "X-CSRFToken": token };
    fetch(place.dataset.seen, { method: "POST", body, headers, keepalive: true }).catch(() => {});
  }

  function watchOffers(within) {
    const place = within.querySelector("[data-seen]");
    if (!place || !window.IntersectionObserver) return;
    const watcher = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting || told.has(target.dataset.offer)) continue;
          told.add(target.dataset.offer);
          watcher.unobserve(target);
          if (toTell.push(target.dataset.offer) === 1) setTimeout(() => tellSeen(place), 1000);
        }
      },
      { threshold: 0.5 },
    );
    for (const offer of place.querySelectorAll("[data-offer]")) watcher.observe(offer);
  }

  document.addEventListener("DOMContentLoaded", () => {
    setClock(document);
    watchOffers(document);
    tellTimes(document);
    bringTyped();
    tick();
    setInterval(tick, 1000);
    const wrong = document.querySelector("[aria-invalid=true]");
    if (wrong) wrong.focus();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    setClock(event.target);
    tellTimes(event.target);
    watchOffers(event.target);
    tick();
  });

  // A form sent twice is done once anyway; this only spares the second click its wait.
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("method") !== "post") return;
    if (event.target.closest(".languages")) keepTyped();
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "1";
    setTimeout(() => delete event.target.dataset.sent, 4000);
  });
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector(".languages[open]");
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
})();
