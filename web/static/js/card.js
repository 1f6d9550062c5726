// A phone that scanned a code: takes the code from behind the # of the address, out of the history,
// and asks the server whose it is. Nothing is used up before somebody taps.

const code = location.hash.slice(1);
const reading = document.getElementById("reading");

function show(id) {
  for (const one of ["looking", "nothing", "wechat"]) document.getElementById(one).hidden = one !== id;
}

function read() {
  history.replaceState(null, "", location.pathname);
  show("looking");
  reading.elements.code.value = code;
  reading.querySelector("button").click();
}

// Chosen here, so that a second try after a lost answer is known to be the same phone.
function name(form) {
  if (crypto.randomUUID && !form.elements.device.value) form.elements.device.value = crypto.randomUUID();
}

document.addEventListener("htmx:after:swap", () => {
  const form = document.querySelector("form[action='/card/uses']");
  if (form) name(form);
});

if (!code) show("nothing");
else if (/MicroMessenger/i.test(navigator.userAgent)) show("wechat");
else setTimeout(read); // htmx takes hold of the form a moment after the scripts of the page

// WeChat opens the browser with the address as it stands: it keeps the code until somebody decides.
document.getElementById("here").addEventListener("click", read);

// Another code scanned into the same tab changes nothing but what is behind the #.
addEventListener("hashchange", () => location.reload());
