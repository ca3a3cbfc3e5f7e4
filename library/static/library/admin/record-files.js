// The files of a record. The page works without this file; here files are sent one by one with their progress, put in
// order by dragging, and rows say how far the work is without reloading.

const EVERY = 2500; // ms between two questions how far files are
const followed = new WeakSet();
const waitingFor = (list) => list.querySelector("[data-busy]")?.dataset.busy ?? "";
const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

for (const panel of document.querySelectorAll("[data-record-files]")) enhance(panel);

function enhance(panel) {
  const list = panel.querySelector("[data-list]");
  const upload = panel.querySelector("[data-upload]");
  if (upload) enhanceUpload(panel, upload, list);
  list.addEventListener("submit", (event) => {
    if (event.target.matches("[data-order]")) move(event, panel, list);
  });
  draggable(panel, list);
  follow(panel, list);
}

async function post(address, values) {
  const headers = { "X-CSRFToken": token(), "X-Part": "1" };
  const answer = await fetch(address, { method: "POST", headers, body: new URLSearchParams(values) });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  return answer.text();
}

function put(list, html) {
  list.innerHTML = html;
  for (const grip of list.querySelectorAll("[data-grip]")) grip.hidden = false;
}

async function reload(panel, list) {
  const answer = await fetch(panel.dataset.listAt, { headers: { "X-Part": "1" } });
  if (answer.ok && !answer.redirected) put(list, await answer.text());
}

// --- adding ---

function enhanceUpload(panel, form, list) {
  const input = form.querySelector("input[type=file]");
  form.querySelector("[data-hint]").hidden = false;
  const waiting = [];
  let sending = false;

  const add = async (files) => {
    // Pages come in the order of their numbers, whatever the file manager says: 2 before 10.
    const inOrder = [...files].sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
    waiting.push(...inOrder.map((file) => [file, row(form, file)]));
    if (sending) return;
    sending = true;
    while (waiting.length) {
      const [file, line] = waiting.shift();
      await send(panel, form, file, line);
      await reload(panel, list);
    }
    sending = false;
    follow(panel, list);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    add(input.files);
    input.value = "";
  });
  input.addEventListener("change", () => {
    add(input.files);
    input.value = "";
  });
  for (const name of ["dragenter", "dragover"])
    form.addEventListener(name, (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      form.classList.add("is-over");
    });
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove("is-over");
  });
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("is-over");
    add(event.dataTransfer.files);
  });
  window.addEventListener("beforeunload", (event) => {
    if (sending) event.preventDefault();
  });
}

function row(form, file) {
  const line = document.createElement("li");
  line.innerHTML = "<span></span><progress max='100' value='0'></progress><span></span>";
  line.firstChild.textContent = file.name;
  line.children[1].setAttribute("aria-label", file.name);
  form.querySelector("[data-uploads]").append(line);
  return line;
}

function send(panel, form, file, line) {
  const [, progress, said] = line.children;
  const over = (text, refused) => {
    said.textContent = text;
    line.classList.toggle("is-refused", refused);
    progress.remove();
    if (!refused) setTimeout(() => line.remove(), 4000);
  };
  if (file.size > Number(form.dataset.largest)) {
    over(panel.dataset.saidLarge, true);
    return Promise.resolve();
  }
  said.textContent = panel.dataset.saidSending;
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("X-Part", "1");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      progress.value = event.lengthComputable ? (100 * event.loaded) / event.total : 0;
    });
    request.addEventListener("load", () => {
      const refused = request.response?.refused ?? [panel.dataset.saidLost];
      over(refused.length ? refused.join(" ").replace(`${file.name}: `, "") : panel.dataset.saidTaken, refused.length > 0);
      done();
    });
    request.addEventListener("error", () => {
      over(panel.dataset.saidLost, true);
      done();
    });
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  });
}

// --- order ---

async function move(event, panel, list) {
  event.preventDefault();
  const { name, value } = event.submitter;
  try {
    put(list, await post(event.target.action, { [name]: value }));
  } catch {
    event.target.submit();
    return;
  }
  say(panel, list, value);
  const again = list.querySelector(`button[name="${name}"][value="${value}"]`);
  (again.disabled ? again.parentElement.querySelector("button:not(:disabled)") : again)?.focus();
}

function say(panel, list, pk) {
  const rows = [...list.querySelectorAll("[data-file]")];
  const place = rows.findIndex((row) => row.dataset.file === pk) + 1;
  panel.querySelector("[data-said]").textContent = `${panel.dataset.saidMoved} ${place}`;
}

function draggable(panel, list) {
  for (const grip of list.querySelectorAll("[data-grip]")) grip.hidden = false;
  let dragged = null;
  let target = null;
  const mark = (row) => {
    target?.classList.remove("is-target");
    target = row;
    target?.classList.add("is-target");
  };
  // Pointer events: the same with a mouse and with a finger.
  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip) return;
    event.preventDefault();
    dragged = grip.closest("[data-file]");
    dragged.classList.add("is-dragged");
    grip.setPointerCapture(event.pointerId);
  });
  list.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-file]");
    mark(under && list.contains(under) && under !== dragged ? under : null);
  });
  const stop = async (event) => {
    if (!dragged) return;
    const row = dragged;
    const onto = target;
    row.classList.remove("is-dragged");
    mark(null);
    dragged = null;
    if (!onto || event.type === "pointercancel") return;
    onto.before(row);
    const order = [...list.querySelectorAll("[data-file]")].map((each) => each.dataset.file).join(",");
    try {
      put(list, await post(panel.dataset.orderAt, { order }));
      say(panel, list, row.dataset.file);
    } catch {
      await reload(panel, list);
    }
  };
  list.addEventListener("pointerup", stop);
  list.addEventListener("pointercancel", stop);
}

// --- how far the work is ---

async function follow(panel, list) {
  if (followed.has(list)) return;
  followed.add(list);
  const wait = () => new Promise((done) => setTimeout(done, EVERY));
  for (let of = waitingFor(list); of; of = waitingFor(list)) {
    await wait();
    if (document.hidden) continue;
    try {
      const answer = await fetch(`${panel.dataset.statesAt}?of=${of}`);
      if (!answer.ok || answer.redirected) break;
      const { rows, busy } = await answer.json();
      for (const [pk, html] of Object.entries(rows)) {
        const state = list.querySelector(`[data-state="${pk}"]`);
        if (state && !state.contains(document.activeElement)) state.innerHTML = html;
      }
      const before = of.split(",").length;
      list.querySelector("[data-busy]").dataset.busy = busy.join(",");
      // What is ready has a picture and a kind: the whole row is fetched, unless somebody is in it.
      if (busy.length < before && !list.contains(document.activeElement)) await reload(panel, list);
    } catch {
      // The server does not answer just now; ask again later.
    }
  }
  followed.delete(list);
}
