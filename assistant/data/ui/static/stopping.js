// A press on Stop is answered at once, also where the server is not: the answer ends with the step
// that is being done.
"use strict";

(() => {
  const { words } = guide;
  let pressed = false;

  function say(sentence) {
    const parts = document.querySelector("#question .stop-button")?.childNodes ?? [];
    const text = [...parts].find((part) => part.nodeType === Node.TEXT_NODE && part.data.trim());
    if (text && text.data !== sentence) text.data = sentence;
  }

  guide.stopping = () => {
    if (pressed) return;
    pressed = true;
    say(words("stopping"));
    guide.announce(words("stopping"));
  };

  document.addEventListener("click", ({ target }) => {
    if (target.closest("#question .stop-button")) guide.stopping();
  });

  guide.watch(() => {
    if (!pressed || document.querySelector("#chat .answer.unfinished")) return;
    pressed = false;
    say(words("stop"));
  });
})();
