// A file of its own, so that the page keeps its Content-Security-Policy: script-src 'self'.
window.ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
});
