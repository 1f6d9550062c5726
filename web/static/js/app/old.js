// For browsers that cannot run the pages' scripts: says once which browser to open. Written so that
// even they can read it. Chrome 85 is the first that parses htmx 4.
(function () {
  var isNew = typeof String.prototype.replaceAll === "function" && "noModule" in document.createElement("script");
  if (isNew) return;
  try {
    if (sessionStorage.getItem("jinlin-old")) return;
    sessionStorage.setItem("jinlin-old", "1");
  } catch (problem) {
    return;
  }
  location.replace("/static/old-browser.html");
})();
