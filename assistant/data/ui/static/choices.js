// What is chosen of guide, programme, call year and language: from the lists into the boxes that go
// along with a question. A guide settles the other three, and choosing one of those lets it go.
"use strict";

(() => {
  const NARROWER = ["programme", "year", "guide_language"];
  const list = (name) => document.querySelector(`#choices select[name=${name}]`);

  function put(name, value) {
    const known = [...list(name).options].some((option) => option.value === value) ? value : "";
    list(name).value = known;
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

  document.addEventListener("change", ({ target }) => {
    if (target.matches("#choices select")) guide.choose(target.name, target.value);
  });
})();
