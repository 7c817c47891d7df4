"use strict";

/* A photo opens large on the same page; Esc or the button closes it. */
(() => {
    document.addEventListener("click", (event) => {
        const photo = event.target.closest("[data-photo]");
        const large = document.getElementById("photo-large");
        if (!photo || !large) return;
        const [small, shown] = [photo.querySelector("img"), large.querySelector("img")];
        [shown.src, shown.alt] = [small.src, small.alt];
        large.showModal();
    });
})();
