// What can be done with a conversation: where there is little room, what is rarely wanted waits
// behind one press.
"use strict";

(() => {
  const { make, words } = guide;

  function toggle(open) {
    document.getElementById("act-more")?.setAttribute("aria-expanded", String(open));
  }

  // Where there is little room an answer has it: what was opened below it closes.
  guide.makeRoom = () => {
    toggle(false);
    guide.foldChoices();
  };

  // Gradio knows nothing of this button.
  function add() {
    const before = document.getElementById("act-new");
    if (!before || !document.querySelector("#header [lang]")) return;
    const more = document.getElementById("act-more")
      ?? make("button", { type: "button", id: "act-more", "aria-expanded": "false" });
    if (more.textContent !== words("more")) more.textContent = words("more");
    if (more.previousElementSibling !== before) before.after(more);
  }

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("#actions button");
    if (button) toggle(button.matches("#act-more[aria-expanded=false]"));
    else if (target.closest("#chat button.again")) document.getElementById("act-again").click();
  });

  if (document.body?.matches(".kept")) return;
  guide.watch(add);
})();
