// Pages that go on paper: a button that prints.

const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => window.print());
