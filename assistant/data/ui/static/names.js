// What Gradio names itself, in English or for itself alone: the tab, and the conversation for
// those who do not see it. Both are named in the language that the server chose.
"use strict";

(() => {
  function name() {
    const tongue = document.querySelector(".gradio-container #header [lang]")?.lang;
    if (!tongue) return;
    const title = guide.words("title").replaceAll("\u00ad", "");
    if (document.title !== title) document.title = title;
    const log = document.querySelector("#chat [role=log]");
    const words = guide.words("conversation");
    if (log && log.getAttribute("aria-label") !== words) log.setAttribute("aria-label", words);
  }

  guide.watch(name);
  name();
})();
