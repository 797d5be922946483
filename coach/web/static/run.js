// Lets the clock of a session run. Without this module the page shows the times as they stand.
const MINUTE = 60_000;
const clock = document.querySelector("[data-ends]");
const now = document.querySelector("[data-began]");

for (const time of document.querySelectorAll("time[data-clock]")) {
  time.textContent = new Date(time.dateTime).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

function tick() {
  const left = new Date(clock.dataset.ends) - Date.now();
  clock.querySelector("[data-left]").textContent = Math.max(0, Math.ceil(left / MINUTE));
  clock.classList.toggle("run-late", left < 0);
  if (!now) return;
  const passed = (Date.now() - new Date(now.dataset.began)) / MINUTE;
  now.classList.toggle("run-late", passed > Number(now.dataset.minutes));
  const took = now.querySelector("[data-took]");
  if (took && !touched) took.value = Math.max(1, Math.round(passed));
}

let touched = false;
if (clock) {
  now?.querySelector("[data-took]")?.addEventListener("input", () => { touched = true; });
  tick();
  setInterval(tick, 1000);
}
