// What is thought of answers.
"use strict";

(() => {
  const { make, words } = guide;
  const NAME = "guide-judged"; // of each answer whether it was found helpful, and why
  const MOST = 500;
  const LOWERING_MS = 300;
  const TAPS_MS = 1000;
  const FADES = 12; // pixels above the question box in which what scrolls away fades
  const hovers = matchMedia("(hover: hover)");
  const reduced = matchMedia("(prefers-reduced-motion: reduce)");
  let lowerLast = () => {}; // the card that was opened last
  const judged = () => guide.kept("localStorage", NAME) ?? {};
  const keep = (all) =>
    guide.keep("localStorage", NAME, Object.fromEntries(Object.entries(all).slice(-MOST)));

  function remember(id, word) {
    const all = judged();
    delete all[id]; // so that it stands last
    keep(word ? { ...all, [id]: word } : all);
  }

  // For conversations that are removed.
  guide.forget = (ids) =>
    keep(Object.fromEntries(Object.entries(judged()).filter(([id]) => !ids.includes(id))));

  const press = (answer, up) => answer.querySelectorAll(".tools .up, .tools .down").forEach(
    (button) => button.setAttribute("aria-pressed", String(button.matches(".up") === up)),
  );

  const send = (method, path, body) => fetch(`api/v1/feedback${path}`, {
    method,
    ...body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
  }).then((said) => said.ok, () => false);

  function scroller(place) {
    const above = place.parentElement;
    if (!above) return document.scrollingElement;
    const scrolls = above.scrollHeight > above.clientHeight;
    return scrolls && /auto|scroll/.test(getComputedStyle(above).overflowY) ? above : scroller(above);
  }

  // The end of the conversation, where room is made.
  const end = () => document.querySelector("#chat .message-wrap") ?? document.getElementById("chat");
  const roomOf = (place) => parseFloat(place.style.paddingBlockEnd) || 0;

  // Changes something beside what can be pressed, and leaves that where it is: under the pointer.
  function still(judged, change) {
    const tools = judged.querySelector(".tools");
    const before = tools.getBoundingClientRect().top;
    const moved = () => tools.getBoundingClientRect().top - before;
    change();
    scroller(tools).scrollTop += moved();
    if (moved() < 1) return;
    end().style.paddingBlockEnd = `${roomOf(end()) + moved()}px`; // there was no more to scroll
    scroller(tools).scrollTop += moved();
  }

  // Room that was made so goes as far as it is out of sight.
  function release() {
    const place = end();
    const room = place && roomOf(place);
    if (!room) return;
    const view = scroller(place);
    const out = view.scrollHeight - view.clientHeight - view.scrollTop;
    place.style.paddingBlockEnd = out < room ? `${room - out}px` : "";
  }

  // From where to where the conversation is seen.
  function sight(place) {
    const view = scroller(place);
    const over = [...document.querySelectorAll("#composer, #question, #notice .notice")]
      .map((part) => part.getBoundingClientRect()).filter(({ height }) => height);
    const top = view === document.scrollingElement ? 0 : Math.max(0, view.getBoundingClientRect().top);
    return { top, bottom: Math.min(innerHeight, ...over.map((part) => part.top)) - FADES };
  }

  // Where there is room neither below nor above what can be pressed, that has to move.
  function bringIntoSight(panel, tools) {
    const { top, bottom } = sight(panel);
    const below = panel.getBoundingClientRect().bottom - bottom;
    if (below > 0) scroller(panel).scrollTop += Math.min(below, tools.getBoundingClientRect().top - top);
  }

  // For what will be said there.
  function keepRoom(note, sentence) {
    note.textContent = sentence;
    note.style.minHeight = `${note.offsetHeight}px`;
    note.textContent = "";
  }

  // A panel below what can be pressed, or above it where there is room only there, in the place of an
  // earlier one. What was filled in leaves a card as high as the panel was, so that nothing else gets
  // under the pointer; once that has left, or something else is done, it becomes as low as its words.
  function open(answer, ...parts) {
    const judged = answer.querySelector(".judged");
    const tools = judged.querySelector(".tools");
    const note = make("p", { class: "note", role: "status" });
    const before = judged.querySelector(".feedback");
    const panel = make("div", { class: "feedback" }, note, ...parts);
    const hold = (height) => (panel.style.minHeight = height ? `${height}px` : "");
    still(judged, () => {
      if (before) hold(before.offsetHeight);
      before?.remove();
      judged.append(panel);
      if (parts.length) keepRoom(note, words("feedback.noted"));
      if (before) return;
      const { top, bottom } = sight(panel);
      const fits = panel.getBoundingClientRect().bottom <= bottom;
      judged.classList.toggle("above", !fits
        && tools.getBoundingClientRect().top - panel.offsetHeight >= top);
    });
    if (!before) bringIntoSight(panel, tools);

    function lower() {
      if (panel.querySelector("form") || !panel.style.minHeight) return;
      const from = panel.offsetHeight;
      hold(0);
      const by = from - panel.offsetHeight;
      hold(from);
      const begun = performance.now();
      const step = (now) => {
        const left = reduced.matches ? 0 : 1 - Math.min(1, Math.max(0, now - begun) / LOWERING_MS);
        still(judged, () => hold(left && from - by * (1 - left ** 3)));
        if (left && panel.isConnected) requestAnimationFrame(step);
      };
      step(begun);
    }
    judged.onpointerleave = lower;
    lowerLast = lower;
    return {
      say(...names) {
        still(judged, () => (note.textContent = names.join(" ")));
      },
      // Takes away what is there to be filled in.
      close() {
        hold(panel.offsetHeight);
        note.style.minHeight = "";
        still(judged, () => panel.querySelector("form")?.remove());
        // A finger rests nowhere; one that taps twice has done so by then.
        if (!hovers.matches) setTimeout(lower, TAPS_MS);
      },
    };
  }

  async function takeBack(answer, id) {
    const { say } = open(answer);
    const done = await send("DELETE", `/${id}`);
    say(words(done ? "feedback.withdrawn" : "talks.failed"));
    if (!done) return;
    press(answer, null);
    remember(id, null);
  }

  function why(up, give) {
    const asked = words(up ? "feedback.why_up" : "feedback.why");
    const field = make("input", {
      type: "text", maxlength: "2000", dir: "auto", "aria-label": asked, placeholder: asked,
    });
    const form = make("form", {
      onsubmit: (event) => {
        event.preventDefault();
        const pressed = [...form.querySelectorAll("[aria-pressed=true]")].map((e) => e.textContent);
        give([...pressed, field.value.trim()].filter(Boolean).join("; "));
      },
    });
    if (!up) {
      form.append(make("p", { class: "reasons" }, ...["wrong", "source", "missing", "unclear"].map(
        (name) => make("button", {
          type: "button",
          "aria-pressed": "false",
          onclick: ({ currentTarget: reason }) => {
            const now = reason.getAttribute("aria-pressed") === "true";
            reason.setAttribute("aria-pressed", String(!now));
          },
        }, words(`feedback.${name}`)),
      )));
    }
    form.append(field, make("button", { type: "submit" }, words("feedback.send")));
    return form;
  }

  // The press counts at once, the reason may follow; a second press takes it back. A reason that
  // was given before stays with the same press, and goes with the other, which is said.
  async function judge(answer, up) {
    const { id } = guide.record(answer);
    if (answer.querySelector(`.tools ${up ? ".up" : ".down"}[aria-pressed=true]`)) {
      await takeBack(answer, id);
      return;
    }
    const before = judged()[id];
    const form = why(up, async (reason) => {
      const done = await send("POST", "", { answer_id: id, up, reason });
      say(words(done ? "feedback.thanks" : "talks.failed"));
      if (!done) return;
      remember(id, { up, reason });
      close();
      answer.querySelector(".tools [aria-pressed=true]").focus({ preventScroll: true });
    });
    const { say, close } = open(answer, form);
    press(answer, up);
    const done = await send("POST", "", { answer_id: id, up });
    if (!done) {
      press(answer, before?.up ?? null);
      close();
      say(words("talks.failed"));
      return;
    }
    const gone = before?.up !== up && before?.reason;
    remember(id, { up, reason: gone ? "" : before?.reason ?? "" });
    say(
      words("feedback.noted"),
      gone ? words("feedback.replaced").replace("{reason}", () => gone) : "",
    );
  }

  // What was pressed before, also after a reload.
  function show() {
    const bare = document.querySelectorAll("#chat .tools .up:not([aria-pressed])");
    if (!bare.length) return;
    const all = judged();
    bare.forEach((button) => {
      const answer = button.closest(".answer");
      press(answer, all[guide.record(answer).id]?.up ?? null);
    });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#chat .tools :is(.up, .down)");
    if (button) judge(button.closest(".answer"), button.matches(".up"));
  });

  for (const name of ["wheel", "touchmove", "keydown"]) {
    document.addEventListener(name, () => lowerLast(), { passive: true });
  }
  document.addEventListener("scroll", release, { capture: true, passive: true });

  guide.watch(show);
  show();
})();
