// A press that is doubled, of habit or by a trembling hand, is one press: what the second one would
// hit because the first has changed what stands there, or what it says, is left alone. The same twice
// is two presses.
"use strict";

(() => {
  const DOUBLED_MS = 400; // a double press is mostly quicker, who has read what is new there is slower
  const NEAR = 16; // pixels between the two, of a finger
  let first = null;

  addEventListener("click", (event) => {
    const { target, detail, timeStamp: at, clientX: x, clientY: y } = event;
    if (!detail) return; // by a key, or by a script
    const pressed = target.closest("a, button, summary");
    const doubled = first && at - first.at < DOUBLED_MS && Math.hypot(x - first.x, y - first.y) < NEAR;
    const words = pressed?.textContent;
    if (doubled && !(pressed === first.pressed && words === first.words)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else {
      first = pressed && { pressed, words, at, x, y };
    }
  }, { capture: true });
  // Who has used a key between the two did not press twice.
  addEventListener("keydown", () => (first = null), { capture: true });
})();
