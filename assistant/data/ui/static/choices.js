// What is chosen of guide, programme, call year and language: from the lists into the boxes that go
// along with a question. A guide settles the other three, and choosing one of those lets it go.
"use strict";

(() => {
  const NARROWER = ["programme", "year", "guide_language"];
  const list = (name) => document.querySelector(`#choices select[name=${name}]`);

  function put(name, value) {
    const known = [...list(name).options].some((option) => option.value === value) ? value : "";
    list(name).value = known;
    sayChosen();
    guide.type(document.querySelector(`#choice-${name} :is(textarea, input)`), known);
  }

  // Also what is not in the lists any more: then nothing is chosen.
  guide.choose = (name, value) => {
    put(name, value);
    if (name !== "guide") {
      put("guide", "");
      return;
    }
    const settled = JSON.parse(document.querySelector("#choices .settled").value)[value];
    NARROWER.forEach((narrower, place) => put(narrower, settled?.[place] ?? ""));
  };

  // All but the call year are let go: another year's rules are not what was asked for.
  guide.chooseTheYearAlone = () => {
    const year = list("year").value;
    guide.choose("guide", "");
    put("year", year);
  };

  // On a small screen one line says what is chosen, and opens and closes the lists.
  function sayChosen() {
    const fold = document.querySelector("#choices .fold");
    if (!fold) return;
    // Gradio lets no such attribute through.
    if (!fold.hasAttribute("aria-expanded")) fold.setAttribute("aria-expanded", "false");
    const lists = [...document.querySelectorAll("#choices select")];
    const [first, ...others] = lists;
    const some = others.some((one) => one.value);
    // That only the newest call year is searched is said as long as none is chosen.
    const shown = first?.value ? [first]
      : lists.filter((one) => one.value || one.name === "year" || (one === first && !some));
    const names = shown.map((one) => one.selectedOptions[0].text);
    const line = guide.words("search_in").replace("{choices}", () => names.join(" · "));
    if (fold.textContent !== line) fold.textContent = line;
  }

  function unfold(fold) {
    const open = fold.getAttribute("aria-expanded") !== "true";
    fold.setAttribute("aria-expanded", String(open));
  }

  guide.foldChoices = () => {
    const fold = document.querySelector("#choices [aria-expanded=true]");
    if (fold) unfold(fold);
  };

  document.addEventListener("change", ({ target }) => {
    if (target.matches("#choices select")) guide.choose(target.name, target.value);
  });
  document.addEventListener("click", ({ target }) => {
    const fold = target.closest("#choices .fold");
    if (fold) unfold(fold);
  });
  document.addEventListener("keydown", (event) => {
    const fold = document.querySelector("#choices .fold[aria-expanded=true]");
    if (event.key !== "Escape" || !fold?.getClientRects().length) return;
    if (!event.target.closest("#choices")) return;
    unfold(fold);
    fold.focus();
  });

  // Only the lists are watched, once they are there: everything else changes with each piece of an
  // answer.
  const every = { subtree: true, childList: true };
  const coming = new MutationObserver(begin);
  function begin() {
    const place = document.getElementById("choices");
    if (!place) return;
    coming.disconnect();
    new MutationObserver(sayChosen).observe(place, every);
    sayChosen();
  }

  coming.observe(document.documentElement, every);
  begin();
})();
