// What is thought of answers.
"use strict";

(() => {
  const { make, words } = guide;
  const NAME = "guide-judged"; // of each answer whether it was found helpful, and why
  const MOST = 500;
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

  // Changes something beside what can be pressed, and leaves that where it is: under the pointer.
  function still(judged, change) {
    const tools = judged.querySelector(".tools");
    const before = tools.getBoundingClientRect().top;
    const moved = () => tools.getBoundingClientRect().top - before;
    change();
    scroller(tools).scrollTop += moved();
    if (moved() <= 0) return;
    judged.style.paddingBlockEnd = `${moved()}px`; // there was no more to scroll
    scroller(tools).scrollTop += moved();
  }

  const inSight = (panel) => panel.getBoundingClientRect().bottom
    <= Math.min(innerHeight, document.getElementById("composer")?.getBoundingClientRect().top || innerHeight);

  // A panel below what can be pressed, or above it where there is no room, in the place of an earlier
  // one. What becomes empty of it stays until the pointer has left, so that nothing else gets under it.
  function open(answer, ...parts) {
    const judged = answer.querySelector(".judged");
    const note = make("p", { class: "note", role: "status" });
    const before = judged.querySelector(".feedback");
    const panel = make("div", { class: "feedback" }, note, ...parts);
    const hold = (height) => (panel.style.minHeight = height ? `${height}px` : "");
    still(judged, () => {
      if (before) hold(before.offsetHeight);
      before?.remove();
      judged.append(panel);
      if (!before) judged.classList.toggle("above", !inSight(panel));
    });
    judged.onpointerleave = () => {
      if (!panel.querySelector("form")) still(judged, () => hold(0));
    };
    return {
      say(...names) {
        still(judged, () => (note.textContent = names.join(" ")));
      },
      // Takes away what is there to be filled in.
      close() {
        hold(panel.offsetHeight);
        still(judged, () => panel.querySelector("form")?.remove());
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

  new MutationObserver(show).observe(document.documentElement, { subtree: true, childList: true });
  show();
})();
