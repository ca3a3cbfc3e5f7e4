// Recordings and pictures: chosen or recorded here, uploaded at once, kept when the entry is saved.
import * as tree from "./tree.js";
import { button, el, multitext, tool, uniqueId } from "./controls.js";

/** The list of recordings (or pictures) of a node. */
export function mediaList(context, node, key, kind, path) {
  const list = el("div", { class: "entry-media-list" });
  const state = el("p", { class: "entry-media-state", role: "status" });
  const draw = () => {
    list.replaceChildren(...tree.listOf(node, key).map((media, index) => item(media, `${path}${key}[${index}].`)));
  };
  const item = (media, where) => {
    const known = context.data.files[media.href];
    const shown = known
      ? kind === "audio"
        ? el("audio", { controls: true, preload: "none", src: known.url })
        : el("img", { src: known.url, alt: "", class: "entry-picture" })
      : el("p", { class: "help" }, context.say("fileMissing"));
    return el(
      "div",
      { class: "entry-media" },
      el("div", { class: "entry-media-head" },
        el("code", {}, media.href || ""),
        known && known.edit ? el("a", { href: known.edit, target: "_blank" }, context.say("fileRights")) : "",
        tool("✕", context.say("remove"), () => {
          tree.remove(node, key, media);
          context.changed();
          draw();
        }),
      ),
      shown,
      multitext(context, media, "label", context.data.glossTags, where, {
        label: kind === "audio" ? context.say("label") : context.say("alternative"),
      }),
    );
  };
  const take = async (file) => {
    state.textContent = context.say("uploading");
    const body = new FormData();
    body.append("file", file, file.name);
    body.append("kind", kind);
    try {
      const response = await fetch(context.data.urls.upload, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": context.csrf(), Accept: "application/json" },
      });
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.message);
      context.data.files[answer.href] = { url: URL.createObjectURL(file), type: answer.type };
      context.uploaded(answer.href, answer.token);
      tree.append(node, key, tree.newNode({ href: answer.href }));
      state.textContent = "";
      context.changed();
      draw();
    } catch (error) {
      state.textContent = error instanceof TypeError || error instanceof SyntaxError
        ? context.say("uploadFailed")
        : error.message;
    }
  };
  const id = uniqueId();
  const chooser = el("input", {
    type: "file", id, class: "entry-file", accept: kind === "audio" ? "audio/*" : "image/png,image/jpeg,image/gif,image/webp",
    onchange: (event) => {
      if (event.target.files[0]) take(event.target.files[0]);
      event.target.value = "";
    },
  });
  const buttons = el("div", { class: "entry-buttons" },
    el("label", { class: "button button-small button-secondary", for: id },
      kind === "audio" ? context.say("uploadSound") : context.say("uploadPicture")),
    chooser,
  );
  if (kind === "audio" && window.MediaRecorder && navigator.mediaDevices) buttons.append(recorder(context, take, state));
  draw();
  return el("div", {}, list, buttons, state);
}

/** A button that records from the microphone until it is pressed again. */
function recorder(context, take, state) {
  let recording = null;
  const press = button(context.say("record"), async () => {
    if (recording) {
      recording.stop();
      return;
    }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const pieces = [];
      recording = new MediaRecorder(stream);
      recording.ondataavailable = (event) => pieces.push(event.data);
      recording.onstop = () => {
        stream.getTracks().forEach((track) => track.stop());
        const type = recording.mimeType.split(";")[0];
        recording = null;
        press.textContent = context.say("record");
        press.classList.remove("entry-recording");
        take(new File(pieces, `recording.${type.split("/")[1]}`, { type }));
      };
      recording.start();
      press.textContent = context.say("stop");
      press.classList.add("entry-recording");
    } catch {
      state.textContent = context.say("noMicrophone");
    }
  });
  return press;
}
