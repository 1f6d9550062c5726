// The sign-in page: shows the password on request. Works without this file, too.

const password = document.getElementById("password");
const show = document.getElementById("show");

if (show) {
  show.hidden = false;
  show.addEventListener("click", () => {
    const hidden = password.type === "password";
    password.type = hidden ? "text" : "password";
    show.setAttribute("aria-pressed", String(hidden));
    password.focus();
  });
}
