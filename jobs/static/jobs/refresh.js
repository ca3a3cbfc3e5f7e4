// Keeps a part of a page fresh while something is under way: <div data-refresh data-busy>. Without this module
// the page works the same; one reloads it by hand. A part that somebody is working in is left alone.

const EVERY = 2000;

const inUse = (part) =>
  part.contains(document.activeElement) ||
  part.querySelector("details[open], input:checked") !== null;

async function refresh(part) {
  if (document.hidden || inUse(part)) return;
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(part.id);
  if (fresh === null || inUse(part)) return;
  part.toggleAttribute("data-busy", fresh.hasAttribute("data-busy"));
  part.replaceChildren(...fresh.childNodes);
}

for (const part of document.querySelectorAll("[data-refresh]")) {
  const again = async () => {
    if (!part.hasAttribute("data-busy")) return;
    try {
      await refresh(part);
    } catch {
      // The server does not answer just now; ask again later.
    }
    setTimeout(again, EVERY);
  };
  setTimeout(again, EVERY);
}
