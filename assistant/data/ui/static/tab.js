// What this tab holds: its conversation, the question that is being answered, what is typed and
// chosen. It comes back after a reload, which Gradio makes of itself when a server that was lost
// is there again.
"use strict";

(() => {
  const { make, words } = guide;
  const NAME = "guide-tab";
  const MOST = 3; // questions that wait to be asked again
  const box = () => document.querySelector("#question textarea");
  const lists = () => [...document.querySelectorAll("#choices select")];
  const other = document.body?.matches(".kept");
  let back = guide.kept("sessionStorage", NAME); // what is to come back, until it has
  // Questions that wait to be asked again, until they are or are dismissed; and the conversation in
  // which one takes the place of the last one, until another is asked there.
  let offers = [];
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

  // Before it is back: what is sent and typed meanwhile comes back beside it.
  function saveBeside(state) {
    const sent = guide.sent();
    const offers = [...state.offers ?? [], ...sent ? [{ question: sent, instead: false }] : []];
    const typed = [state.typed, box().value].filter(Boolean).join("\n\n");
    guide.keep("sessionStorage", NAME, { ...state, offers, typed });
  }

  function save() {
    if (other || !box()) return;
    if (back) {
      saveBeside(back);
      return;
    }
    const open = unanswered();
    const sent = guide.sent();
    const edited = guide.editing();
    guide.keep("sessionStorage", NAME, {
      talk: guide.talks.shown(),
      asking: textOf(open) || asking || (edited ? "" : sent),
      instead: open ? open.matches(".anew") : asking !== "",
      offers: offers.map(({ question, instead }) => ({ question, instead: instead !== "" })),
      typed: (edited && sent) || box().value, // what stands in the box is its draft
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

  function askAgain({ question, instead }) {
    if (guide.busy()) return;
    drop(question);
    if (instead === shown()) {
      later = box().value;
      asking = question;
      guide.talks.edit();
    } else {
      guide.ask(question);
    }
  }

  function drop(question) {
    offers = offers.filter((offer) => offer.question !== question);
    showOffers();
  }

  function showOffers() {
    if (document.body.matches(".lost")) return; // which is said in their place
    const dismissed = words("shelf.dismiss");
    say(...offers.length ? [words("lost.unanswered")] : [], ...offers.map((offer) => make("span", { class: "offer" },
      make("button", { type: "button", class: "offered", dir: "auto", onclick: () => askAgain(offer) }, offer.question),
      make("button", {
        type: "button", class: "dismiss", title: dismissed, "aria-label": dismissed,
        onclick: () => {
          drop(offer.question);
          guide.rest();
        },
      }, "×"))));
  }

  // What was asked by hand waits no longer; and another one stands now where it would have stood.
  function whatIsAsked(question) {
    const left = offers.filter((offer) => offer.question !== question);
    if (left.length === offers.length && left.every((offer) => !offer.instead)) return;
    offers = left.map((offer) => ({ ...offer, instead: "" }));
    showOffers();
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
    // What was typed meanwhile comes after it.
    if (state.typed) guide.type(box(), [state.typed, box().value].filter(Boolean).join("\n\n"));
    const before = (state.offers ?? []).filter(({ question }) => question !== state.asking);
    const last = state.asking ? [{ question: state.asking, instead: state.instead }] : [];
    offers = [...before, ...last].slice(-MOST)
      .map(({ question, instead }) => ({ question, instead: opened && instead ? shown() : "" }));
    if (offers.length) showOffers();
  }

  // A question belongs to its conversation, and waits for it to be back.
  guide.ready = () => !guide.turning() && (Boolean(document.querySelector("#notice .notice"))
    || (!back && !guide.talks.awaited()));

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

  // Nothing of it is there yet: the start of a window would look as if it were gone.
  if (!other) document.body?.classList.toggle("restoring", Boolean(back?.talk?.id || back?.talk?.records?.length));

  function look() {
    if (back && document.querySelector("#chat :is(.empty, .asked)") && lists().length) restore();
    if (!document.body.matches(".lost") && document.querySelector(".toast-body.error")) lose();
    if (guide.ready() || document.body.matches(".lost")) document.body.classList.remove("restoring");
    if (later && unanswered() && !box().value) {
      guide.type(box(), later);
      later = "";
    }
    if (asking && document.querySelector("#notice .edited")) {
      guide.draft = later;
      guide.ask(asking);
      asking = "";
    }
    if (offers.length && unanswered()) whatIsAsked(textOf(unanswered()));
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
  guide.watch(() => {
    look();
    save();
  });
  // The window may be whole before this, the last of the scripts, is there.
  guide.look();
})();
