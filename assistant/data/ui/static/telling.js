// What the window's scripts have to say, above the question. It stands as long as it is so.
"use strict";

(() => {
  const { make, words } = guide;
  let holds = () => false;

  function place() {
    const made = document.getElementById("told") ?? make("div", { id: "told", class: "unfilled" });
    if (!made.isConnected) document.querySelector("#composer").prepend(made);
    return made;
  }

  guide.tell = (sentence, stillSo) => {
    holds = stillSo;
    place().textContent = sentence;
    place().classList.remove("unfilled");
    guide.announce(sentence);
  };

  // Nothing is said any more of what is over.
  guide.leaveTold = () => {
    const told = document.getElementById("told");
    if (!told?.textContent || holds()) return;
    told.textContent = "";
    told.classList.add("unfilled");
  };

  // A question has to wait for one that was sent, and for an answer that is being made.
  guide.hasToWait = () => {
    if (guide.busy()) guide.tell(words("wait"), guide.busy);
  };

  if (document.body?.matches(".kept")) return;
  guide.watch(guide.leaveTold);
})();
