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

  // A panel below the answer, in the place of an earlier one.
  function open(answer) {
    const note = make("p", { class: "note", role: "status" });
    const panel = make("div", { class: "feedback" }, note);
    answer.querySelector(".feedback")?.remove();
    answer.querySelector(".tools").after(panel);
    return {
      panel,
      say(...names) {
        note.textContent = names.join(" ");
        panel.scrollIntoView({ block: "nearest" });
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
    const { panel, say } = open(answer);
    const form = why(up, async (reason) => {
      const done = await send("POST", "", { answer_id: id, up, reason });
      say(words(done ? "feedback.thanks" : "talks.failed"));
      if (!done) return;
      remember(id, { up, reason });
      form.remove();
      answer.querySelector(".tools [aria-pressed=true]").focus();
    });
    panel.append(form);
    press(answer, up);
    const done = await send("POST", "", { answer_id: id, up });
    if (!done) {
      press(answer, before?.up ?? null);
      form.remove();
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
