// In a platform's frame: what was chosen goes back by itself, and a registration that is done closes its window.
document.querySelector("form[data-send-now]")?.submit();

if (document.querySelector("[data-registered]")) {
  (window.opener ?? window.parent).postMessage({ subject: "org.imsglobal.lti.close" }, "*");
}
