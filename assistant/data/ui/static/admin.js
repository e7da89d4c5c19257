// What the pages for admins share: sentences with places, and looking at what goes on at the server.
"use strict";

(() => {
  const { make, words } = guide;
  const LOOK_AGAIN_MS = 1000;
  const LONGEST_MS = 30_000;

  // What the server says to a request, and how it stands; status 0 where it cannot be reached.
  guide.fetched = async (address, options) => {
    const answer = await fetch(address, options).catch(() => null);
    const said = await answer?.json().catch(() => null);
    const good = Boolean(answer?.ok && said);
    const later = Number(answer?.headers.get("retry-after")) || 0;
    return { good, status: answer?.status ?? 0, said, later };
  };

  // A sentence whose one place is a name: which may be written from right to left, and is marked.
  guide.named = (sentence, name) => {
    const [before, after] = sentence.split("{name}");
    return [before, make("strong", { dir: "auto" }, name), after];
  };

  // Looks again and again, as long as there is something under way. `look` gives whether there is,
  // or the answer of a server that could not say; then the pauses grow until it can again.
  guide.follower = (look, say) => {
    let waiting = null;
    let pause = LOOK_AGAIN_MS;
    let lost = false;
    let last = 0;

    async function follow() {
      clearTimeout(waiting);
      const turn = ++last;
      const found = await look();
      if (turn !== last) return; // another look is on its way
      if (found?.status === 401 || found?.status === 403) {
        say(words("refusal.admin"));
      } else if (found?.good === false) {
        lost = true;
        say(words(found.status ? "lost.away" : "lost.page"));
        waiting = setTimeout(follow, Math.max(pause, 1000 * found.later));
        pause = Math.min(2 * pause, LONGEST_MS);
      } else {
        if (lost) say("");
        lost = false;
        pause = LOOK_AGAIN_MS;
        if (found) waiting = setTimeout(follow, LOOK_AGAIN_MS);
      }
    }

    const atOnce = () => lost && !document.hidden && follow();
    addEventListener("online", atOnce);
    document.addEventListener("visibilitychange", atOnce);
    return follow;
  };
})();
