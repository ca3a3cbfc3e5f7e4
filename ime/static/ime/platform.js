// Opens what the visitor's device needs and puts it first. Without this script all platforms stand there, closed.

const agent = navigator.userAgent;
const touch = navigator.maxTouchPoints > 1;
const platform = /Android/.test(agent) ? "android"
  : /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touch) ? "ios"
  : /Windows/.test(agent) ? "windows"
  : /Macintosh/.test(agent) ? "macos"
  : /Linux|X11/.test(agent) ? "linux" : "";

const found = platform && document.querySelector(`[data-platforms] [data-platform="${platform}"]`);
if (found) {
  found.open = true;
  found.parentElement.querySelector("[data-platform]").before(found);
}
