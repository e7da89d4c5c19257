// What is thought of answers.
"use strict";

(() => {
  const { make, words } = guide;

  // Feedback: the press counts at once, the reason may follow; a second press takes it back.
  async function judge(answer, up) {
    const { id } = guide.record(answer);
    const panel = make("div", { class: "feedback" });
    const note = make("p", { class: "note", role: "status" });
    const press = (chosen) => answer.querySelectorAll(".tools .up, .tools .down").forEach(
      (button) => button.setAttribute("aria-pressed", String(button.matches(chosen))),
    );
    const show = () => panel.scrollIntoView({ block: "nearest" });
    const mine = up ? ".up" : ".down";
    if (answer.querySelector(`.tools ${mine}[aria-pressed=true]`)) {
      const path = `api/v1/feedback/${id}`;
      const said = await fetch(path, { method: "DELETE" }).catch(() => null);
      answer.querySelector(".feedback")?.remove();
      note.textContent = words(said?.ok ? "feedback.withdrawn" : "talks.failed");
      panel.append(note);
      answer.querySelector(".tools").after(panel);
      show();
      if (said?.ok) press(".none");
      return;
    }
    const send = async (reason) => {
      const said = await fetch("api/v1/feedback", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ answer_id: id, up, reason }),
      }).catch(() => null);
      note.textContent = words(said?.ok ? "feedback.thanks" : "talks.failed");
      show();
      return said?.ok;
    };
    answer.querySelector(".feedback")?.remove();
    press(mine);
    const field = make("input", {
      type: "text", maxlength: "2000", dir: "auto",
      "aria-label": words(up ? "feedback.why_up" : "feedback.why"),
      placeholder: words(up ? "feedback.why_up" : "feedback.why"),
    });
    const form = make("form", {
      onsubmit: async (event) => {
        event.preventDefault();
        const pressed = [...form.querySelectorAll("[aria-pressed=true]")].map((e) => e.textContent);
        if (!await send([...pressed, field.value.trim()].filter(Boolean).join("; "))) return;
        form.remove();
        answer.querySelector(".tools [aria-pressed=true]").focus();
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
    panel.append(note, form);
    answer.querySelector(".tools").after(panel);
    show();
    await send("");
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#chat .tools :is(.up, .down)");
    if (button) judge(button.closest(".answer"), button.matches(".up"));
  });
})();
