// The family's and the student's door: reading out, leaving quickly, forms that go out once. Every page works without.
import "./work.js";

const language = document.documentElement.lang.slice(0, 2);
const voice = () => speechSynthesis.getVoices().find(({ lang }) => lang.startsWith(language));
const away = document.querySelector("[data-leave]");

if ("speechSynthesis" in window) {
  offer();
  speechSynthesis.addEventListener?.("voiceschanged", offer);
  addEventListener("pagehide", () => speechSynthesis.cancel());
}
if (away) {
  away.addEventListener("click", leave);
  addEventListener("keydown", (event) => event.key === "Escape" && leave(event));
}

/** The buttons are there once the device has a voice for this language. */
function offer() {
  if (!voice()) return;
  for (const button of document.querySelectorAll("[data-read]")) {
    button.hidden = false;
    button.onclick = () => read(document.getElementById(button.dataset.read));
  }
}

function read(element) {
  const spoke = speechSynthesis.speaking;
  speechSynthesis.cancel();
  if (spoke) return; // a second tap is silence
  const said = Object.assign(new SpeechSynthesisUtterance(element.innerText), { voice: voice(), rate: 0.9 });
  said.lang = said.voice.lang;
  speechSynthesis.speak(said);
}

/** The page before is not one step back. */
function leave(event) {
  event.preventDefault();
  document.body.replaceChildren();
  location.replace(away.href);
}
