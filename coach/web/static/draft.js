// Shows the blocks of a new agenda as they come. Without this module the form works as it stands.
const form = document.querySelector("form[data-draft]");
if (form) form.addEventListener("submit", draft);

async function draft(event) {
  event.preventDefault();
  const progress = document.querySelector("[data-progress]");
  const status = progress.querySelector("[data-status]");
  const list = progress.querySelector("[data-blocks]");
  form.hidden = true;
  progress.hidden = false;
  list.replaceChildren();
  const last = await follow(form.dataset.draft, (block) => list.append(line(block)));
  if (last.name === "done") {
    location.reload();
    return;
  }
  status.textContent = last.data.detail ?? "The draft stopped early. Please try again.";
  form.hidden = false;
}

async function follow(address, onBlock) {
  try {
    const answer = await fetch(address, { method: "POST", headers: { accept: "text/event-stream" } });
    if (!answer.ok) return { name: "interrupted", data: await answer.json() };
    let last = { name: "interrupted", data: {} };
    for await (const found of events(answer.body)) {
      if (found.name === "block") onBlock(found.data);
      else last = found;
    }
    return last.name === "progress" ? { name: "interrupted", data: {} } : last;
  } catch {
    return { name: "interrupted", data: {} };
  }
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const whole = (held + value).split("\n\n");
    held = whole.pop();
    for (const text of whole) {
      const name = /^event: (.*)$/m.exec(text)?.[1];
      const data = /^data: (.*)$/m.exec(text)?.[1];
      if (name && data) yield { name, data: JSON.parse(data) };
    }
  }
}

function line(block) {
  const item = document.createElement("li");
  const time = document.createElement("span");
  time.className = "draft-time";
  time.textContent = `${block.starts_at_minute}–${block.starts_at_minute + block.minutes}`;
  item.append(time, block.title);
  return item;
}
