// What this tab holds: its conversation, the question that is being answered, what is typed and
// chosen. It comes back after a reload, which Gradio makes of itself when a server that was lost
// is there again.
"use strict";

(() => {
  const { make, words } = guide;
  const NAME = "guide-tab";
  const box = () => document.querySelector("#question textarea");
  const lists = () => [...document.querySelectorAll("#choices select")];
  const other = document.body?.matches(".kept");
  let back = guide.kept("sessionStorage", NAME); // what is to come back, until it has
  let offered = ""; // a question that waits to be asked again
  let instead = ""; // the conversation in which it takes the place of the last one
  let asking = ""; // such a question that was pressed, until the server is ready for it
  let later = ""; // what was typed when it was asked again

  // The last question, where its answer is not there yet.
  function unanswered() {
    const asked = [...document.querySelectorAll("#chat .asked")].pop();
    const answer = [...document.querySelectorAll("#chat .answer")].pop();
    const open = asked && !(answer?.matches(".done, .stopped")
      && asked.compareDocumentPosition(answer) & Node.DOCUMENT_POSITION_FOLLOWING);
    return open ? asked : null;
  }

  // Numbers are shown held together; what is asked again is what was typed.
  const textOf = (asked) => asked?.innerText.replaceAll("\u00a0", " ").trim();

  function shown() {
    const { id, records } = guide.talks.shown();
    return `${id} ${records.length}`;
  }

  function save() {
    if (other || back || !box()) return;
    const open = unanswered();
    guide.keep("sessionStorage", NAME, {
      talk: guide.talks.shown(),
      asking: textOf(open) || asking || offered,
      instead: open ? open.matches(".anew") : instead !== "",
      typed: box().value,
      draft: guide.draft,
      chosen: lists().map((list) => [list.name, list.value]),
    });
  }

  function note() {
    const place = document.getElementById("tab-note");
    if (place) return place;
    const made = make("div", { id: "tab-note", role: "status", class: "unfilled" });
    document.querySelector("#composer").prepend(made);
    return made;
  }

  function say(...parts) {
    note().replaceChildren(...parts);
    note().classList.toggle("unfilled", !parts.length);
  }

  function offer(question) {
    offered = question;
    say(words("lost.unanswered"), " ", make("button", {
      type: "button", class: "offered", dir: "auto",
      onclick: () => {
        if (document.querySelector("#chat .answer.unfinished")) return;
        const there = instead === shown();
        offered = instead = "";
        say();
        later = box().value;
        if (there) {
          asking = question;
          guide.talks.edit();
        } else {
          guide.ask(question);
        }
      },
    }, question));
  }

  function restore() {
    const state = back;
    back = null;
    const opened = state.talk && guide.talks.open(state.talk);
    const chosen = (state.chosen ?? []).filter(([, value]) => value);
    // A guide, which stands first, settles the others.
    for (const [name, value] of chosen[0]?.[0] === "guide" ? chosen.slice(0, 1) : chosen) {
      guide.choose(name, value);
    }
    guide.draft = state.draft ?? "";
    if (state.typed) guide.type(box(), state.typed);
    if (state.asking) {
      instead = opened && state.instead ? shown() : "";
      offer(state.asking);
    }
  }

  // Gradio says in English that the connection is lost, leaves the answer as it stands, and looks
  // every two seconds whether the server is there again.
  function lose() {
    document.body.classList.add("lost");
    document.querySelectorAll("#chat .answer.unfinished").forEach((answer) => {
      answer.classList.replace("unfinished", "broken");
      const status = answer.querySelector(".status");
      status.className = "status abstains";
      status.textContent = words("lost.broken");
    });
    say(words("lost.now"));
  }

  function look() {
    if (back && document.querySelector("#chat :is(.empty, .asked)") && lists().length) restore();
    if (!document.body.matches(".lost") && document.querySelector(".toast-body.error")) lose();
    if (later && unanswered() && !box().value) {
      guide.type(box(), later);
      later = "";
    }
    if (asking && document.querySelector("#notice .edited")) {
      guide.draft = later;
      guide.ask(asking);
      asking = "";
    }
    if (offered && unanswered()) {
      offered = instead = "";
      say();
    }
  }

  // Nothing can be asked while nobody is there to hear it.
  document.addEventListener("keydown", (event) => {
    if (document.body.matches(".lost") && event.key === "Enter" && event.target === box()) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, { capture: true });

  if (other) return;
  document.addEventListener("input", save);
  addEventListener("pagehide", save);
  new MutationObserver(() => {
    look();
    save();
  }).observe(document.documentElement, { subtree: true, childList: true });
})();
