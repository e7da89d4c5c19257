// Gradio breaks its streams off when its page is left, and would call that, and what still comes of
// them, an error. This runs before it: of those who listen, the first hear first.
"use strict";

(() => {
  const { error } = console;
  const BROKEN_OFF = /AbortError|Connection errored out|Unexpected client exception/;
  addEventListener("beforeunload", () => {
    console.error = (...said) => {
      if (!said.some((one) => BROKEN_OFF.test(one))) error.apply(console, said);
    };
  });
  addEventListener("pageshow", () => (console.error = error));
})();
