// What a screen reader says by itself: each stage of an answer, and the answer once it is whole.
// Gradio writes the messages anew with each piece that comes, and each time all would be read.
"use strict";

(() => {
  let place = null;
  let last = ""; // stage or answer that was said last

  guide.announce = (sentence, language = "") => {
    place ??= document.body.appendChild(
      guide.make("div", { id: "spoken", role: "status", "aria-live": "polite" }),
    );
    place.lang = language || document.documentElement.lang;
    place.textContent = sentence;
  };

  function whole(answer) {
    const record = guide.record(answer);
    const status = answer.querySelector(".status").textContent;
    return `${status}. ${(record?.text ?? "").replace(/\s*\[\d{1,3}\]/g, "")}`;
  }

  function follow() {
    const log = document.querySelector("#chat [role=log]");
    if (!log) return;
    if (log.getAttribute("aria-live") !== "off") log.setAttribute("aria-live", "off");
    const answer = [...log.querySelectorAll(".answer")].pop();
    const status = answer?.querySelector(".status")?.textContent ?? "";
    const asked = log.querySelectorAll(".asked").length;
    const now = status && `${asked} ${answer.className} ${status}`;
    if (now === last) return;
    const before = last;
    last = now;
    if (!now) return;
    if (!answer.matches(".done")) guide.announce(status);
    // Of a conversation that was brought back only what comes is said.
    else if (before.includes("unfinished")) {
      guide.announce(whole(answer), answer.querySelector(".text")?.lang);
    }
  }

  if (document.body?.matches(".kept")) return;
  guide.watch(follow);
})();
